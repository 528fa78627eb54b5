import { completeDeployment } from '../aws/facts/complete-deployment.ts';
import { readTruth } from '../aws/facts/end-state.ts';
import { readAllRecords } from '../aws/rds/deployment.ts';
import { publish } from '../aws/sns/publish.ts';
import { listEnds, type Run, readRun } from '../aws/step-functions/executions.ts';
import { findOpenTokens } from '../aws/step-functions/open-token.ts';
import { type RunStory, readStory } from '../aws/step-functions/run-history.ts';
import { listOpenExecutions } from '../aws/step-functions/tokens.ts';
import type { EndName } from '../domain/model/ends.ts';
import { executionPrefix } from '../domain/model/execution-arn.ts';
import { deploymentPhase } from '../domain/model/phase.ts';
import { executionTag } from '../domain/model/tags.ts';
import type { Truth } from '../domain/outcome/leftovers.ts';
import { composeOutcome } from '../domain/outcome/outcome.ts';
import { actAs } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { emitMetrics, namespaceOf } from '../runtime/emf.ts';
import { env } from '../runtime/env.ts';
import { measureReturn } from './roll-back-metrics.ts';
import { measureRun } from './run-metrics.ts';
import { findSide } from './serving-side.ts';
import { isReminderDue, type Occasion, readOccasion } from './trigger.ts';
import { nameReturn, readWritable } from './unreported-roll-back.ts';
import { findHeldWrites, findProgress, hasTold, nameEnd, nameFailure, reachedEnd } from './unreported-run.ts';

/**
 * Called when a run has ended, and every hour. It reads what is true now and tells it, for runs that ended without telling:
 * stopped by a person in any state, out of time, or failed on the way to their own announcement. Where all is well it
 * says nothing.
 * @returns the runs that were told of
 */
export async function handler(event: unknown): Promise<{ told: string[] }> {
  const occasion = readOccasion(event, machines(), clock.now());
  if (!occasion) return { told: [] };
  return { told: occasion.kind === 'end' ? await lookAtEnd(occasion) : await lookAround(occasion.at) };
}

const goesBack = (machine: string) => machine === env('ROLL_BACK_STATE_MACHINE_ARN');
const machines = () => [env('STATE_MACHINE_ARN'), env('ROLL_BACK_STATE_MACHINE_ARN')];

async function lookAtEnd({ executionArn, machine }: Occasion & { kind: 'end' }): Promise<string[]> {
  const run = await readRun(executionArn);
  if (!run || run.endedAt === undefined) return [];
  const story = await readStory(executionArn);
  if (goesBack(machine)) measureReturn(env('STATE_MACHINE_ARN'), run, story);
  else measureRun(env('STATE_MACHINE_ARN'), run, story);
  if (hasTold(story)) return [];
  await tell(machine, run, story, 'This run ended without telling. This is what is true now.');
  return [executionArn];
}

const hour = 3_600_000;

/** Events are best effort: whoever ended in the last hour without telling is told of here as well, rather twice than never. */
async function lookAround(at: number): Promise<string[]> {
  const open = await listOpenExecutions(env('STATE_MACHINE_ARN'));
  await measureOpenRuns(open, at);
  const told: string[] = [];
  for (const machine of machines()) told.push(...(await tellOfEnds(machine, at)));
  return [...told, ...(await remindOfLeftGreens(open, at))];
}

async function tellOfEnds(machine: string, at: number): Promise<string[]> {
  const told: string[] = [];
  for (const executionArn of await listEnds(machine, at - hour, at)) {
    const run = await readRun(executionArn);
    const story = run && (await readStory(executionArn));
    if (!run || !story || hasTold(story)) continue;
    const opening = 'This run ended without telling in the last hour. You may have read this before.';
    await tell(machine, run, story, opening);
    told.push(executionArn);
  }
  return told;
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
  const told: string[] = [];
  for (const { status, tags } of await readAllRecords()) {
    const executionArn = tags[executionTag];
    const left = !['switched', 'deleting'].includes(deploymentPhase(status));
    if (!left || !executionArn?.startsWith(ours) || open.includes(executionArn)) continue;
    const run = await readRun(executionArn);
    if (run?.endedAt === undefined || !isReminderDue(run.endedAt, at)) continue;
    await tell(
      env('STATE_MACHINE_ARN'),
      run,
      await readStory(executionArn),
      'A reminder, once a day: green of this run is still there.',
    );
    told.push(executionArn);
  }
  return told;
}

async function nameUntold(back: boolean, story: RunStory, truth: Truth): Promise<EndName> {
  return back ? nameReturn(story, truth) : nameEnd(findProgress(story), await findSide(story, truth));
}

/** The same words as a run's own announcement, made of what can be read now. */
async function tell(machine: string, run: Run, story: RunStory, opening: string): Promise<void> {
  const { known, serving } = story;
  const back = goesBack(machine);
  const deployment = back
    ? (known.deployment ?? {})
    : await completeDeployment(known.deployment ?? {}, run.executionArn);
  const truth = await readTruth(deployment, known.snapshot?.snapshotId, known.request);
  const reached = reachedEnd(run, story);
  const end = reached ?? (await nameUntold(back, story, truth));
  const outcome = composeOutcome({
    end,
    executionArn: run.executionArn,
    startedAt: run.startedAt,
    now: clock.now(),
    request: known.request,
    deployment,
    findings: known.findings ?? [],
    statistics: known.statistics ?? null,
    failure: reached ? null : nameFailure(run, story),
    cleanupFailure: known.cleanupFailure ?? null,
    ...(back && { going: { run: known.run ?? null } }),
    ...(serving?.because && { servingBecause: serving.because }),
    truth,
  });
  const text = [
    opening,
    ...(back ? await readWritable(story) : []),
    ...findHeldWrites(story),
    '',
    outcome.text,
  ].join('\n');
  await actAs({ function: 'reconcile', executionArn: run.executionArn }, () =>
    publish({
      topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'),
      subject: outcome.subject,
      text,
      attributes: {
        end,
        ...(deployment.database && { database: deployment.database.id }),
      },
    }),
  );
}
