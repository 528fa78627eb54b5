import { expect, test } from 'vitest';
import { behindRecord } from './databases.ts';
import { judge } from './judge.ts';
import { scenarios } from './scenarios/index.ts';

/** By a record production is back within minutes: sooner than the bake looks, and without a rename that RDS tells of. */
const rows = scenarios.filter(({ what }) =>
  [
    'somebody goes back by hand in the bake',
    'a failed bake goes back by itself',
    'going back stays on new production',
    'a way back is secured, watched and closed',
  ].includes(what),
);

test.each(rows)('behind a record of Route 53, $what: $end', async (scenario) => {
  const { path } = await judge(behindRecord, scenario);
  expect(path).toContain('Attach the rollback target');
});

test('all of these rows are there', () => {
  expect(rows).toHaveLength(4);
});
