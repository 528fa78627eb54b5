import type { Deployment, Serving } from '../domain/model/deployment.ts';
import type { EarlyRelease } from '../domain/outcome/facts.ts';
import type { Request } from '../domain/request/request.ts';
import type { ChangeCounts } from '../domain/way-back/facts.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import { subtractCounts } from '../domain/way-back/taken-in.ts';
import { askDatabase, readPlace } from './ask.ts';
import { questionOf } from './question.ts';

/** A run at its end, as far as it is known. */
interface EndedRun {
  executionArn: string;
  request: unknown;
  deployment: Partial<Deployment>;
  serving: Partial<Serving>;
  wayBack?: Partial<WayBack>;
}

/**
 * Whether writes were released by the proof of new production and RDS has not confirmed it; and where blue serves after all, what green has taken in
 * meanwhile. Changes nothing, and never throws: what cannot be counted is not known.
 */
export async function readEarlyRelease(run: EndedRun): Promise<EarlyRelease | undefined> {
  const { at, secured = [] } = run.wayBack ?? {};
  if (!at) return undefined;
  if (run.serving.side !== 'blue') return { at, slots: secured };
  const rows = await countTakenIn(run).catch(() => null);
  return { at, slots: secured, takenIn: { rows } };
}

async function countTakenIn(run: EndedRun): Promise<ChangeCounts | null> {
  const request = run.request as Request;
  const deployment = run.deployment as Deployment;
  const wayBack = run.wayBack as WayBack;
  const seen = await askDatabase('takes-writes', {
    ...questionOf({ executionArn: run.executionArn, request, deployment, wayBack }),
    ...(await readPlace({ deployment, wayBack }, 'green')),
  });
  return seen.kind === 'answer' ? subtractCounts(seen.facts.changes, wayBack.changes) : null;
}
