import { readReadiness } from '../../aws/facts/readiness.ts';
import type { ReadySides } from '../../domain/build/readiness.ts';
import type { Paused } from '../../domain/hold/steering.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { NearlyReady, ProvisioningFailed } from '../../domain/model/errors.ts';
import { replicationKind } from '../../domain/model/replication.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  /** "Wait to be resumed" asks: a green that cannot be switched any more ends the run, and a person alone ends the wait. */
  paused?: Paused;
  /** Since when green has lacked its members alone, once a look has said so. */
  nearlySince?: string | null;
}

/** Green is ready when the deployment, its tasks and every member of both sides say so in one look. */
export const handler = wait('Wait for green', async (event: Event): Promise<Look<Deployment>> => {
  // What an earlier look saw of green does not bind this one: a changeGreen hook ran between them.
  const { green: _, ...deployment } = event.deployment;
  const verdict = await readReadiness({ ...event, deployment }, clock.now());
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  if (event.paused) return { kind: 'not-yet', because: describePause(event.paused, verdict) };
  if (verdict.kind === 'not-yet') {
    if (verdict.nearly && !event.nearlySince) throw new NearlyReady(verdict.because);
    return verdict;
  }
  return {
    kind: 'ready',
    facts: { ...deployment, ...verdict.facts, ...replicationOf(event, verdict.facts) },
  };
});

function describePause({ because }: Paused, green: Look<unknown>): string {
  return `${because} (${green.kind === 'ready' ? 'green is ready' : green.because})`;
}

/** Of a deployment that was taken up only green itself says how it follows blue. */
function replicationOf({ request, deployment }: WaitingRunEvent, { blue, green }: ReadySides) {
  if (request.adopt === undefined) return {};
  const { engine } = deployment.database;
  return { replication: replicationKind(engine, blue.engineVersion, green.engineVersion) };
}
