import { expect } from 'vitest';
import { processesIn, rehearse } from '../rehearsal/command.ts';

/** What a rehearsal with a way back shows, however it ends. */
export async function rehearseSoundly(args: string[]) {
  const { report, code, output, temporary } = await rehearse(['--yes', '--rows', '2000', ...args]);
  expect(code, output()).toBe(0);
  expect(report.rows.acknowledged).toBeGreaterThan(100);
  expect(report.rows).toMatchObject({ lost: 0, doubled: 0 });
  expect(report.sequences.length).toBe(4);
  expect(report.sequences.filter(({ ahead, equal }) => ahead === false || !equal)).toEqual([]);
  expect(report.invariants.filter(({ holds }) => !holds)).toEqual([]);
  expect(await processesIn(temporary)).toEqual([]);
  const names = report.states.map(({ name }) => name);
  expect(names).toContain('Attach the rollback target');
  return { report, names };
}
