import { describe, expect, test } from 'vitest';
import { allKinds } from './databases.ts';
import { play, servesAt } from './play.ts';
import { scenarios } from './scenarios/index.ts';

describe.each(allKinds)('$name', (kind) => {
  test.each(scenarios.filter(({ only }) => !only || only(kind)))('$what: $end', async (scenario) => {
    const ending = await play(kind, scenario);
    expect(ending).toMatchObject({ end: scenario.end, serves: servesAt(scenario) });
    expect(ending.error).toBe(scenario.error);
    expect(ending.broken).toEqual([]);
    expect(ending.path).toEqual(expect.arrayContaining(scenario.passes ?? []));
  });
});
