import { readRecord } from '../aws/rds/deployment.ts';
import { readRun } from '../aws/step-functions/executions.ts';
import { parseObject } from '../aws/step-functions/history-payload.ts';
import { findOpenToken, type OpenToken } from '../aws/step-functions/open-token.ts';
import { failToken, listOpenExecutions } from '../aws/step-functions/tokens.ts';
import { readWakes } from '../aws/step-functions/wakes.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import type { StateName } from '../domain/model/states.ts';
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
  const executions = await findExecutions(wakeUp);
  if (executions.length > 0) await clock.sleep(Math.max(0, wakeUp.at + settleTime - clock.now()));
  for (const waitingRun of await findWaitingRuns(executions, wakeUp))
    if (await wake(waitingRun, wakeUp)) woken.push(waitingRun.executionArn);
  const about = wakeUp.kind === 'alarm' ? { alarm: wakeUp.alarm } : { deployment: wakeUp.deploymentId };
  if (woken.length === 0) log('wake.nothing-to-wake', about);
  for (const executionArn of woken)
    log('wake.woken', { ...about, execution: executionArn.split(':').at(-1) });
  return { woken };
}

/** The open runs that an event may be about, before any history is read. */
function findExecutions(wakeUp: WakeUp): Promise<string[]> {
  return wakeUp.kind === 'alarm' ? findRunsOfAlarm(wakeUp.alarm) : findOwner(wakeUp.deploymentId);
}

/** Open runs whose request names the alarm. Most alarms of an account concern none, and any of them may flap: their histories stay unread. */
async function findRunsOfAlarm(alarm: string): Promise<string[]> {
  const open = await listOpenExecutions(env('STATE_MACHINE_ARN'));
  const named: string[] = [];
  for (const executionArn of open)
    if (watches(alarm, parseObject((await readRun(executionArn))?.input))) named.push(executionArn);
  return named;
}

/** States that look at alarms, and the part of the request that names those. */
const watching: Partial<Record<StateName, 'bake' | 'readRamp'>> = {
  Bake: 'bake',
  'Watch the reads': 'readRamp',
};

/** Whether a run looks at an alarm, in a state or in any. */
function watches(alarm: string, request: unknown, state?: string): boolean {
  return Object.entries(watching).some(([name, part]) => {
    const { alarms } = ((request ?? {}) as Record<string, { alarms?: unknown } | undefined>)[part] ?? {};
    return (state ?? name) === name && Array.isArray(alarms) && alarms.includes(alarm);
  });
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

async function findWaitingRuns(executions: string[], wakeUp: WakeUp): Promise<WaitingRun[]> {
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

/** An alarm wakes the runs that wait by it, a deployment the run that has made it or taken it up, whatever run its tag names. */
function concerns(wakeUp: WakeUp, { state, parameters }: OpenToken): boolean {
  const { request, deployment } = parameters as { request?: unknown; deployment?: { id?: unknown } };
  if (wakeUp.kind === 'deployment') return deployment?.id === wakeUp.deploymentId;
  return watches(wakeUp.alarm, request, state);
}

function describe(wakeUp: WakeUp): string {
  return wakeUp.kind === 'alarm'
    ? `alarm ${wakeUp.alarm} changed its state`
    : `RDS reports ${wakeUp.deploymentId}`;
}
