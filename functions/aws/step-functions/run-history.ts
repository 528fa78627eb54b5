import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { Statistics } from '../../domain/build/statistics.ts';
import type { Deployment, Finding, Serving } from '../../domain/model/deployment.ts';
import type { Failure } from '../../domain/model/failure.ts';
import type { StateName } from '../../domain/model/states.ts';
import type { AcceptedLoss, Loss } from '../../domain/way-back/loss.ts';
import type { WayBack } from '../../domain/way-back/state.ts';
import { parseObject, payloadOf } from './history-payload.ts';
import { readHistoryBackwards } from './tokens.ts';

/** What the history of a run shows, in whatever state the run stopped. */
export interface RunHistory {
  /** States in the order in which they were entered. Times in milliseconds since the epoch. */
  entered: { state: StateName; at: number }[];
  /** States whose task answered, with the time of the newest answer. */
  answered: Map<StateName, number>;
  /** What the run knew last, by the names of its variables. */
  known: Known;
  /** `$deployment` as it was when the switchover was asked for: the names are those of before the cut. */
  beforeCut: Deployment | undefined;
  /** Name of the execution that the run itself has started to go back: its bake has decided. */
  goesBackAs: string | undefined;
  /** The newest answer of "Find production side". */
  serving: Serving | undefined;
}

export interface Known {
  request?: unknown;
  deployment?: Partial<Deployment>;
  findings?: Finding[];
  snapshot?: { snapshotId?: string };
  wayBack?: WayBack;
  statistics?: Statistics;
  /** Of an execution that goes back: the ARN that it was given, the loss that it has stated, and the one that was accepted. */
  run?: string;
  loss?: Loss;
  accepted?: AcceptedLoss;
  failure?: Failure | null;
  cleanupFailure?: Failure | null;
}

const variables = [
  'request',
  'deployment',
  'findings',
  'snapshot',
  'wayBack',
  'statistics',
  'loss',
  'accepted',
  'failure',
  'cleanupFailure',
] as const;
const statesOfCut: readonly StateName[] = ['Start switchover', 'Wait for switchover', 'Find production side'];

/** Reads the whole history (`GetExecutionHistory`); a run is kept under a few thousand events. */
export async function readRunHistory(executionArn: string): Promise<RunHistory> {
  return collectRunHistory(await readHistory(executionArn));
}

/** Every event of an execution (`GetExecutionHistory`), oldest first. */
export async function readHistory(executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const event of readHistoryBackwards(executionArn)) events.push(event);
  return events.reverse();
}

/** Each event with the state that it belongs to. What comes before the first state, and at the end, belongs to none and is left out. */
export function* withStates(
  events: Iterable<HistoryEvent>,
): Generator<{ event: HistoryEvent; state: StateName }> {
  const stateOf = new Map<number, StateName>();
  for (const event of events) {
    const { id = 0, previousEventId = 0 } = event;
    const entered = event.stateEnteredEventDetails?.name as StateName | undefined;
    const state = entered ?? stateOf.get(previousEventId);
    if (!state) continue;
    stateOf.set(id, state);
    yield { event, state };
  }
}

/** Collects the history of a run from its events, oldest first. */
export function collectRunHistory(events: HistoryEvent[]): RunHistory {
  const history: RunHistory = {
    entered: [],
    answered: new Map(),
    known: {},
    beforeCut: undefined,
    goesBackAs: undefined,
    serving: undefined,
  };
  for (const { event, state } of withStates(events)) {
    const { type = '', timestamp } = event;
    const at = timestamp?.getTime() ?? 0;
    if (event.stateEnteredEventDetails) history.entered.push({ state, at });
    if (type === 'TaskScheduled') {
      const { parameters } = event.taskScheduledEventDetails ?? {};
      learn(history, state, payloadOf(parameters));
      if (state === 'Go back') history.goesBackAs = nameIn(parameters);
    }
    if (type === 'TaskSucceeded') {
      history.answered.set(state, at);
      if (state === 'Find production side')
        history.serving = payloadOf(event.taskSucceededEventDetails?.output) as Serving | undefined;
    }
  }
  return history;
}

function learn(history: RunHistory, state: StateName, payload: Record<string, unknown> | undefined): void {
  for (const name of variables)
    if (payload && hasContent(payload[name])) Object.assign(history.known, { [name]: payload[name] });
  const { executionArn: run } = (payload?.input ?? {}) as { executionArn?: unknown };
  if (state === 'Read the run' && typeof run === 'string') history.known.run = run;
  if (payload?.deployment && statesOfCut.includes(state))
    history.beforeCut = payload.deployment as Deployment;
}

/** Name of the execution that a state starts. */
function nameIn(parameters: string | undefined): string | undefined {
  const { Name: name } = parseObject(parameters) ?? {};
  return typeof name === 'string' ? name : undefined;
}

/** A variable starts as null or empty, which says nothing. */
const hasContent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;
