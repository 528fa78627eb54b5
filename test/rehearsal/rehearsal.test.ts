import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { usualMetrics } from '../../functions/domain/request.ts';
import type { Report } from '../../local/report/report.ts';
import { processesIn, rehearse } from './command.ts';

const minutes = 60_000;
const dump = fileURLToPath(new URL('../local/postgres/awkward-dump.sql', import.meta.url));
const largeObject = fileURLToPath(new URL('../local/postgres/large-object.sql', import.meta.url));
const machine = new URL('../../statemachine/blue-green-deployment.asl.json', import.meta.url);

/** What every rehearsal has to show, however it ends. */
async function expectSound({ report, code, temporary, output }: Awaited<ReturnType<typeof rehearse>>) {
  expect(code, output()).toBe(0);
  expect(report.rows.acknowledged).toBeGreaterThan(100);
  expect(report.rows).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
  expect(report.definitionSha256).toBe(
    createHash('sha256')
      .update(await readFile(machine))
      .digest('hex'),
  );
  expect(await processesIn(temporary)).toEqual([]);
}

/** Green's own catalog says that every table was analyzed by hand before the run went on to the approval, and the run says so. */
function expectStatistics({ statistics, states, announcements }: Report) {
  const asked = states.find(({ name }) => name === 'Find the next window')?.enteredAt ?? 0;
  const { told = '', tables = [] } = statistics ?? {};
  expect(tables.length).toBeGreaterThanOrEqual(5);
  expect(tables.filter(({ rows, columns }) => rows === null || (rows > 0 && columns === 0))).toEqual([]);
  expect(tables.filter(({ analyzedAt }) => analyzedAt === null || analyzedAt > asked)).toEqual([]);
  expect(told).toBe(`Refreshed on green: all ${tables.length} tables have statistics.`);
  const last = announcements.at(-1)?.text.replace(/\s+/g, ' ');
  expect(last).toContain(`Statistics: ${told}`);
}

describe('on real PostgreSQL servers, under live writes', () => {
  it('upgrades 15 to 17 and ends with green serving', { timeout: 3 * minutes }, async () => {
    const run = await rehearse(['--yes', '--rows', '2000']);
    await expectSound(run);
    const { report } = run;
    expect(report.endState).toBe('Green serves production');
    expect(report.status).toBe('SUCCEEDED');
    expect(report.versions.before).toMatch(/^15\./);
    expect(report.versions.after).toMatch(/^17\./);
    expect(report.tables.length).toBeGreaterThanOrEqual(5);
    expect(report.tables.filter(({ equal }) => !equal)).toEqual([]);
    expectStatistics(report);
    expect(run.page).toContain('Statistics of green before the approval');
    expect(report.bake?.verdict).toBe('pass');
    expect(Object.keys(report.bake?.compared ?? {})).toEqual(
      usualMetrics.map(({ name }) => name).filter((name) => name !== 'CPUUtilization'),
    );
    expect(Object.values(report.bake?.compared ?? {}).every(({ points }) => points > 0)).toBe(true);
    expect(run.page).toContain('usual on new production');
    expect(report.sequences.filter(({ ahead, equal }) => ahead === false || !equal)).toEqual([]);
    expect(report.cut.longestWriteGapMs).toBeGreaterThan(0);
    expect(report.states.map(({ name }) => name)).toContain('Start switchover');
    expect(run.page).toContain('<svg');
    expect(run.page).not.toMatch(/<(?:script|link|img)\b/);
  });

  it('holds sessions instead of cutting them, and no client sees an error', {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse(['--yes', '--rows', '2000', '--endpoint', 'pause', '--no-way-back']);
    await expectSound(run);
    expect(run.report.endState).toBe('Green serves production');
    expect(run.report.cut.writeErrors).toEqual({});
    expect(run.report.cut.unknownOutcome).toBe(0);
    expect(run.report.statistics?.told).toContain(
      'Not refreshed on green (the request names no wayBack.login).',
    );
  });

  it("upgrades the user's own dump 16 to 18, and takes a publication of theirs for theirs", {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse(['--yes', '--rows', '500', '--from', '16', '--to', '18', '--dump', dump]);
    await expectSound(run);
    const { report } = run;
    expect(report.versions.after).toMatch(/^18\./);
    expectStatistics(report);
    expect(report.tables.filter(({ name }) => name.startsWith('"Sales"')).length).toBeGreaterThan(2);
    expect(report.tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(report.warnings).toContainEqual(expect.stringContaining('\\connect shop'));
  });

  it('stops as expected where RDS can build no green of a dump, and says so beforehand', {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse(['--yes', '--rows', '500', '--dump', largeObject]);
    await expectSound(run);
    expect(run.report.endState).toBe('Stopped before switchover: blue serves production');
    expect(run.report.error).toBe('BlueGreen.ProvisioningFailed');
    const why = 'blue holds 1 large objects, which logical replication does not carry over';
    expect(run.report.cause).toContain(why);
    expect(run.report.warnings).toEqual([expect.stringContaining(why)]);
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
    const run = await rehearse(
      ['--yes', ...args, '--rows', '500'].filter((arg) => arg !== '--yes' || !args.includes('--no')),
    );
    await expectSound(run);
    expect(run.report.endState).toBe(end);
    expect(run.report.error).toBe(error);
    expect(run.report.versions.after).toBe(run.report.versions.before);
  });
});
