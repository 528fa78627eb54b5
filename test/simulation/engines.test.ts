import { describe, test } from 'vitest';
import { type Kind, kinds } from './databases.ts';
import { judge } from './judge.ts';
import { hooks, scenarios, wayBacks } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';

/**
 * Hooks are the machine's own affair: that they do the same for every kind is not tried again. What is there for Aurora alone is played
 * where the ways of the machine are.
 */
const rowsForAurora = scenarios.filter(
  (scenario) =>
    !hooks.includes(scenario) &&
    [kinds.replica, kinds.postgres].some((kind) => scenario.only?.(kind) !== false),
);

/** Ways of which none is for Aurora or for PostgreSQL's own servers alone. */
const rowsForAll = scenarios.filter((scenario) => !hooks.includes(scenario));

/** The MySQL family has another way back than PostgreSQL: each of its scenarios is played once, those of a clone on Aurora. */
function isPlayedOnce(kind: Kind, scenario: Scenario): boolean {
  if (!wayBacks.includes(scenario)) return false;
  return kind === kinds.mariadb || (kind === kinds.auroraMysql && scenario.only?.(kinds.mariadb) === false);
}

/** `npx vitest run --mode engines test/simulation/engines.test.ts` plays every scenario on every family; `npm test` those of which a family makes a difference. */
const everything = (import.meta as { env?: { MODE?: string } }).env?.MODE === 'engines';

describe.each([
  { kind: kinds.auroraPostgres, rows: rowsForAurora },
  ...[kinds.postgres, kinds.mysql, kinds.mariadb, kinds.auroraMysql].map((kind) => ({
    kind,
    rows: everything
      ? rowsForAll
      : scenarios.filter((scenario) => scenario.everywhere || isPlayedOnce(kind, scenario)),
  })),
])('$kind.name', ({ kind, rows }) => {
  test.each(rows.filter(({ only }) => !only || only(kind)))('$what: $end', (scenario) =>
    judge(kind, scenario).then(() => undefined),
  );
});
