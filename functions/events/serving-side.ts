import { readServing } from '../aws/facts/serving.ts';
import type { RunHistory } from '../aws/step-functions/run-history.ts';
import { findServingSide } from '../domain/cut/production-side.ts';
import type { Side } from '../domain/model/deployment.ts';
import { isRead } from '../domain/model/reading.ts';
import type { EndState } from '../domain/outcome/leftovers.ts';
import { clock } from '../runtime/clock.ts';
import { findProgress } from './unreported-run.ts';

/** Two readings prove a side when this lies between them. Milliseconds. */
const pause = 2_000;

/**
 * Which side serves now. Before the cut the address of production must lead to blue. After it, the run's own proof counts
 * where the address still leads there; without one, the same signs as in "Find production side", which must agree with it: a
 * record of Route 53 may lead elsewhere than RDS's own name.
 */
export async function findSide(
  history: RunHistory,
  endState: EndState,
): Promise<'blue' | 'green' | 'unknown'> {
  const { deployment } = history.known;
  const leadsTo = isRead(endState.production) ? endState.production.value : undefined;
  if (!leadsTo) return 'unknown';
  if (findProgress(history) !== 'cut') return leadsTo === deployment?.blue?.resourceId ? 'blue' : 'unknown';
  const proved = history.serving?.side;
  if (proved === 'green' && leadsTo === deployment?.green?.resourceId) return 'green';
  const side = await proveSide(history);
  return side !== 'unknown' && history.beforeCut?.[side]?.resourceId === leadsTo ? side : 'unknown';
}

async function proveSide({ beforeCut }: RunHistory): Promise<'blue' | 'green' | 'unknown'> {
  if (!beforeCut?.green) return 'unknown';
  const first = await readServing(beforeCut);
  await clock.sleep(pause);
  const second = await readServing(beforeCut);
  return findServingSide({ blue: identify(beforeCut.blue), green: identify(beforeCut.green) }, [
    first,
    second,
  ]).side;
}

const identify = ({ resourceId, members }: Side) => ({
  resourceId,
  members: members.map((member) => member.resourceId),
});
