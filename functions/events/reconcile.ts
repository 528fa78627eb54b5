import { completeDeployment } from '../aws/facts/complete-deployment.ts';
import { readEndState } from '../aws/facts/end-state.ts';
import { readAllRecords } from '../aws/rds/deployment.ts';
import { publish } from '../aws/sns/publish.ts';
import { listEnds, type Run, readRun } from '../aws/step-functions/executions.ts';
import { findOpenTokens } from '../aws/step-functions/open-token.ts';
import { type RunHistory, readRunHistory } from '../aws/step-functions/run-history.ts';
import { listOpenExecutions } from '../aws/step-functions/tokens.ts';
import { readStanding } from '../databases/standing.ts';
import { eventId } from '../domain/announcement/announcement.ts';
import type { EndName } from '../domain/model/ends.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { deploymentPhase } from '../domain/model/phase.ts';
import { executionTag } from '../domain/model/tags.ts';
import type { EndState } from '../domain/outcome/leftovers.ts';
import { composeOutcome } from '../domain/outcome/outcome.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { emitMetrics, namespaceOf } from '../runtime/emf.ts';
import { env } from '../runtime/env.ts';
import { measureRollBack } from './roll-back-metrics.ts';
import { measureRun } from './run-metrics.ts';
import { findSide } from './serving-side.ts';
import { isReminderDue, ourMachines, readTrigger, type Trigger } from './trigger.ts';
import { nameRollBackEnd, readWritable } from './unreported-roll-back.ts';
import {
  findHeldWrites,
  findProgress,
  hasReported,
  nameEnd,
  nameFailure,
  reachedEnd,
} from './unreported-run.ts';
import { answerWhatStands, type StandingOfRun, tellWhatStands } from './what-stands.ts';

/**
 * Called when a run has ended, every hour, and by a person who asks what of ours stands on a database. Reports the current state of runs that ended without an announcement:
 * stopped by a person in any state, out of time, or failed on the way to their own announcement. Where all is well it
 * sends nothing.
 * @returns the runs that were reported, or what a person has asked for
 */
export async function handler(event: unknown): Promise<{ reported: string[] } | { runs: StandingOfRun[] }> {
  const trigger = readTrigger(event, ourMachines(), clock.now());
  switch (trigger?.kind) {
    case 'question':
      return answerWhatStands(trigger.database);
    case 'end':
      return { reported: await lookAtEnd(trigger) };
    case 'hourly':
      return { reported: await lookAround(trigger.at) };
    default:
      return { reported: [] };
  }
}

const goesBack = (machine: string) => machine === env('ROLL_BACK_STATE_MACHINE_ARN');

async function lookAtEnd({ executionArn, machine }: Trigger & { kind: 'end' }): Promise<string[]> {
  const run = await readRun(executionArn);
  if (!run || run.endedAt === undefined) return [];
  const history = await readRunHistory(executionArn);
  if (goesBack(machine)) measureRollBack(env('STATE_MACHINE_ARN'), run, history);
  else measureRun(env('STATE_MACHINE_ARN'), run, history);
  if (hasReported(history)) return [];
  await report(machine, run, history, 'This run ended without an announcement. This is its state now.');
  return [executionArn];
}

const hour = 3_600_000;

/** Events are best effort: a run that ended in the last hour without an announcement is reported here as well, rather twice than never. */
async function lookAround(at: number): Promise<string[]> {
  const open = await listOpenExecutions(env('STATE_MACHINE_ARN'));
  await measureOpenRuns(open, at);
  const reported: string[] = [];
  for (const machine of ourMachines()) reported.push(...(await reportEnds(machine, at)));
  reported.push(...(await remindOfLeftGreens(open, at)));
  return [...reported, ...(await tellWhatStands(at))];
}

async function reportEnds(machine: string, at: number): Promise<string[]> {
  const reported: string[] = [];
  for (const executionArn of await listEnds(machine, at - hour, at)) {
    const run = await readRun(executionArn);
    const history = run && (await readRunHistory(executionArn));
    if (!run || !history || hasReported(history)) continue;
    const opening = 'This run ended without an announcement in the last hour. You may have read this before.';
    await report(machine, run, history, opening);
    reported.push(executionArn);
  }
  return reported;
}

async function measureOpenRuns(open: string[], at: number): Promise<void> {
  const waits: number[] = [];
  for (const executionArn of open)
    for (const { kind, parameters } of await findOpenTokens(executionArn))
      if (kind === 'approval') waits.push((at - Date.parse(String(parameters.askedAt))) / hour);
  const longest = Math.max(0, ...waits.filter(Number.isFinite));
  emitMetrics(namespaceOf(env('STATE_MACHINE_ARN')), at, [
    { name: 'OpenRuns', value: open.length, unit: 'Count' },
    { name: 'ApprovalWaitHours', value: longest, unit: 'None' },
  ]);
}

/** A green whose run has ended costs money for nothing: once a day, as long as it is there. */
async function remindOfLeftGreens(open: string[], at: number): Promise<string[]> {
  const ours = executionPrefix(env('STATE_MACHINE_ARN'));
  const reported: string[] = [];
  for (const { status, tags } of await readAllRecords()) {
    const executionArn = tags[executionTag];
    const left = !['switched', 'deleting'].includes(deploymentPhase(status));
    if (!left || !executionArn?.startsWith(ours) || open.includes(executionArn)) continue;
    const run = await readRun(executionArn);
    if (run?.endedAt === undefined || !isReminderDue(run.endedAt, at)) continue;
    await report(
      env('STATE_MACHINE_ARN'),
      run,
      await readRunHistory(executionArn),
      'A reminder, once a day: green of this run is still there.',
      at,
    );
    reported.push(executionArn);
  }
  return reported;
}

async function nameUnreported(back: boolean, history: RunHistory, endState: EndState): Promise<EndName> {
  return back
    ? nameRollBackEnd(history, endState)
    : nameEnd(findProgress(history), await findSide(history, endState));
}

/**
 * The same text as a run's own announcement, made of what can be read now, and with the id of that one: it may have been sent by a
 * function that died before it could say so.
 * @param remindedAt of a reminder: then the day tells it from the others
 */
async function report(
  machine: string,
  run: Run,
  history: RunHistory,
  opening: string,
  remindedAt?: number,
): Promise<void> {
  const { known, serving } = history;
  const back = goesBack(machine);
  const deployment = back
    ? (known.deployment ?? {})
    : await completeDeployment(known.deployment ?? {}, run.executionArn);
  const endState = await readEndState(deployment, known.snapshot?.snapshotId, known.request);
  const reached = reachedEnd(run, history);
  const end = reached ?? (await nameUnreported(back, history, endState));
  const outcome = composeOutcome({
    end,
    executionArn: run.executionArn,
    startedAt: run.startedAt,
    now: clock.now(),
    request: known.request,
    deployment,
    findings: known.findings ?? [],
    statistics: known.statistics ?? null,
    failure: reached ? null : nameFailure(run, history),
    cleanupFailure: known.cleanupFailure ?? null,
    ...(back && { going: { run: known.run ?? null } }),
    ...(serving?.because && { servingBecause: serving.because }),
    endState,
    runbook: env('RUNBOOK'),
    standing: await readStanding(
      { ...known, request: known.request, executionArn: known.run ?? run.executionArn, deployment },
      endState.production,
    ),
  });
  const id = remindedAt !== undefined && {
    id: eventId(run.executionArn, 'left-green', Math.floor(remindedAt / (24 * hour))),
  };
  const text = [
    opening,
    ...(back ? await readWritable(history) : []),
    ...findHeldWrites(history),
    '',
    outcome.text,
  ].join('\n');
  await actAs({ function: 'reconcile', executionArn: run.executionArn }, () =>
    publish(env('ANNOUNCEMENTS_TOPIC_ARN'), {
      ...outcome,
      text,
      attributes: { ...outcome.attributes, ...id },
    }),
  );
}
