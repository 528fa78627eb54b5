import { readRecord } from '../aws/rds/deployment.ts';
import { findOpenToken, type OpenToken } from '../aws/step-functions/open-token.ts';
import { failToken, listOpenExecutions } from '../aws/step-functions/tokens.ts';
import { readWakes } from '../aws/step-functions/wakes.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { executionTag } from '../domain/model/tags.ts';
import { findWakeObstacle } from '../domain/model/wake-budget.ts';
import { planLongestRun } from '../domain/request/longest-run.ts';
import type { Request } from '../domain/request/request.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { hasLookedSince, readWakeUp, settleTime, type WakeUp } from './wake-event.ts';

/**
 * Called by EventBridge: ends the tick of a run that waits, so that it looks at once. It decides nothing, answers no approval, and a
 * lost event only means that the tick runs its course.
 */
export async function handler(event: unknown): Promise<{ woken: string[] }> {
  const wakeUp = readWakeUp(event, clock.now());
  const woken: string[] = [];
  if (!wakeUp) return { woken };
  await clock.sleep(Math.max(0, wakeUp.at + settleTime - clock.now()));
  for (const waitingRun of await findWaitingRuns(wakeUp))
    if (await wake(waitingRun, wakeUp)) woken.push(waitingRun.executionArn);
  const about = wakeUp.kind === 'alarm' ? { alarm: wakeUp.alarm } : { deployment: wakeUp.deploymentId };
  if (woken.length === 0) log('wake.nothing-to-wake', about);
  for (const executionArn of woken)
    log('wake.woken', { ...about, execution: executionArn.split(':').at(-1) });
  return { woken };
}

interface WaitingRun {
  executionArn: string;
  token: OpenToken;
}

function wake({ executionArn, token: { token } }: WaitingRun, wakeUp: WakeUp): Promise<boolean> {
  return actAs({ function: 'wakeRun', executionArn }, () =>
    failToken(token, raisedElsewhere.woken, describe(wakeUp)),
  );
}

const anHour = 3_600_000;

/** Events of others must not use up the history of the run, whoever sends them. */
async function mayWake({ executionArn, token }: WaitingRun): Promise<boolean> {
  const now = clock.now();
  const { request } = token.parameters as { request: Request };
  const seen = await readWakes(executionArn, now - anHour);
  const obstacle = findWakeObstacle({ ...seen, planned: planLongestRun(request, now).events });
  if (obstacle) log('wake.too-often', { execution: executionArn.split(':').at(-1), because: obstacle });
  return obstacle === undefined;
}

async function findWaitingRuns(wakeUp: WakeUp): Promise<WaitingRun[]> {
  const executions =
    wakeUp.kind === 'alarm'
      ? await listOpenExecutions(env('STATE_MACHINE_ARN'))
      : await findOwner(wakeUp.deploymentId);
  const waitingRuns: WaitingRun[] = [];
  for (const executionArn of executions) {
    const token = await findOpenToken({ executionArn, kind: 'wait' });
    if (!token || hasLookedSince(token.scheduledAt, wakeUp.at) || !concerns(wakeUp, token)) continue;
    if (await mayWake({ executionArn, token })) waitingRuns.push({ executionArn, token });
  }
  return waitingRuns;
}

/** The run of a deployment, by the tag that the deployment has now; a run of another state machine is not ours to wake. */
async function findOwner(deploymentId: string): Promise<string[]> {
  const executionArn = (await readRecord(deploymentId))?.tags[executionTag];
  return executionArn?.startsWith(executionPrefix(env('STATE_MACHINE_ARN'))) ? [executionArn] : [];
}

/** An alarm wakes the runs that bake by it, a deployment the run that has made it or taken it up, whatever run its tag names. */
function concerns(wakeUp: WakeUp, { state, parameters }: OpenToken): boolean {
  const { request, deployment } = parameters as {
    request?: { bake?: { alarms?: unknown } };
    deployment?: { id?: unknown };
  };
  if (wakeUp.kind === 'deployment') return deployment?.id === wakeUp.deploymentId;
  const alarms = request?.bake?.alarms;
  return state === 'Bake' && Array.isArray(alarms) && alarms.includes(wakeUp.alarm);
}

function describe(wakeUp: WakeUp): string {
  return wakeUp.kind === 'alarm'
    ? `alarm ${wakeUp.alarm} changed its state`
    : `RDS reports ${wakeUp.deploymentId}`;
}
