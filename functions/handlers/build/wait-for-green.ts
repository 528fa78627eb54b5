import { refuseStorageHarm } from '../../aws/cloudwatch/storage.ts';
import { readReadiness } from '../../aws/facts/readiness.ts';
import { lookAfterFailover } from '../../databases/after-failover.ts';
import { compareSchemas } from '../../databases/compare-schema.ts';
import { refuseEndedReplication } from '../../databases/ended-replication.ts';
import { lookAtFollowing } from '../../databases/look-at-following.ts';
import type { FailoverTest } from '../../domain/build/failover.ts';
import type { ReadySides } from '../../domain/build/readiness.ts';
import type { Paused } from '../../domain/hold/steering.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { NearlyReady, ProvisioningFailed, TestFailed } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { replicationKind } from '../../domain/model/replication.ts';
import { shortestTick } from '../../domain/model/tick.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

interface Event extends WaitingRunEvent {
  /** "Wait to be resumed" asks: a green that cannot be switched any more ends the run, and a person alone ends the wait. */
  paused?: Paused;
  /** "Wait for green after its failover" asks: a failover that was begun. */
  tests?: { failover?: FailoverTest };
  /** The changeGreen hook has changed green. */
  changesApplied?: boolean;
  /** Since when green has lacked its members alone, once a look has said so; after changeGreen, since then. */
  nearlySince?: string | null;
}

/** Green is ready when the deployment, its tasks and every member of both sides say so in one look. */
export const handler = wait('Wait for green', (event: Event): Promise<Look<Deployment | FailoverTest>> => {
  const failover = event.tests?.failover;
  return failover ? lookAfterFailover(event, failover) : lookAtGreen(event);
});

async function lookAtGreen(event: Event): Promise<Look<Deployment>> {
  // What an earlier look saw of green does not bind this one: a changeGreen hook ran between them.
  const { green: _, ...deployment } = event.deployment;
  const verdict = await readReadiness({ ...event, deployment }, clock.now());
  const schema = verdict.kind !== 'not-yet' || isFirstLook(event) ? await lookAtSchema(event) : {};
  if (typeof schema === 'string' && verdict.kind !== 'no')
    return notYet(schema, 'see to it that the function reaches both databases (docs/deploy.md)');
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  await refuseStorageHarm(deployment, clock.now());
  if (verdict.kind === 'not-yet') await refuseEndedReplication(event, verdict.degraded);
  if (event.paused) {
    if (verdict.kind === 'ready') await lookAtFollowing(event, { ...deployment, ...verdict.facts });
    return notYet(describePause(event.paused, verdict), null);
  }
  if (verdict.kind === 'not-yet') {
    const { degraded: _, nearly, ...seen } = verdict;
    if (nearly && !event.nearlySince) throw new NearlyReady(seen.because);
    return seen;
  }
  return {
    kind: 'ready',
    facts: {
      ...deployment,
      ...verdict.facts,
      ...replicationOf(event, verdict.facts),
      ...(schema as Compared),
    },
  };
}

type Compared = Pick<Deployment, 'schema'>;

/** The state is entered at once when the changes are through, and a tick is not shorter than this. */
const isFirstLook = ({ nearlySince }: Event): boolean =>
  clock.now() - Date.parse(nearlySince ?? '') < 1_000 * shortestTick;

/**
 * Both catalogs are compared once the changes are through and once green is ready or lost, and not by each look between: that costs what both
 * databases hold. A change that replication does not survive ends the run before green is waited for: green does not become ready any more.
 * A physical copy cannot be changed.
 * @returns why both sides could not be compared, as a text
 */
async function lookAtSchema(event: Event): Promise<Compared | string> {
  const { request, deployment, changesApplied } = event;
  if (!changesApplied || deployment.replication === 'physical') return {};
  if (!request.wayBack.login)
    return {
      schema: {
        warnings: ['the changed schema was not compared with blue: the request names no wayBack.login'],
        back: [],
      },
    };
  const found = await compareSchemas(event, deployment);
  if (typeof found === 'string') return `the changed schema could not be compared with blue: ${found}`;
  const { blockers, ...schema } = found;
  if (blockers.length > 0)
    throw new TestFailed(
      `replication does not survive what changeGreen has changed:\n${blockers.join('\n')}`,
    );
  return { schema };
}

function describePause({ because }: Paused, green: Look<unknown>): string {
  return `${because} (${green.kind === 'ready' ? 'green is ready' : green.because})`;
}

/** Of a deployment that was taken up only green itself says how it follows blue. */
function replicationOf({ request, deployment }: WaitingRunEvent, { blue, green }: ReadySides) {
  if (request.adopt === undefined) return {};
  const { engine } = deployment.database;
  return { replication: replicationKind(engine, blue.engineVersion, green.engineVersion) };
}
