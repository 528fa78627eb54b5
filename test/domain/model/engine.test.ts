import { describe, expect, it } from 'vitest';
import { engines, findEngine, isAurora, isPostgres } from '../../../functions/domain/model/engine.ts';

describe('an engine, as RDS names it', () => {
  it.each([
    ['aurora-mysql', 'Aurora MySQL', 'mysql', 'on the storage of Aurora', false],
    ['aurora-postgresql', 'Aurora PostgreSQL', 'postgresql', 'on the storage of Aurora', true],
    ['mariadb', 'MariaDB', 'mysql', 'on its own storage', false],
    ['mysql', 'MySQL', 'mysql', 'on its own storage', false],
    ['postgres', 'PostgreSQL', 'postgresql', 'on its own storage', true],
  ])('%s is %s: it speaks the SQL of %s, %s', (engine, label, family, storage, postgres) => {
    expect(findEngine(engine)).toMatchObject({ label, family });
    expect(isAurora(engine)).toBe(storage === 'on the storage of Aurora');
    expect(isPostgres(engine)).toBe(postgres);
  });

  it.each(['oracle-ee', 'sqlserver-se', 'db2-se', '', 'toString'])(
    '%s has no deployments, and is of no family',
    (engine) => {
      expect(findEngine(engine)).toBeUndefined();
      expect([isAurora(engine), isPostgres(engine)]).toEqual([false, false]);
    },
  );
});

describe('the oldest versions that the User Guide lists', () => {
  it.each([
    ['mariadb', '10.2'],
    ['mysql', '5.7'],
    ['postgres', '11.1'],
    ['aurora-mysql', undefined],
    ['aurora-postgresql', undefined],
  ])('a deployment of %s: %s', (engine, oldest) => {
    expect(findEngine(engine)?.oldest).toBe(oldest);
  });

  it('of logical replication: one minor version of each major version, and on Aurora one of 17, too', () => {
    const { postgres, 'aurora-postgresql': aurora } = engines;
    expect(postgres.oldestLogical).toEqual(['11.21', '12.16', '13.12', '14.9', '15.4', '16.1']);
    expect(aurora.oldestLogical).toEqual([...postgres.oldestLogical, '17.4']);
  });
});
