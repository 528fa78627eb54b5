import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deploymentName } from '../../../functions/domain/model/deployment-name.ts';
import {
  compareVersions,
  isMajorUpgrade,
  majorVersion,
} from '../../../functions/domain/model/engine-version.ts';
import { replicationKind } from '../../../functions/domain/model/replication.ts';

describe('the name of a deployment', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const id = fc
    .tuple(fc.stringMatching(/^[a-z]$/), fc.array(part, { maxLength: 6 }))
    .map(([first, parts]) => [first, ...parts].join('-'))
    .filter((name) => name.length <= 63);
  const database = fc.record({ kind: fc.constantFrom('instance' as const, 'cluster' as const), id });

  it('is one that RDS takes', () => {
    fc.assert(
      fc.property(database, (one) => {
        const name = deploymentName(one);
        expect(name).toMatch(/^[a-zA-Z](?:-?[a-zA-Z0-9]+)*$/);
        expect(name.length).toBeLessThanOrEqual(60);
        expect(name).toMatch(/^viridian-/);
      }),
    );
  });

  it('differs for two databases, and is the same for one however it is spelt', () => {
    fc.assert(
      fc.property(database, database, (a, b) => {
        const same = a.kind === b.kind && a.id === b.id;
        expect(deploymentName(a) === deploymentName(b)).toBe(same);
        expect(deploymentName({ ...a, id: a.id.toUpperCase() })).toBe(deploymentName(a));
      }),
    );
  });

  it('differs for long names that begin alike', () => {
    const long = (end: string) => deploymentName({ kind: 'instance', id: `${'a'.repeat(60)}${end}` });
    expect(long('xy')).not.toBe(long('xz'));
    expect(long('xy')).toHaveLength(60);
  });

  it.each([
    ['instance', 'orders', 'viridian-db-orders'],
    ['cluster', 'orders', 'viridian-cluster-orders'],
    ['instance', 'Orders', 'viridian-db-orders'],
    ['instance', 'a'.repeat(48), `viridian-db-${'a'.repeat(48)}`],
  ] as const)('of the %s %s is %s', (kind, name, expected) => {
    expect(deploymentName({ kind, id: name })).toBe(expected);
  });

  it('does not end its beginning in a hyphen', () => {
    const id = `${'a'.repeat(36)}-${'b'.repeat(20)}`;
    expect(deploymentName({ kind: 'instance', id })).toMatch(/^viridian-db-a{36}-[0-9a-f]{10}$/);
  });
});

describe('engine versions', () => {
  it.each([
    ['16.9', '16.10', -1],
    ['17.10', '17.9', 1],
    ['17', '17.1', -1],
    ['8.0.42', '8.0.42', 0],
    ['8.0.42', '8.4.5', -1],
    ['10.6.22', '10.11.14', -1],
    ['8.0.mysql_aurora.3.08.2', '8.0.mysql_aurora.3.10.1', -1],
    ['5.7.mysql_aurora.2.12.5', '8.0.mysql_aurora.3.04.0', -1],
  ])('%s beside %s: %i', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
    expect(Math.sign(compareVersions(b, a))).toBe(0 - sign);
  });

  it.each([
    ['postgres', '17.10', '17'],
    ['postgres', '10.23', '10'],
    ['postgres', '9.6.24', '9.6'],
    ['oracle-ee', '19.0.1', '19.0'],
    ['aurora-postgresql', '16.9', '16'],
    ['mysql', '8.0.42', '8.0'],
    ['mariadb', '10.11.14', '10.11'],
    ['aurora-mysql', '8.0.mysql_aurora.3.08.2', '8.0'],
  ])('%s %s is of the major version %s', (engine, version, major) => {
    expect(majorVersion(engine, version)).toBe(major);
  });

  it('Aurora MySQL 2 to 3 is a major upgrade, 3.08 to 3.10 is not', () => {
    const three = '8.0.mysql_aurora.3.08.2';
    expect(isMajorUpgrade('aurora-mysql', '5.7.mysql_aurora.2.12.5', three)).toBe(true);
    expect(isMajorUpgrade('aurora-mysql', three, '8.0.mysql_aurora.3.10.1')).toBe(false);
  });
});

describe('how green follows blue', () => {
  it.each([
    ['postgres', '16.9', '16.10', 'physical'],
    ['postgres', '16.9', '16.9', 'physical'],
    ['postgres', '16.9', '17.10', 'logical'],
    ['aurora-postgresql', '16.9', '16.9', 'logical'],
    ['mysql', '8.0.42', '8.4.5', 'binlog'],
    ['oracle-ee', '19.0', '21.0', 'binlog'],
    ['mariadb', '10.6.22', '10.6.23', 'binlog'],
    ['aurora-mysql', '8.0.mysql_aurora.3.08.2', '8.0.mysql_aurora.3.10.1', 'binlog'],
  ])('%s %s to %s: %s', (engine, from, to, kind) => {
    expect(replicationKind(engine, from, to)).toBe(kind);
  });
});
