import { describe, expect, it } from 'vitest';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';
import {
  applies,
  type SqlLook,
  type UpgradePlan,
} from '../../../functions/domain/preconditions/by-sql/check.ts';
import { extensionsRemoved } from '../../../functions/domain/preconditions/by-sql/extensions-removed.ts';
import { sqlChecks } from '../../../functions/domain/preconditions/by-sql/list.ts';
import { signInPlugins } from '../../../functions/domain/preconditions/by-sql/mysql/sign-in-plugins.ts';
import { bySql } from '../../../functions/domain/preconditions/by-sql/precondition.ts';
import { regColumns } from '../../../functions/domain/preconditions/by-sql/reg-columns.ts';
import { removedSettings } from '../../../functions/domain/preconditions/by-sql/removed-settings.ts';
import { removedTypes } from '../../../functions/domain/preconditions/by-sql/removed-types.ts';
import { facts } from './precondition-rows.ts';

const postgres = (from: string, to: string): UpgradePlan => ({
  engine: 'postgres',
  replication: 'logical',
  from,
  to,
});
const textOf = ({ query }: (typeof sqlChecks)[number], plan: UpgradePlan) =>
  typeof query === 'string' ? query : query(plan);

/** What real servers answer to each stands in test/sql/preconditions.test.ts and test/sql/mysql/preconditions.test.ts. */
describe('every check', () => {
  it.each(sqlChecks.map((check) => [check.id, check] as const))(
    '%s is asked once in the server, or in every database, by one whole statement',
    (_, check) => {
      expect(['server', 'database']).toContain(check.of);
      const text = textOf(check, postgres('15.14', '17.10'));
      expect(text).toMatch(/^\s*(SELECT|WITH|\/\*)/);
      expect(text).not.toContain('undefined');
    },
  );
});

/** From the release notes of PostgreSQL: what a major version does not have any more. */
describe('what is asked for over', () => {
  it.each([
    [extensionsRemoved, 10, 'tsearch2'],
    [extensionsRemoved, 11, 'chkpass'],
    [extensionsRemoved, 12, 'timetravel'],
    [extensionsRemoved, 15, 'plpythonu'],
    [extensionsRemoved, 15, 'plpython2u'],
    [extensionsRemoved, 17, 'adminpack'],
    [extensionsRemoved, 17, 'old_snapshot'],
    [removedSettings, 13, 'wal_keep_segments'],
    [removedSettings, 14, 'operator_precedence_warning'],
    [removedSettings, 14, 'vacuum_cleanup_index_scale_factor'],
    [removedSettings, 15, 'stats_temp_directory'],
    [removedSettings, 16, 'force_parallel_mode'],
    [removedSettings, 16, 'promote_trigger_file'],
    [removedSettings, 16, 'vacuum_defer_cleanup_age'],
    [removedSettings, 17, 'db_user_namespace'],
    [removedSettings, 17, 'old_snapshot_threshold'],
    [removedSettings, 17, 'trace_recovery_messages'],
    [removedTypes, 12, 'abstime'],
    [removedTypes, 12, 'reltime'],
    [removedTypes, 12, 'tinterval'],
    [removedTypes, 12, 'sql_identifier'],
    [removedTypes, 16, 'aclitem'],
  ])('%o: a way that passes %i asks for %s, and no other', (check, major, name) => {
    const asks = (from: number, to: number) =>
      textOf(check, postgres(`${from}.1`, `${to}.1`)).includes(`'${name}'`);
    expect(asks(major - 1, major)).toBe(true);
    expect(asks(major - 2, major + 2)).toBe(true);
    expect(asks(major - 2, major - 1)).toBe(false);
    expect(asks(major, major + 1)).toBe(false);
  });

  it('several major versions: the names stand as a list', () => {
    expect(textOf(extensionsRemoved, postgres('16.9', '17.10'))).toContain(
      "ARRAY['adminpack', 'old_snapshot']",
    );
    expect(textOf(removedSettings, postgres('13.1', '14.1'))).toContain(
      "ARRAY['operator_precedence_warning', 'vacuum_cleanup_index_scale_factor']",
    );
    expect(textOf(removedTypes, postgres('15.1', '16.1'))).toContain("IN ('unknown', 'aclitem')");
  });

  it.each([
    'regcollation',
    'regconfig',
    'regdictionary',
    'regnamespace',
    'regoper',
    'regoperator',
    'regproc',
    'regprocedure',
  ])('any major version: columns of %s', (type) => {
    expect(textOf(regColumns, postgres('16.9', '17.10'))).toContain(`'${type}'`);
  });

  it.each([
    ['mysql', '9.7.1', 'blocker'],
    ['mysql', '8.4.7', null],
    ['mariadb', '11.8.5', null],
  ])('%s to %s loses the old way of signing in: %s', (engine, to, severity) => {
    expect(signInPlugins.severity({ engine, replication: 'binlog', from: '8.4.7', to })).toBe(severity);
  });
});

describe('a check that is asked', () => {
  const [check] = sqlChecks.filter((one) => applies(one, postgres('16.9', '17.10')));
  if (!check) throw new Error('no check applies');
  const nothing = (facts().sql as { value: SqlLook }).value;
  const says = (names: string[], count = names.length) => {
    const look = { ...nothing, [check.id]: read({ count, names }) };
    return bySql(check).check(facts({ sql: read(look) }));
  };

  it('finds nothing where nothing is in the way', () => {
    expect(says([])).toEqual([]);
  });

  it('is not known where its answer is missing, or could not be read', () => {
    const { [check.id]: _, ...others } = nothing;
    const messages = [others, { ...others, [check.id]: unreadable('42501') }].map(
      (look) => bySql(check).check(facts({ sql: read(look) }))[0]?.message,
    );
    expect(messages[0]).toContain('the query failed (it was not asked)');
    expect(messages[1]).toContain('the query failed (42501)');
  });

  it.each<[what: string, names: string[], told: string]>([
    [
      'names as far as 400 characters go',
      ['a'.repeat(199), 'b'.repeat(199)],
      `${'a'.repeat(199)}, ${'b'.repeat(199)}.`,
    ],
    ['the others by number', ['a'.repeat(200), 'b'.repeat(199)], `${'a'.repeat(200)}, and 1 more.`],
    ['one name at least, as it is', ['a'.repeat(400)], `${'a'.repeat(400)}.`],
    ['one name at least, cut', ['a'.repeat(401)], `${'a'.repeat(400)}....`],
  ])('tells %s', (_, names, told) => {
    expect(says(names)[0]?.message).toContain(`(${names.length}): ${told}`);
  });
});
