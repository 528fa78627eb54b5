import { ends as allEnds } from '../../functions/domain/model/ends.ts';
import { takeBaseline } from '../../rehearsal/invariants/gather.ts';
import type { Kind } from './databases.ts';
import { type Ending, finish, type Request, readEnding, requestOf, start } from './run.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { type Stage, type StageOptions, setStage } from './stage.ts';

/** Runs one row of the table for one kind of database. */
export async function play(kind: Kind, scenario: Scenario, options?: StageOptions): Promise<Ending> {
  const stage = await setStage(kind, options);
  try {
    for (const trouble of scenario.troubles ?? []) await trouble(stage);
    stage.baseline = takeBaseline(stage.account, kind.database);
    const { ask } = scenario;
    const more = typeof ask === 'function' ? ask(kind) : ask;
    const request = requestOf(kind, { ...more, ...comeBack(stage, more), ...leadReaders(stage, more) });
    const ending = await finish(stage, start(stage, request));
    for (const trouble of scenario.afterwards ?? []) await trouble(stage);
    return scenario.afterwards ? readEnding(stage, ending.executionArn) : ending;
  } finally {
    stage.close();
  }
}

/** Production goes back by the record by which applications come. */
export function comeBack({ account: { record } }: Stage, { wayBack }: Request = {}): Request {
  if (!record || !wayBack) return {};
  return { wayBack: { ...(wayBack as object), endpoint: { kind: 'route53', ...record } } };
}

/** Readers come by the record that they have. */
export function leadReaders({ account: { readsRecord } }: Stage, { readRamp }: Request = {}): Request {
  return readRamp ? { readRamp: { ...readRamp, ...readsRecord } } : {};
}

/** Side that has the production name at the end of a row. */
export function servesAt({ end, serves }: Scenario): string {
  return serves ?? allEnds[end].serves;
}
