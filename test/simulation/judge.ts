import { expect } from 'vitest';
import type { Kind } from './databases.ts';
import { play, servesAt } from './play.ts';
import type { Ending } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';

/** Plays one row of the table and holds its end, its error, the serving side and every invariant against what it says. */
export async function judge(kind: Kind, scenario: Scenario): Promise<Ending> {
  const ending = await play(kind, scenario);
  expect(ending).toMatchObject({ end: scenario.end, serves: servesAt(scenario) });
  expect(ending.error).toBe(scenario.error);
  expect(ending.broken.filter(({ id }) => !scenario.breaks?.includes(id))).toEqual([]);
  expect(ending.path).toEqual(expect.arrayContaining(scenario.passes ?? []));
  return ending;
}
