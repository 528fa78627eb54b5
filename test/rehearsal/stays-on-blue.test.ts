import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fewWriters, rehearse } from './command.ts';
import { expectNoRowLost } from './expectations.ts';

const minutes = 60_000;
const largeObject = fileURLToPath(
  new URL('../../packages/local-aws/test/postgres/large-object.sql', import.meta.url),
);

describe('on real PostgreSQL servers, under live writes, blue goes on serving', () => {
  it('stops as expected where RDS can build no green of a dump, and says so beforehand', {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse([
      '--yes',
      '--no-way-back',
      '--rows',
      '500',
      '--dump',
      largeObject,
      ...fewWriters,
    ]);
    await expectNoRowLost(run);
    expect(run.report.endState).toBe('Stopped before switchover: blue serves production');
    expect(run.report.error).toBe('BlueGreen.ProvisioningFailed');
    const why = 'blue holds 1 large objects, which logical replication does not carry over';
    expect(run.report.cause).toContain(why);
    expect(run.report.warnings).toEqual([expect.stringContaining(why)]);
  });

  it('refuses the same dump before anything is created, where the databases may be asked', {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse(['--yes', '--rows', '500', '--dump', largeObject, ...fewWriters]);
    await expectNoRowLost(run);
    expect(run.report.endState).toBe('Refused: nothing was changed');
    expect(run.report.cause).toMatch(/large-objects: large objects \(1\): \d+ in app\. .*lo_unlink/);
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
      ['--fault', 'green-test-fails'],
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
