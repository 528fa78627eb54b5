import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { usualMetrics } from '../../functions/domain/request/metric.ts';
import type { Report } from '../../rehearsal/report/types.ts';
import { fewWriters, rehearse } from './command.ts';
import { expectNoRowLost } from './expectations.ts';

const minutes = 60_000;
/** Without its publications: the product refuses a blue that publishes to others. */
function dumpWithoutPublications(): string {
  const source = new URL('../../packages/local-aws/test/postgres/dumps/awkward.sql', import.meta.url);
  const file = join(mkdtempSync(join(tmpdir(), 'viridian-dump-')), 'awkward.sql');
  writeFileSync(file, readFileSync(source, 'utf8').replace(/^(CREATE|ALTER) PUBLICATION [^;]*;$/gm, ''));
  return file;
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

function expectHeldByHooks({ cut, goingBack, periods, states }: Report) {
  const names = states.map(({ name }) => name);
  expect(cut).toMatchObject({ errorsOfPooled: {}, unknownOutcome: 0 });
  expect(names).not.toContain('Hold application writes');
  expect(cut.hold?.states.map(({ name }) => name)).toContain('Secure the way back');
  expect(cut.hold).toMatchObject({ from: 'Stop writes', to: 'Resume writes' });
  expect(names).toContain('Attach the rollback target');
  expect(goingBack).toBeNull();
  expect(periods.map(({ lost, doubled }) => lost + doubled)).toEqual([0, 0]);
  expect(names.indexOf('Close the way back')).toBeLessThan(names.indexOf('Release the deployment record'));
}

describe('on real PostgreSQL servers, under live writes', () => {
  it('upgrades 15 to 17 and ends with green serving', { timeout: 3 * minutes }, async () => {
    const run = await rehearse(['--yes', '--rows', '2000']);
    await expectNoRowLost(run);
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
    await expectNoRowLost(run);
    expect(run.report.endState).toBe('Green serves production');
    expect(run.report.cut.errorsOfPooled).toEqual({});
    expect(run.report.cut.unknownOutcome).toBe(0);
    expect(run.report.statistics?.told).toContain(
      'Not refreshed on green (the request names no wayBack.login).',
    );
  });

  it("upgrades the user's own dump 16 to 18; a pooler that hooks hold spares clients every error, and a way back that nobody needs leaves nothing behind", {
    timeout: 3 * minutes,
  }, async () => {
    const run = await rehearse([
      ...['--yes', '--rows', '500', '--endpoint', 'pause', ...fewWriters],
      ...['--from', '16', '--to', '18', '--dump', dumpWithoutPublications()],
    ]);
    await expectNoRowLost(run);
    const { report } = run;
    expect(report.versions.after).toMatch(/^18\./);
    expectStatistics(report);
    expect(report.tables.filter(({ name }) => name.startsWith('"Sales"')).length).toBeGreaterThan(2);
    expect(report.tables.filter(({ equal }) => !equal)).toEqual([]);
    expect(report.warnings).toContainEqual(expect.stringContaining('transaction_timeout'));
    expectHeldByHooks(report);
  });
});
