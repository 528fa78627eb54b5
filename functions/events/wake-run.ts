import { readRecord } from '../aws/rds/deployment.ts';
import { findOpenToken, type OpenToken } from '../aws/step-functions/open-token.ts';
import { failToken, listOpenExecutions } from '../aws/step-functions/tokens.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { executionTag } from '../domain/model/tags.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { type Hint, hasLookedSince, readHint, settleTime } from './wake-event.ts';

/**
 * Called by EventBridge: ends the tick of a run that waits, so that it looks at once. It decides nothing, answers no approval, and a
 * lost event only means that the tick runs its course.
 */
export async function handler(event: unknown): Promise<{ woken: string[] }> {
  const hint = readHint(event, clock.now());
  const woken: string[] = [];
  if (!hint) return { woken };
  await clock.sleep(Math.max(0, hint.at + settleTime - clock.now()));
  for (const sleeper of await findSleepers(hint))
    if (await wake(sleeper, hint)) woken.push(sleeper.executionArn);
  const about = hint.kind === 'alarm' ? { alarm: hint.alarm } : { deployment: hint.deploymentId };
  if (woken.length === 0) log('wake.nothing-to-wake', about);
  for (const executionArn of woken)
    log('wake.woken', { ...about, execution: executionArn.split(':').at(-1) });
  return { woken };
}

interface Sleeper {
  executionArn: string;
  token: OpenToken;
}

function wake({ executionArn, token: { token } }: Sleeper, hint: Hint): Promise<boolean> {
  return actAs({ function: 'wakeRun', executionArn }, () =>
    failToken(token, raisedElsewhere.woken, describe(hint)),
  );
}

async function findSleepers(hint: Hint): Promise<Sleeper[]> {
  const executions =
    hint.kind === 'alarm'
      ? await listOpenExecutions(env('STATE_MACHINE_ARN'))
      : await findOwner(hint.deploymentId);
  const sleepers: Sleeper[] = [];
  for (const executionArn of executions) {
    const token = await findOpenToken({ executionArn, kind: 'wait' });
    if (token && !hasLookedSince(token.scheduledAt, hint.at) && concerns(hint, token))
      sleepers.push({ executionArn, token });
  }
  return sleepers;
}

/** The run of a deployment, by the tag that the deployment has now; a run of another state machine is not ours to wake. */
async function findOwner(deploymentId: string): Promise<string[]> {
  const executionArn = (await readRecord(deploymentId))?.tags[executionTag];
  return executionArn?.startsWith(executionPrefix(env('STATE_MACHINE_ARN'))) ? [executionArn] : [];
}

/** An alarm wakes the runs that bake by it. */
function concerns(hint: Hint, { state, parameters }: OpenToken): boolean {
  if (hint.kind === 'deployment') return true;
  const { request } = parameters as { request?: { bake?: { alarms?: unknown } } };
  const alarms = request?.bake?.alarms;
  return state === 'Bake' && Array.isArray(alarms) && alarms.includes(hint.alarm);
}

function describe(hint: Hint): string {
  return hint.kind === 'alarm'
    ? `alarm ${hint.alarm} changed its state`
    : `RDS tells of ${hint.deploymentId}`;
}
