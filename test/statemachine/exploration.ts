import { type Request, requestSchema } from '../../functions/domain/request/request.ts';
import { evaluate, expressionsIn, variablesIn } from './expressions.ts';
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
  'membersChanged',
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
  'tests',
  'paused',
  'pauseLeft',
  'reads',
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

/** The same of a single state, where the next Choice looks at more of the answer than others do. */
const answersOf: Record<string, Record<string, unknown[]>> = {
  'Wait for green': { deployment: [{}, { database: { kind: 'cluster' }, green: { members: [{}, {}] } }] },
  'Put back what was dropped': { deployment: [{}, { putBack: { lacking: [{}] } }] },
};

/** How green came back, there and back again. */
const failovers = [
  { untested: null, flowsAfter: null, leg: 'there' },
  { untested: null, flowsAfter: 9, leg: 'there' },
  { untested: null, flowsAfter: 9, leg: 'back' },
];

/** The same of answers that are merged into what was known, by the variable or by the state that answers. */
const additions: Record<string, unknown[]> = {
  found: [{ released: ['app'] }, { because: 'still held' }],
  'Count changes after the cut': [{ Payload: { changes: {} } }],
  'Watch the reads': [{ compared: {} }, { bad: 'a metric is sick' }],
  'Lead reads back': [{ Payload: { back: false } }],
  'Wait for readers to come back': [{ staleUntil: 'soon' }, { back: true, led: false }],
  'Fail over green': failovers.slice(0, 1).map((Payload) => ({ Payload })),
  'Wait for green after its failover': failovers,
  'Run the load test': [
    { Payload: { done: false, no: null } },
    { Payload: { done: true, no: null } },
    { Payload: { done: true, no: 'a statement is worse' } },
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
  const seen = new Set(open.map((place) => keyOf(machine, place)));
  for (let place = open.pop(); place; place = open.pop()) {
    for (const { edge, variables } of await waysFrom(machine, place, request)) {
      const to = { state: edge.to, variables };
      steps.push({ from: place, edge, to });
      const key = keyOf(machine, to);
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

/** What tests ask of every place, wherever the machine still looks at it. */
const asked = ['end', 'failure', 'serving', 'deployment', 'writesStopped'];

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
  tests: ({ failover, load }: Variables) => ({ failover: failover ?? null, load: load ?? null }),
  paused: ({ state }: Variables) => state,
  pauseLeft: () => true,
  reads: ({ step, led, over, back, bad, found }: Variables) => [
    ...[step, led, over, back, Boolean(bad)],
    Boolean((found as Variables | undefined)?.bad),
  ],
  wayBack: ({ possible, open, attached, lost, fenced, changes }: Variables) => [
    ...[possible, open, attached],
    ...[Boolean(lost), Boolean(fenced), Boolean(changes)],
  ],
};

function decisiveValue(name: string, { [name]: value = null }: Variables): unknown {
  return value === null ? null : (decisive[name]?.(value as never) ?? value);
}

const values = new WeakMap<Variables, Map<string, string>>();

/** Two places are one when nothing that is looked at from there on differs: of a count that has done its part any value stands for all. */
function keyOf(machine: Machine, { state, variables }: Place): string {
  const known = values.get(variables) ?? new Map<string, string>();
  values.set(variables, known);
  const parts = liveIn(machine, state).map((name) => {
    const value = known.get(name) ?? JSON.stringify(decisiveValue(name, variables));
    known.set(name, value);
    return value;
  });
  return `${state} ${parts.join()}`;
}

const live = new WeakMap<Machine, Map<string, string[]>>();

/** Deciding variables that a state looks at, or any state that can follow it before they get another value. */
function liveIn(machine: Machine, state: string): string[] {
  const found = live.get(machine) ?? findLive(machine);
  live.set(machine, found);
  return found.get(state) ?? deciding;
}

function findLive({ States }: Machine): Map<string, string[]> {
  const all = Object.entries(States);
  // Any answer of a task is taken, whatever it is given.
  const given = { Arguments: undefined, ItemProcessor: undefined };
  const read = new Map(all.map(([name, state]) => [name, variablesIn({ ...state, ...given })]));
  for (let grows = true; grows; ) {
    grows = false;
    for (const [name, state] of all) {
      const own = read.get(name) ?? new Set();
      const before = own.size;
      for (const { to, assign } of edgesOf(name, state))
        for (const one of read.get(to) ?? []) if (!(one in assign)) own.add(one);
      grows ||= own.size > before;
    }
  }
  const isLive = (own: Set<string>) => deciding.filter((name) => own.has(name) || asked.includes(name));
  return new Map([...read].map(([name, own]) => [name, isLive(own)]));
}

type Way = { edge: Edge; variables: Variables };

/** Ways that were found before, by machine, request and place: explorations that begin elsewhere come by the same places. */
const known = new WeakMap<Machine, WeakMap<Request, Map<string, Promise<Way[]>>>>();

function waysFrom(machine: Machine, place: Place, request: Request): Promise<Way[]> {
  const byRequest = known.get(machine) ?? new WeakMap<Request, Map<string, Promise<Way[]>>>();
  known.set(machine, byRequest);
  const byPlace = byRequest.get(request) ?? new Map<string, Promise<Way[]>>();
  byRequest.set(request, byPlace);
  const key = keyOf(machine, place);
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
      if (await mayHold(Condition, variables)) ways.push(edge);
      continue;
    }
    if ((await evaluate(Condition, variables)) === true) {
      return [...ways, edge];
    }
  }
  return [...ways, ...edges.filter(({ by }) => by === 'default')];
}

/** Whether a condition that asks for the time holds long before the deadline, or long after it. One that asks for another moment may go either way. */
async function mayHold(condition: unknown, variables: Variables): Promise<boolean> {
  const timed = { ...variables, deadline: '2026-01-01T00:00:00.000Z' };
  const moments = [0, Date.UTC(9999, 11)];
  const held = await Promise.all(moments.map((now) => evaluate(condition, timed, now).catch(() => true)));
  return held.some((one) => one !== false);
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
    return answersOf[from]?.[name] ?? answers[name] ?? [{}];
  }
  if (!deciding.includes(name)) {
    return [name === 'deployment' ? (variables.deployment ?? {}) : {}];
  }
  const states = {
    input: {},
    context: { State: { Name: from }, Execution: {} },
    errorOutput: { Error: 'Any.Error', Cause: 'any cause' },
  };
  const results = (merged && answered && (additions[from] ?? additions[name])) || [{ Payload: {} }];
  const known = { window: {}, deadline: '', ...variables };
  return Promise.all(
    results.map((result) => evaluate(expression, { ...known, states: { ...states, result } })),
  );
}
