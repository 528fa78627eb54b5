import { describe, test } from 'vitest';
import { kinds } from './databases.ts';
import { judge } from './judge.ts';
import { hooks, scenarios } from './scenarios/index.ts';

/**
 * Hooks are the machine's own affair: that they do the same for every kind is not tried again. What is there for Aurora alone is played
 * where the ways of the machine are.
 */
const rowsForAurora = scenarios.filter(
  (scenario) =>
    !hooks.includes(scenario) &&
    [kinds.replica, kinds.postgres].some((kind) => scenario.only?.(kind) !== false),
);

describe.each([
  { kind: kinds.auroraPostgres, rows: rowsForAurora },
  ...[kinds.postgres, kinds.mysql, kinds.mariadb, kinds.auroraMysql].map((kind) => ({
    kind,
    rows: scenarios.filter(({ everywhere }) => everywhere),
  })),
])('$kind.name', ({ kind, rows }) => {
  test.each(rows.filter(({ only }) => !only || only(kind)))('$what: $end', (scenario) =>
    judge(kind, scenario).then(() => undefined),
  );
});
