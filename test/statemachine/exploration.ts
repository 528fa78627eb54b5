import { type Request, requestSchema } from '../../functions/domain/request/request.ts';
import { evaluate, expressionsIn } from './expressions.ts';
import { type Edge, edgesOf, type Machine, type State } from './machine.ts';

/** A place in a run: the state that is entered, and the variables that decide where runs go. */
export interface Place {
  state: string;
  variables: Variables;
}

export type Variables = Record<string, unknown>;

/** A step of a run: from a place, by a way, to a place. */
export interface Step {
  from: Place;
  edge: Edge;
  to: Place;
}

/** Variables whose values decide; of all others one value stands for any. */
const deciding = [
  'serving',
  'hookAnswer',
  'writesStopped',
  'changesApplied',
  'refusals',
  'failure',
  'cleanupFailure',
  'end',
  'deployment',
  'wayBack',
  'statistics',
  'writesHeld',
  'early',
  'found',
  'returns',
  'switchover',
];

/** Answers of tasks that a Choice looks at. Each is taken in turn. */
const answers: Record<string, unknown[]> = {
  serving: ['blue', 'green', 'unknown'].map((side) => ({ side, because: 'seen', deployment: {} })),
  hookAnswer: [{ verdict: 'pass' }, { verdict: 'fail', because: 'no' }, 'nonsense'],
  deployment: [{ recordReleased: true }, { recordReleased: false }],
  // A target that is a clone goes through every state that another one goes through.
  wayBack: [
    { possible: true, target: 'clone', databases: ['shop'] },
    { possible: false, target: 'old-blue', databases: ['shop'] },
  ].map((judged) => ({ ...judged, because: 'seen', open: false, attached: false })),
  statistics: [{ done: true }, { done: false }],
  // Two of them are forgotten as soon as they have decided.
  switchover: [{}, { at: 'address', changes: {} }, { again: true }],
  found: [
    { over: true },
    { undecided: 'no data' },
    { lost: 'broken' },
    { doubtSince: null },
    { goingBack: 'arn' },
  ],
};

/**
 * Every step that a run of a request can take, whatever tasks answer, fail with, or take of time. Conditions are evaluated
 * as they are written; those that ask for the time may go either way.
 * @param begin where runs may stand at first; the start of the machine when left out
 */
export async function explore(machine: Machine, request: Request, begin?: Place[]): Promise<Step[]> {
  const open = [...(begin ?? [{ state: machine.StartAt, variables: {} }])];
  const steps: Step[] = [];
  const seen = new Set(open.map(keyOf));
  for (let place = open.pop(); place; place = open.pop()) {
    for (const { edge, variables } of await waysFrom(machine, place, request)) {
      const to = { state: edge.to, variables };
      steps.push({ from: place, edge, to });
      const key = keyOf(to);
      if (seen.has(key)) continue;
      seen.add(key);
      open.push(to);
    }
  }
  return steps;
}

/** A request with the given fields, and defaults for the rest. */
export function ask(more: object = {}): Request {
  return requestSchema.parse({ database: 'orders', target: { engineVersion: '17.10' }, ...more });
}

const keys = new WeakMap<Variables, string>();

/** What of a value decides, where that is not the whole of it. A Choice that looks at more belongs here. */
const decisive: Record<string, (value: never) => unknown> = {
  cleanupFailure: () => true,
  // Whether it was the telling itself that failed makes a difference to the end.
  failure: ({ state, error }: { state: string; error: string }) => [
    error,
    ['Record outcome', 'Notify'].includes(state),
  ],
  serving: ({ side }: { side?: string }) => side,
  statistics: ({ done }: Variables) => done,
  wayBack: ({ possible, open, attached, lost, fenced }: Variables) => [
    ...[possible, open, attached],
    ...[Boolean(lost), Boolean(fenced)],
  ],
};

function decisiveValue(name: string, { [name]: value = null }: Variables): unknown {
  return value === null ? null : (decisive[name]?.(value as never) ?? value);
}

function keyOf({ state, variables }: Place): string {
  const key = keys.get(variables) ?? JSON.stringify(deciding.map((name) => decisiveValue(name, variables)));
  keys.set(variables, key);
  return `${state} ${key}`;
}

type Way = { edge: Edge; variables: Variables };

/** Ways that were found before, by machine, request and place: explorations that begin elsewhere come by the same places. */
const known = new WeakMap<Machine, WeakMap<Request, Map<string, Promise<Way[]>>>>();

function waysFrom(machine: Machine, place: Place, request: Request): Promise<Way[]> {
  const byRequest = known.get(machine) ?? new WeakMap<Request, Map<string, Promise<Way[]>>>();
  known.set(machine, byRequest);
  const byPlace = byRequest.get(request) ?? new Map<string, Promise<Way[]>>();
  byRequest.set(request, byPlace);
  const key = keyOf(place);
  const ways = byPlace.get(key) ?? stepsFrom(machine, place, request);
  byPlace.set(key, ways);
  return ways;
}

async function stepsFrom(
  machine: Machine,
  { state: name, variables }: Place,
  request: Request,
): Promise<Way[]> {
  const state = machine.States[name];
  if (!state) {
    throw new Error(`there is no state ${name}`);
  }
  const edges = edgesOf(name, state);
  const open = state.Choices ? await openWays(state, edges, { ...variables, request }) : edges;
  const ways = await Promise.all(open.map((edge) => assignAll(edge, variables, request)));
  return ways.flat();
}

/** The ways of a Choice that its conditions leave open, in their order. */
async function openWays(state: State, edges: Edge[], variables: Variables): Promise<Edge[]> {
  const ways: Edge[] = [];
  for (const [index, { Condition }] of (state.Choices ?? []).entries()) {
    const edge = edges[index] as Edge;
    if (expressionsIn(Condition).some((text) => text.includes('$millis()'))) {
      ways.push(edge);
      continue;
    }
    if ((await evaluate(Condition, variables)) === true) {
      return [...ways, edge];
    }
  }
  return [...ways, ...edges.filter(({ by }) => by === 'default')];
}

/** The variables after a way was taken, once for every answer that decides something. */
async function assignAll(edge: Edge, before: Variables, request: Request): Promise<Way[]> {
  let results: Variables[] = [{}];
  for (const [name, expression] of Object.entries(edge.assign)) {
    const values = await valuesOf(name, expression, edge, { ...before, request });
    results = results.flatMap((result) => values.map((value) => ({ ...result, [name]: value })));
  }
  return results.map((result) => ({ edge, variables: { ...before, ...result } }));
}

async function valuesOf(
  name: string,
  expression: unknown,
  { from }: Edge,
  variables: Variables,
): Promise<unknown[]> {
  const texts = expressionsIn(expression);
  const answered = texts.some((text) => text.includes('$states.result'));
  const merged = texts.some((text) => text.startsWith('$merge('));
  if (answered && !merged) {
    // What a task answers is any of its answers; where none decides, an empty object stands for it.
    return answers[name] ?? [{}];
  }
  if (!deciding.includes(name)) {
    return [name === 'deployment' ? (variables.deployment ?? {}) : {}];
  }
  const states = {
    input: {},
    context: { State: { Name: from }, Execution: {} },
    errorOutput: { Error: 'Any.Error', Cause: 'any cause' },
    result: { Payload: {} },
  };
  return [await evaluate(expression, { window: {}, deadline: '', ...variables, states })];
}
