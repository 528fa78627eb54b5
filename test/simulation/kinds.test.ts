import { describe, test } from 'vitest';
import { kinds } from './databases.ts';
import { judge } from './judge.ts';
import { hooks, scenarios } from './scenarios/index.ts';

/** Hooks are the machine's own affair: that they do the same for every kind is not tried again. */
const withoutHooks = scenarios.filter((scenario) => !hooks.includes(scenario));

describe.each([
  { kind: kinds.auroraPostgres, rows: withoutHooks },
  ...[kinds.postgres, kinds.mysql, kinds.auroraMysql].map((kind) => ({
    kind,
    rows: scenarios.filter(({ everywhere }) => everywhere),
  })),
])('$kind.name', ({ kind, rows }) => {
  test.each(rows.filter(({ only }) => !only || only(kind)))('$what: $end', (scenario) =>
    judge(kind, scenario).then(() => undefined),
  );
});
