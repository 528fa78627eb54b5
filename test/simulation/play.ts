import { ends as allEnds } from '../../functions/domain/ends.ts';
import { takeBaseline } from '../../local/invariants/gather.ts';
import type { Kind } from './databases.ts';
import { type Ending, finish, readEnding, requestOf, start } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { type StageOptions, setStage } from './stage.ts';

/** Runs one row of the table for one kind of database. */
export async function play(kind: Kind, scenario: Scenario, options?: StageOptions): Promise<Ending> {
  const stage = await setStage(kind, options);
  try {
    for (const trouble of scenario.troubles ?? []) await trouble(stage);
    stage.baseline = takeBaseline(stage.account, kind.database);
    const { ask } = scenario;
    const request = requestOf(kind, typeof ask === 'function' ? ask(kind) : ask);
    const ending = await finish(stage, start(stage, request));
    for (const trouble of scenario.afterwards ?? []) await trouble(stage);
    return scenario.afterwards ? readEnding(stage, ending.executionArn) : ending;
  } finally {
    stage.close();
  }
}

/** Side that has the production name at the end of a row. */
export function servesAt({ end, serves }: Scenario): string {
  return serves ?? allEnds[end].serves;
}
