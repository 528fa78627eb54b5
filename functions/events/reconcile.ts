import { completeDeployment } from '../aws/complete-deployment.ts';
import { publish } from '../aws/notify.ts';
import { findOpenTokens } from '../aws/open-token.ts';
import { readAllRecords } from '../aws/read-deployment.ts';
import { readTruth } from '../aws/read-truth.ts';
import { type RunStory, readStory } from '../aws/run-story.ts';
import { listEnds, type Run, readRun } from '../aws/runs.ts';
import { listOpenExecutions } from '../aws/states.ts';
import { composeOutcome } from '../domain/outcome.ts';
import { executionTag } from '../domain/ownership.ts';
import { deploymentPhase } from '../domain/phase.ts';
import { clock } from '../runtime/clock.ts';
import { emitMetrics, namespaceOf } from '../runtime/emf.ts';
import { env } from '../runtime/env.ts';
import { findSide } from './find-side.ts';
import { isReminderDue, readOccasion } from './occasion.ts';
import { measureRun } from './run-measures.ts';
import { findHeldWrites, findProgress, hasTold, nameEnd, nameFailure, reachedEnd } from './untold-end.ts';

/**
 * Called when a run has ended, and every hour. It reads what is true now and tells it, for runs that ended without telling:
 * stopped by a person in any state, out of time, or failed on the way to their own announcement. Where all is well it
 * says nothing.
 * @returns the runs that were told of
 */
export async function handler(event: unknown): Promise<{ told: string[] }> {
  const occasion = readOccasion(event, env('STATE_MACHINE_ARN'), clock.now());
  if (!occasion) return { told: [] };
  return {
    told: occasion.kind === 'end' ? await lookAtEnd(occasion.executionArn) : await lookAround(occasion.at),
  };
}

async function lookAtEnd(executionArn: string): Promise<string[]> {
  const run = await readRun(executionArn);
  if (!run || run.endedAt === undefined) return [];
  const story = await readStory(executionArn);
  measureRun(env('STATE_MACHINE_ARN'), run, story);
  if (hasTold(story)) return [];
  await tell(run, story, 'This run ended without telling. This is what is true now.');
  return [executionArn];
}

const hour = 3_600_000;

/** Events are best effort: whoever ended in the last hour without telling is told of here as well, rather twice than never. */
async function lookAround(at: number): Promise<string[]> {
  const machine = env('STATE_MACHINE_ARN');
  const open = await listOpenExecutions(machine);
  await measureOpenRuns(open, at);
  const told: string[] = [];
  for (const executionArn of await listEnds(machine, at - hour, at)) {
    const run = await readRun(executionArn);
    const story = run && (await readStory(executionArn));
    if (!run || !story || hasTold(story)) continue;
    await tell(run, story, 'This run ended without telling in the last hour. You may have read this before.');
    told.push(executionArn);
  }
  return [...told, ...(await remindOfLeftGreens(open, at))];
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
  const ours = env('STATE_MACHINE_ARN').replace(':stateMachine:', ':execution:');
  const told: string[] = [];
  for (const { status, tags } of await readAllRecords()) {
    const executionArn = tags[executionTag];
    const left = !['switched', 'deleting'].includes(deploymentPhase(status));
    if (!left || !executionArn?.startsWith(`${ours}:`) || open.includes(executionArn)) continue;
    const run = await readRun(executionArn);
    if (run?.endedAt === undefined || !isReminderDue(run.endedAt, at)) continue;
    await tell(
      run,
      await readStory(executionArn),
      'A reminder, once a day: green of this run is still there.',
    );
    told.push(executionArn);
  }
  return told;
}

/** The same words as a run's own announcement, made of what can be read now. */
async function tell(run: Run, story: RunStory, opening: string): Promise<void> {
  const { known, serving } = story;
  const deployment = await completeDeployment(known.deployment ?? {}, run.executionArn);
  const truth = await readTruth(deployment, known.snapshot?.snapshotId, known.request);
  const reached = reachedEnd(run, story);
  const end = reached ?? nameEnd(findProgress(story), await findSide(story, truth));
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
    ...(serving?.because && { servingBecause: serving.because }),
    truth,
  });
  await publish({
    topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'),
    subject: outcome.subject,
    text: [opening, ...findHeldWrites(story), '', outcome.text].join('\n'),
    attributes: {
      end,
      ...(deployment.database && { database: deployment.database.id }),
    },
  });
}
