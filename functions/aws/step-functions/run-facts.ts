import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { readDecision } from '../../domain/approval/decision.ts';
import type { BuildTask } from '../../domain/build/readiness.ts';
import { findSteeringObstacle, type Steering } from '../../domain/hold/steering.ts';
import { keyOfWait, type OpenWait, type RunFacts, type SeenReason } from '../../domain/run/facts.ts';
import { type Run, readRun } from './executions.ts';
import { parseObject, payloadOf } from './history-payload.ts';
import { type OpenToken, openTokens } from './open-token.ts';
import { type PartOfHistory, readPartOfHistory } from './part-of-history.ts';
import { collectRunHistory, withStates } from './run-history.ts';

/** Reads how an execution stands, in four calls at most; undefined where Step Functions does not know it, or no longer. */
export async function readRunFacts(executionArn: string): Promise<RunFacts | undefined> {
  try {
    const run = await readRun(executionArn);
    return run && (await collectRunFacts(run, await readPartOfHistory(executionArn)));
  } catch (error) {
    // Its history may be deleted between the two.
    if (error instanceof Error && /^(ExecutionDoesNotExist|InvalidArn)$/.test(error.name)) return undefined;
    throw error;
  }
}

/** The same from what was read. */
export async function collectRunFacts(run: Run, { events, leftOut }: PartOfHistory): Promise<RunFacts> {
  const { entered, answered, known, beforeCut } = collectRunHistory(events);
  const said = collectAnswers(events);
  const { executionArn, status, startedAt, endedAt, error = null, cause = null } = run;
  return {
    executionArn,
    status,
    startedAt,
    endedAt: endedAt === undefined ? null : new Date(endedAt).toISOString(),
    error,
    cause,
    input: parseObject(run.input) ?? {},
    entered: entered.filter(({ state }) => !state.endsWith('?')),
    answered,
    waits: await findWaits(events),
    ...said,
    until: momentsIn(events),
    request: parseObject(known.request) ?? {},
    deployment: known.deployment ?? {},
    beforeCut: beforeCut ?? null,
    leftOut,
  };
}

async function findWaits(events: readonly HistoryEvent[]): Promise<OpenWait[]> {
  const waits: OpenWait[] = [];
  for await (const token of openTokens(backwards(events))) waits.push(describeWait(token));
  return waits;
}

async function* backwards(events: readonly HistoryEvent[]): AsyncGenerator<HistoryEvent> {
  yield* events.toReversed();
}

const steerings: readonly Steering[] = ['stop', 'pause', 'resume', 'ask-to-go-back'];

const describeWait = (token: OpenToken): OpenWait => ({
  state: token.state,
  kind: token.kind,
  group: token.group,
  at: token.scheduledAt,
  may: steerings.filter((kind) => findSteeringObstacle(kind, token) === undefined),
});

/** What looks and tasks have answered. A decision is an answer, too; its seal stays here. */
function collectAnswers(
  events: readonly HistoryEvent[],
): Pick<RunFacts, 'reasons' | 'buildTasks' | 'decisions' | 'outcome'> {
  const reasons = new Map<string, SeenReason>();
  const decisions: RunFacts['decisions'] = [];
  let buildTasks: BuildTask[] = [];
  let outcome: RunFacts['outcome'] = null;
  for (const { event, state } of withStates(events)) {
    const at = event.timestamp?.getTime() ?? 0;
    const look = payloadOf(event.taskSubmittedEventDetails?.output);
    if (look && typeof look.because === 'string')
      reasons.set(keyOfWait(state, textOf(look.group)), { because: look.because, at });
    if (look && Array.isArray(look.tasks)) buildTasks = look.tasks.flatMap(readTask);
    const { output } = event.taskSucceededEventDetails ?? {};
    const decision = output === undefined ? undefined : readDecision(parseObject(output));
    if (decision) decisions.push(withoutSeal(decision));
    if (state === 'Record outcome' && output !== undefined)
      outcome = parseObject(payloadOf(output)?.json) ?? null;
  }
  return { reasons, buildTasks, decisions, outcome };
}

const withoutSeal = ({ seal: _, ...decision }: NonNullable<ReturnType<typeof readDecision>>) => decision;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function readTask(value: unknown): BuildTask[] {
  const { name, status } = (value ?? {}) as Partial<BuildTask>;
  return typeof name === 'string' && typeof status === 'string' ? [{ name, status }] : [];
}

/** Moments that an execution has assigned to a variable last, each as JSON. */
function momentsIn(events: readonly HistoryEvent[]): RunFacts['until'] {
  const assigned: Record<string, string> = {};
  for (const { stateExitedEventDetails } of events)
    Object.assign(assigned, stateExitedEventDetails?.assignedVariables);
  const read = (name: string): unknown => {
    try {
      return JSON.parse(assigned[name] ?? 'null');
    } catch {
      return null;
    }
  };
  const moments = {
    deadline: read('deadline'),
    bakeUntil: read('bakeUntil'),
    pauseUntil: read('pauseUntil'),
    approveBy: parseObject(read('window'))?.approveBy,
    staleUntil: parseObject(read('leads'))?.staleUntil,
  };
  return Object.fromEntries(Object.entries(moments).filter(([, value]) => typeof value === 'string'));
}
