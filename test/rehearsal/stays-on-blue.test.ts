import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fewWriters, rehearse } from './command.ts';
import { expectNoRowLost } from './expectations.ts';

const minutes = 60_000;
/** A large object, an unlogged table and one without key. */
const notWhole = fileURLToPath(
  new URL('../../packages/local-aws/test/postgres/not-whole.sql', import.meta.url),
);

describe('on real PostgreSQL servers, under live writes, blue goes on serving', () => {
  it('refuses a dump of which RDS builds no whole green before anything is created', {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse(['--yes', '--rows', '500', '--dump', notWhole, ...fewWriters]);
    await expectNoRowLost(run);
    expect(run.report.endState).toBe('Refused: nothing was changed');
    expect(run.report.cause).toMatch(/large-objects: large objects \(1\): \d+ in app\. .*lo_unlink/);
    expect(run.report.cause).toMatch(/primary-keys: .*public\.keyless in app/);
    expect(run.report.cause).toMatch(/unlogged-tables: .*public\.carts in app/);
  });

  /** Without a login nothing is asked, and each of them shows late: that is what the preconditions are for. */
  it('shows the same late where no precondition could ask, and fails by the names', {
    timeout: 3 * minutes,
  }, async () => {
    const { code, report } = await rehearse([
      ...['--yes', '--no-way-back', '--green', 'statements', '--rows', '500', '--dump', notWhole],
      ...fewWriters,
    ]);
    expect(code).toBe(1);
    expect(report.endState).toBe('Green serves production');
    expect(report.unchangeable).toEqual([
      { table: 'public.keyless', error: expect.stringContaining('replica identity') },
    ]);
    expect(report.tables.filter(({ equal }) => !equal).map(({ name }) => name)).toEqual([
      'public.carts',
      'large objects',
    ]);
  });

  it.each([
    ['no-primary-key', /primary-keys: .*public\.keyless in app.*Give each a primary key/],
    ['zero-etl', /zero-etl-integration: .*orders-to-redshift.*Delete it/],
  ])('--fault %s is refused, and nothing is created', { timeout: 3 * minutes }, async (fault, cause) => {
    const run = await rehearse(['--yes', '--fault', fault, '--rows', '500', ...fewWriters]);
    await expectNoRowLost(run);
    expect(run.report.endState).toBe('Refused: nothing was changed');
    expect(run.report.error).toBe('BlueGreen.PreconditionFailed');
    expect(run.report.cause).toMatch(cause);
    expect(run.report.states.map(({ name }) => name)).not.toContain('Create green');
  });

  it.each([
    [['--no'], 'Stopped before switchover: blue serves production', 'BlueGreen.ApprovalDenied'],
    [
      ['--fault', 'green-fails'],
      'Stopped before switchover: blue serves production',
      'BlueGreen.ProvisioningFailed',
    ],
    [
      ['--fault', 'incompatible-schema'],
      'Stopped before switchover: blue serves production',
      'BlueGreen.TestFailed',
    ],
    [
      ['--fault', 'replication-broken'],
      'Stopped before switchover: blue serves production',
      'BlueGreen.NotReadyInTime',
    ],
    [
      ['--fault', 'long-transaction'],
      'Switchover rolled back: blue serves production',
      'BlueGreen.SwitchoverRolledBack',
    ],
    [
      ['--fault', 'switchover-refused'],
      'Switchover rolled back: blue serves production',
      'BlueGreen.SwitchoverRolledBack',
    ],
  ])('%j: %s (%s)', { timeout: 3 * minutes }, async (args, end, error) => {
    const answer = args.includes('--no') ? [] : ['--yes'];
    const run = await rehearse([...answer, ...args, '--rows', '500', ...fewWriters]);
    await expectNoRowLost(run);
    expect(run.report.endState).toBe(end);
    expect(run.report.error).toBe(error);
    expect(run.report.versions.after).toBe(run.report.versions.before);
  });
});
