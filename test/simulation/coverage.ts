import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { evaluate } from '../statemachine/expressions.ts';
import { allStates, type Machine, type State } from '../statemachine/machine.ts';

/** Every way out of a state: its Next, each rule of a choice and its Default, each catch. */
interface Way {
  from: string;
  by: string;
  to: string;
}

const nameOf = ({ from, by, to }: Way) => `${from} [${by}] ${to}`;

function waysOf(from: string, { Next, Choices = [], Default, Catch = [] }: State): Way[] {
  return [
    ...(Next ? [{ from, by: 'next', to: Next }] : []),
    ...Choices.map((rule, index) => ({ from, by: `rule ${index + 1}`, to: rule.Next })),
    ...(Default ? [{ from, by: 'default', to: Default }] : []),
    ...Catch.map((one) => ({ from, by: `catch ${one.ErrorEquals[0]}`, to: one.Next })),
  ];
}

/** Names of every state of a machine, and of every way between two of them. */
export function allPlaces(machine: Machine): string[] {
  const states = allStates(machine);
  return [
    ...states.map(([name]) => name),
    ...states.flatMap(([name, state]) => waysOf(name, state).map(nameOf)),
  ];
}

/** Names of the states that an execution of a machine entered and of the ways that it took. */
export async function placesOf(machine: Machine, history: readonly HistoryEvent[]): Promise<string[]> {
  const states = new Map(allStates(machine));
  const places: string[] = [];
  let variables: Record<string, unknown> = {};
  const before = new Map<number, Record<string, unknown>>();
  for (const event of history) {
    const left = event.stateExitedEventDetails;
    if (left) {
      before.set(event.id ?? 0, variables);
      variables = { ...variables, ...parseAll(left.assignedVariables) };
    }
    const to = event.stateEnteredEventDetails?.name;
    if (!to) continue;
    places.push(to);
    const exit = history[(event.previousEventId ?? 0) - 1];
    if (exit?.stateExitedEventDetails)
      places.push(nameOf(await findWay(states, history, exit, to, before.get(exit.id ?? 0) ?? {})));
  }
  return places;
}

/** Several ways may lead to the same state: what happened before it was left tells them apart. */
async function findWay(
  states: Map<string, State>,
  history: readonly HistoryEvent[],
  exit: HistoryEvent,
  to: string,
  variables: Record<string, unknown>,
): Promise<Way> {
  const from = exit.stateExitedEventDetails?.name ?? '';
  const state = states.get(from) as State;
  const ways = waysOf(from, state).filter((way) => way.to === to);
  const [only, ...others] = ways;
  if (!only) throw new Error(`no way leads from "${from}" to "${to}"`);
  if (others.length === 0) return only;
  const by = state.Choices
    ? await findRule(state, exit, variables)
    : findCatch(state, history[(exit.previousEventId ?? 0) - 1]);
  return ways.find((way) => way.by === by) ?? only;
}

async function findRule(
  state: State,
  exit: HistoryEvent,
  variables: Record<string, unknown>,
): Promise<string> {
  const now = exit.timestamp?.getTime() ?? 0;
  for (const [index, { Condition }] of (state.Choices ?? []).entries())
    if (await evaluate(Condition, variables, now)) return `rule ${index + 1}`;
  return 'default';
}

function findCatch({ Catch = [] }: State, last: HistoryEvent | undefined): string {
  // The error of a Map stands with the state inside it that failed.
  if (last?.type === 'MapStateFailed') return 'catch States.ALL';
  const { taskFailedEventDetails, taskTimedOutEventDetails, taskStartFailedEventDetails } = last ?? {};
  const error = (taskFailedEventDetails ?? taskTimedOutEventDetails ?? taskStartFailedEventDetails)?.error;
  if (error === undefined) return 'next';
  const found = Catch.find(
    ({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'),
  );
  return `catch ${found?.ErrorEquals[0]}`;
}

function parseAll(assigned: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(assigned).map(([name, text]) => [name, JSON.parse(text)]));
}
