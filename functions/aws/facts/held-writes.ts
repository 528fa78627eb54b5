import type { StateName } from '../../domain/model/states.ts';
import type { HeldWrites } from '../../domain/way-back/start-budget.ts';
import { listEnds, readRun } from '../step-functions/executions.ts';
import { type RunHistory, readRunHistory } from '../step-functions/run-history.ts';

/** States from which on an execution keeps everybody from writing. */
const closing: readonly StateName[] = [
  'Stop writes',
  'Stop writes and wait for the answer',
  'Fence new production',
];
/** States whose answer proves that somebody can write again. */
const opening: readonly StateName[] = ['Stay on new production', 'Open blue for writes'];

const hour = 3_600_000;

/**
 * How long executions that ended in the last hour have kept everybody from writing, for one run.
 * @param stateMachineArn of the machine that goes back
 * @param now milliseconds since the epoch
 */
export async function readHeldWrites(
  stateMachineArn: string,
  run: string,
  now: number,
): Promise<HeldWrites[]> {
  const ends = await listEnds(stateMachineArn, now - hour, now);
  const held = await Promise.all(ends.map((executionArn) => readHeld(executionArn, run)));
  return held.filter((one) => one !== undefined);
}

async function readHeld(executionArn: string, run: string): Promise<HeldWrites | undefined> {
  const execution = await readRun(executionArn);
  if (!execution?.input?.includes(JSON.stringify(run))) return undefined;
  const history = await readRunHistory(executionArn);
  const since = history.entered.find(({ state }) => closing.includes(state))?.at;
  if (since === undefined) return undefined;
  return { executionArn, since, until: openedAt(history) ?? execution.endedAt ?? since };
}

function openedAt({ answered }: RunHistory): number | undefined {
  const moments = opening.map((state) => answered.get(state)).filter((at) => at !== undefined);
  return moments.length > 0 ? Math.max(...moments) : undefined;
}
