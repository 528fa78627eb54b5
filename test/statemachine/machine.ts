import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** One state as it is written. Only the fields that the tests look at. */
export interface State {
  Type: 'Task' | 'Choice' | 'Pass' | 'Wait' | 'Map' | 'Succeed' | 'Fail';
  Comment?: string;
  Resource?: string;
  Arguments?: {
    FunctionName?: string;
    InvocationType?: string;
    Payload?: Record<string, unknown>;
    Input?: Record<string, unknown> | string;
  };
  TimeoutSeconds?: number | string;
  Seconds?: number;
  Retry?: { Comment?: string; ErrorEquals: string[]; MaxAttempts?: number }[];
  Catch?: { ErrorEquals: string[]; Next: string; Assign?: Block; Output?: unknown }[];
  Choices?: { Condition: string; Next: string; Assign?: Block }[];
  Default?: string;
  Assign?: Block;
  Output?: unknown;
  Next?: string;
  End?: boolean;
  Error?: string;
  Cause?: string;
  Items?: string[] | string;
  ItemProcessor?: Machine;
}

export type Block = Record<string, unknown>;

export interface Machine {
  Comment?: string;
  QueryLanguage?: string;
  TimeoutSeconds?: number;
  StartAt: string;
  States: Record<string, State>;
}

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'statemachine');

/** Every state machine of the project, by the name of its file, as text and parsed. */
export const machines = readdirSync(folder)
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return { name: file.replace('.asl.json', ''), text, machine: JSON.parse(text) as Machine };
  });

/** The state machine of one database. */
export const machine = findMachine('blue-green-deployment');
/** The state machine that goes back. */
export const rollBack = findMachine('roll-back');

function findMachine(name: string): Machine {
  const found = machines.find((one) => one.name === name);
  if (!found) {
    throw new Error(`there is no statemachine/${name}.asl.json`);
  }
  return found.machine;
}

/** A state machine, or the processor of a Map in it: states that lead to each other. */
export interface Level {
  machine: Machine;
  /** Name of the Map around, for an inner level. */
  inside?: string;
}

/** The state machine itself and the processors of its Maps. */
export function levelsOf(outer: Machine): Level[] {
  const inner = Object.entries(outer.States).flatMap(([name, { ItemProcessor }]) =>
    ItemProcessor ? [{ machine: ItemProcessor, inside: name }] : [],
  );
  return [{ machine: outer }, ...inner];
}

/** Every state of a machine by name, those inside Maps included. */
export function allStates(outer: Machine): [name: string, state: State][] {
  return levelsOf(outer).flatMap((level) => Object.entries(level.machine.States));
}

/** One way from a state to another, and what it assigns. */
export interface Edge {
  from: string;
  to: string;
  by: 'next' | 'catch' | 'choice' | 'default';
  /** Errors of a catch. */
  errors: string[];
  assign: Block;
}

/** Every way out of a state. */
export function edgesOf(name: string, state: State): Edge[] {
  const edge = (to: string, by: Edge['by'], assign: Block = {}, errors: string[] = []): Edge => ({
    from: name,
    to,
    by,
    errors,
    assign,
  });
  return [
    ...(state.Next ? [edge(state.Next, 'next', state.Assign)] : []),
    ...(state.Choices ?? []).map((choice) => edge(choice.Next, 'choice', choice.Assign)),
    ...(state.Default ? [edge(state.Default, 'default', state.Assign)] : []),
    ...(state.Catch ?? []).map((one) => edge(one.Next, 'catch', one.Assign, one.ErrorEquals)),
  ];
}

/** Every way between the states of one level. */
export function allEdges({ machine: { States } }: Level): Edge[] {
  return Object.entries(States).flatMap(([name, state]) => edgesOf(name, state));
}

/** A Task that waits for a token and is ours: it names a function of the project, not one of the user's hooks. */
export function isOurWait(state: State): boolean {
  return isTokenTask(state) && isOurs(state);
}

/** A Task that starts another state machine and does not wait for it. */
export function isStart({ Resource }: State): boolean {
  return Resource?.endsWith(':states:startExecution') ?? false;
}

export function isTokenTask({ Resource }: State): boolean {
  return Resource?.endsWith(':lambda:invoke.waitForTaskToken') ?? false;
}

export function isOurs({ Arguments }: State): boolean {
  return Arguments?.FunctionName?.startsWith('${') ?? false;
}

/** `Wait for green` → `waitForGreen`. */
export function functionKey(stateName: string): string {
  const [first = '', ...rest] = stateName.split(' ');
  return (
    first.toLowerCase() +
    rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()).join('')
  );
}

/** `Wait for green` → `wait-for-green`. */
export function handlerFile(stateName: string): string {
  return stateName.toLowerCase().replaceAll(' ', '-');
}

/** Names of the files in the phases of `functions/handlers`, without their ending. */
export function listHandlers(): string[] {
  return readdirSync(join(root, 'functions', 'handlers'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'));
}

/** The text of everything that is deployed. */
export function readFunctions(): string {
  const directory = join(root, 'functions');
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(directory, file), 'utf8'))
    .join('\n');
}
