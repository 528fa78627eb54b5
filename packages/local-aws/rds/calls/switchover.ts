import type { SwitchoverBlueGreenDeploymentCommandInput } from '@aws-sdk/client-rds';
import type { ControlPlane } from '../control-plane.ts';
import type { Touched } from '../journal.ts';
import { databaseOf } from '../provisioning.ts';
import { copyOf } from '../world/copy.ts';
import { arnOf, findDeployment, presentDeployment, touchDeployment } from '../world/deployments.ts';
import { isAvailable } from '../world/instances.ts';
import { invalidDeploymentState, invalidValue } from '../world/refusals.ts';
import {
  clusterById,
  type Deployment,
  instanceById,
  isAurora,
  isPostgres,
  type World,
} from '../world/world.ts';
import { endpointPairs, exchangeNames, planExchange } from './exchange.ts';
import { renameTargets } from './renaming.ts';
import {
  announceCancelled,
  announceCompleted,
  announceSequences,
  announceStarted,
} from './switchover-events.ts';
import { guardrails } from './switchover-guardrails.ts';

const second = 1_000;

/**
 * SwitchoverBlueGreenDeployment: answers at once, with the members still AVAILABLE. The guardrails run only after the
 * answer; their refusal is seen as a return to AVAILABLE with the reason in an event.
 */
export function switchover(
  rds: ControlPlane,
  input: SwitchoverBlueGreenDeploymentCommandInput,
  touch: (touched: Touched) => void,
) {
  const { world } = rds;
  const deployment = findDeployment(world, input.BlueGreenDeploymentIdentifier);
  const timeout = input.SwitchoverTimeout ?? 300;
  if (timeout < 30 || timeout > 3600)
    throw invalidValue(`Invalid SwitchoverTimeout ${timeout}: 30 to 3600 seconds`);
  checkReady(world, deployment);
  touch(touchDeployment(rds, deployment));
  for (const { blue, blueArn } of deployment.members) touch(rds.touched(blue, blueArn));
  deployment.status = 'SWITCHOVER_IN_PROGRESS';
  const deadline = rds.clock.now() + timeout * second;
  rds.background.run(() => carryOut(rds, deployment, deadline));
  return { BlueGreenDeployment: presentDeployment(world, deployment) };
}

/** The service also refuses while the deployment says AVAILABLE and one of its members is busy. */
function checkReady(world: World, deployment: Deployment): void {
  if (deployment.status !== 'AVAILABLE')
    throw invalidDeploymentState(`Blue/green deployment ${deployment.id} is not in available state`);
  for (const id of deployment.members.flatMap(({ blue, green }) => [blue, green])) {
    const instance = instanceById(world, id);
    if (instance && !isAvailable(instance))
      throw invalidDeploymentState(`DB instance ${instance.DBInstanceIdentifier} is not in available state`);
    const cluster = clusterById(world, id);
    if (cluster && cluster.Status !== 'available')
      throw invalidDeploymentState(`DB cluster ${cluster.DBClusterIdentifier} is not in available state`);
  }
  const [source] = deployment.members;
  const bothSides = [source.blue, source.green].every((id) => arnOf(world, source.kind, id));
  if (!bothSides)
    throw invalidDeploymentState(`Blue/green deployment ${deployment.id} lacks its source or target`);
}

async function carryOut(rds: ControlPlane, deployment: Deployment, deadline: number): Promise<void> {
  announceStarted(rds, deployment);
  await rds.background.sleep(rds.timings.guardrails);
  const scripted = rds.faults.at('guardrails');
  const reasons = scripted ? [scripted.refuse] : await guardrails(rds, deployment);
  if (reasons.length > 0) return cancel(rds, deployment, reasons.join('; '), scripted?.leaves);
  for (const member of deployment.members) member.status = 'SWITCHOVER_IN_PROGRESS';
  const stuck = rds.faults.at('cut');
  if (stuck) {
    await runIntoTimeout(rds, deployment, deadline);
    return cancel(rds, deployment, 'the switchover timed out', stuck.leaves);
  }
  await cut(rds, deployment, deadline);
}

async function cut(rds: ControlPlane, deployment: Deployment, deadline: number): Promise<void> {
  const failing = rds.faults.at('completion');
  const keeps = failing && deployment.members[failing.memberFails];
  const exchanges = planExchange(rds, deployment, keeps);
  const pairs = endpointPairs(rds, deployment, exchanges);
  const oldBlue = databaseOf(rds, deployment, 'blue');
  if (isPostgres(deployment.engine)) announceSequences(rds, deployment, 'started');
  const timeoutMs = Math.max(0, deadline - rds.clock.now());
  const guardedForMs = rds.faults.at('old-blue')?.guardedForMs ?? usualGuard(rds, deployment);
  const guardOldBlue = guardedForMs > 0;
  const { staleForMs = 0 } = rds.faults.at('names-after-cut') ?? {};
  const given = { deployment: deployment.id, timeoutMs, pairs, guardOldBlue, staleForMs };
  const result = await rds.dataPlane.cutOver(given);
  if (!result.done) return cancel(rds, deployment, result.reason);
  const undone = rds.faults.at('opened');
  if (undone) return putBack(rds, deployment, pairs, undone.putBackAfterMs);
  if (isPostgres(deployment.engine)) announceSequences(rds, deployment, 'completed');
  const greenWriter = exchanges.find(({ member }) => member.kind === 'db')?.green;
  if (rds.staleFor > 0) rds.staleReads.remember(copyOf(rds.world), rds.staleFor);
  for (const exchange of exchanges) exchangeNames(rds, exchange);
  deployment.switched = true;
  await finish(rds, deployment, exchanges, greenWriter);
  if (keeps) keeps.status = 'SWITCHOVER_FAILED';
  if (guardedForMs === Infinity) return;
  rds.background.run(async () => {
    await rds.background.sleep(guardedForMs);
    await rds.dataPlane.endGuard(oldBlue);
  });
}

/** Milliseconds after completion. Aurora keeps an old blue closed as long as its deployment is there (Aurora user guide, "Deleting a blue/green deployment"). */
function usualGuard(rds: ControlPlane, { engine }: Deployment): number {
  return isAurora(engine) ? Infinity : rds.timings.guardOldBlue;
}

/** The rows complete one after the other, the deployment last; the events are ahead of it. */
async function finish(
  rds: ControlPlane,
  deployment: Deployment,
  exchanges: ReturnType<typeof planExchange>,
  greenWriter: string | undefined,
): Promise<void> {
  for (const { member } of exchanges) {
    await rds.background.sleep(rds.timings.finishSwitchover / exchanges.length);
    member.status = 'SWITCHOVER_COMPLETED';
  }
  announceCompleted(rds, deployment, exchanges, greenWriter);
  await rds.background.sleep(rds.timings.eventLead);
  if (rds.faults.at('proxies') !== 'stay') leadProxies(rds, exchanges);
  deployment.status = 'SWITCHOVER_COMPLETED';
}

/** Proxies show their new targets only now ("Using RDS Proxy with Blue/Green Deployments", RDS User Guide). */
function leadProxies(rds: ControlPlane, exchanges: ReturnType<typeof planExchange>): void {
  for (const { member } of exchanges)
    if (member.greenArn) renameTargets(rds, { from: member.blueArn, to: member.greenArn });
}

/** Names and writes go back to blue; what green has taken in meanwhile stays there. */
async function putBack(
  rds: ControlPlane,
  deployment: Deployment,
  pairs: ReturnType<typeof endpointPairs>,
  afterMs: number,
): Promise<void> {
  await rds.background.sleep(afterMs);
  await rds.dataPlane.setWritable(databaseOf(rds, deployment, 'green'), false);
  for (const { production, green, oldBlue, blueResource, greenResource } of pairs) {
    await rds.dataPlane.pointEndpoint(production, blueResource);
    await rds.dataPlane.pointEndpoint(oldBlue, undefined);
    await rds.dataPlane.pointEndpoint(green, greenResource);
  }
  await rds.dataPlane.setWritable(databaseOf(rds, deployment, 'blue'), true);
  await cancel(rds, deployment, 'the switchover did not come to its end');
}

/** Writes on blue are stopped until the timeout has passed, then everything is as it was. */
async function runIntoTimeout(rds: ControlPlane, deployment: Deployment, deadline: number): Promise<void> {
  const blue = databaseOf(rds, deployment, 'blue');
  await rds.dataPlane.setWritable(blue, false);
  await rds.background.sleep(Math.max(0, deadline - rds.clock.now()));
  await rds.dataPlane.setWritable(blue, true);
}

/** Nothing was changed; the reason stands in the events only. */
async function cancel(
  rds: ControlPlane,
  deployment: Deployment,
  reason: string,
  leaves = 'AVAILABLE',
): Promise<void> {
  announceCancelled(rds, deployment, reason);
  await rds.background.sleep(rds.timings.eventLead);
  deployment.status = leaves;
  const memberStatus = leaves === 'SWITCHOVER_FAILED' ? leaves : 'AVAILABLE';
  for (const member of deployment.members) member.status = memberStatus;
}
