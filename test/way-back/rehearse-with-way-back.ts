import { expect } from 'vitest';
import { rehearse } from '../rehearsal/command.ts';
import { expectNoRowLost } from '../rehearsal/expectations.ts';

/** What a rehearsal with a way back shows besides, however it ends. */
export async function rehearseWithWayBack(args: string[]) {
  const run = await rehearse(['--yes', '--rows', '2000', ...args]);
  await expectNoRowLost(run);
  const { report } = run;
  expect(report.sequences.length).toBe(4);
  expect(report.sequences.filter(({ ahead, equal }) => ahead === false || !equal)).toEqual([]);
  const names = report.states.map(({ name }) => name);
  expect(names).toContain('Attach the rollback target');
  return { report, names };
}
