import { reservedErrors } from './errors.ts';
import { type FieldFault, findExpressionFaults } from './expression-rules.ts';
import { isSupported } from './integrations.ts';
import { isObject, type Json } from './json.ts';
import { findVariableFaults } from './variable-rules.ts';

type Fields = { [key: string]: Json };

const machineFields = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const flowFields = ['Comment', 'StartAt', 'States'];
const common = ['Type', 'Comment', 'QueryLanguage'];
const flowing = [...common, 'Next', 'End', 'Assign', 'Output'];
const guarded = [...flowing, 'Retry', 'Catch'];

/** The fields that a JSONata state of each type may have: "State machine structure" and the pages of the types. */
const stateFields: Record<string, string[]> = {
  Task: [...guarded, 'Resource', 'Arguments', 'TimeoutSeconds', 'HeartbeatSeconds'],
  Parallel: [...guarded, 'Arguments', 'Branches'],
  Map: [...guarded, 'Items', 'ItemSelector', 'MaxConcurrency', 'ItemProcessor'],
  Choice: [...common, 'Choices', 'Default', 'Assign', 'Output'],
  Pass: flowing,
  Wait: [...flowing, 'Seconds', 'Timestamp'],
  Succeed: [...common, 'Output'],
  Fail: [...common, 'Error', 'Cause'],
};

const jsonPathFields = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'Parameters',
  'Result',
  'ResultSelector',
  'ItemsPath',
  'MaxConcurrencyPath',
  'SecondsPath',
  'TimestampPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
  'ErrorPath',
  'CausePath',
  'Variable',
];

const longestName = 80;

/** Every fault that can be seen in a definition without running it, with the place where it stands. */
export function findFaults(definition: unknown): string[] {
  if (!isObject(definition)) return ['The definition must be a JSON object'];
  const faults: FieldFault[] = [];
  const report = (path: string, what: string): void => {
    faults.push({ path, what });
  };
  if (definition.QueryLanguage !== 'JSONata') {
    report('/QueryLanguage', 'must be "JSONata": JSONPath state machines are not run here');
    return faults.map(describe);
  }
  requireKnown(definition, machineFields, '', report);
  requireSeconds(definition.TimeoutSeconds, '/TimeoutSeconds', report);
  const names = new Set<string>();
  checkFlow(definition, '', names, report);
  if (faults.length === 0)
    faults.push(...findExpressionFaults(definition), ...findVariableFaults(definition));
  return faults.map(describe);
}

function describe({ path, what }: FieldFault): string {
  return `${what} at ${path === '' ? '/' : path}`;
}

type Report = (path: string, what: string) => void;

function requireKnown(fields: Fields, known: readonly string[], path: string, report: Report): void {
  for (const field of Object.keys(fields)) {
    if (known.includes(field)) continue;
    const hint = jsonPathFields.includes(field) ? 'belongs to JSONPath' : 'is not known here';
    report(`${path}/${field}`, `The field '${field}' ${hint}`);
  }
}

/** Checks the states of a machine, a branch or a processor: each exists, is named once, is reached and leads on. */
function checkFlow(flow: Fields, path: string, names: Set<string>, report: Report): void {
  const { StartAt, States } = flow;
  if (!isObject(States) || Object.keys(States).length === 0) {
    report(`${path}/States`, 'A flow needs at least one state');
    return;
  }
  for (const [name, state] of Object.entries(States)) {
    const at = `${path}/States/${name}`;
    if (name.length > longestName) report(at, `A state's name has at most ${longestName} characters`);
    if (names.has(name)) report(at, `The state name '${name}' is used twice`);
    names.add(name);
    if (isObject(state)) checkState(state, at, names, report);
    else report(at, 'A state must be a JSON object');
  }
  checkTargets(StartAt, States, path, report);
}

/** Every target exists and every state is reached from StartAt. */
function checkTargets(start: Json | undefined, states: Fields, path: string, report: Report): void {
  const reached = new Set<string>();
  const open: { target: Json | undefined; at: string }[] = [{ target: start, at: `${path}/StartAt` }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { target, at } = next;
    if (typeof target !== 'string' || !Object.hasOwn(states, target)) {
      report(at, `MISSING_TRANSITION_TARGET: There is no state '${target}'`);
      continue;
    }
    const state = states[target];
    if (reached.has(target) || !isObject(state)) continue;
    reached.add(target);
    open.push(...targetsOf(state, `${path}/States/${target}`));
  }
  for (const name of Object.keys(states)) {
    if (!reached.has(name))
      report(`${path}/States/${name}`, `The state '${name}' is not reached from StartAt`);
  }
}

function targetsOf(state: Fields, path: string): { target: Json | undefined; at: string }[] {
  const targets = [
    { target: state.Next, at: `${path}/Next` },
    { target: state.Default, at: `${path}/Default` },
    ...objects(state.Choices).map((rule, index) => ({
      target: rule.Next,
      at: `${path}/Choices[${index}]/Next`,
    })),
    ...objects(state.Catch).map((rule, index) => ({ target: rule.Next, at: `${path}/Catch[${index}]/Next` })),
  ];
  return targets.filter(({ target }) => target !== undefined);
}

function checkState(state: Fields, path: string, names: Set<string>, report: Report): void {
  const known = stateFields[String(state.Type)];
  if (known === undefined) {
    report(`${path}/Type`, `'${state.Type}' is no type of state`);
    return;
  }
  requireKnown(state, known, path, report);
  if (state.QueryLanguage !== undefined && state.QueryLanguage !== 'JSONata') {
    report(`${path}/QueryLanguage`, 'JSONPath states are not run here');
  }
  if (known.includes('Next') && (state.Next === undefined) === (state.End !== true)) {
    report(path, 'A state has either Next or "End": true');
  }
  checkOwnFields(state, path, names, report);
  if (known.includes('Retry')) checkGuards(state, path, report);
}

function checkOwnFields(state: Fields, path: string, names: Set<string>, report: Report): void {
  if (state.Type === 'Task') checkTask(state, path, report);
  if (state.Type === 'Choice') checkChoices(state, path, report);
  if (state.Type === 'Parallel') checkBranches(state, path, names, report);
  if (state.Type === 'Map') checkProcessor(state.ItemProcessor, `${path}/ItemProcessor`, names, report);
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    report(path, 'A Wait has either Seconds or Timestamp');
  }
}

function checkBranches(state: Fields, path: string, names: Set<string>, report: Report): void {
  const branches = objects(state.Branches);
  if (branches.length === 0) report(`${path}/Branches`, 'A Parallel needs at least one branch');
  branches.forEach((branch, index) => {
    const at = `${path}/Branches[${index}]`;
    requireKnown(branch, flowFields, at, report);
    checkFlow(branch, at, names, report);
  });
}

function checkTask(state: Fields, path: string, report: Report): void {
  const { Resource, TimeoutSeconds, HeartbeatSeconds } = state;
  if (typeof Resource !== 'string' || !isSupported(Resource)) {
    report(`${path}/Resource`, `The resource '${Resource}' is not supported here`);
  }
  if (state.Arguments === undefined) report(`${path}/Arguments`, 'A service integration needs Arguments');
  requireSeconds(TimeoutSeconds, `${path}/TimeoutSeconds`, report);
  requireSeconds(HeartbeatSeconds, `${path}/HeartbeatSeconds`, report);
  if (
    typeof TimeoutSeconds === 'number' &&
    typeof HeartbeatSeconds === 'number' &&
    HeartbeatSeconds >= TimeoutSeconds
  ) {
    report(`${path}/HeartbeatSeconds`, 'HeartbeatSeconds must be smaller than TimeoutSeconds');
  }
}

function checkChoices(state: Fields, path: string, report: Report): void {
  if (objects(state.Choices).length === 0) report(`${path}/Choices`, 'A Choice needs at least one rule');
  objects(state.Choices).forEach((rule, index) => {
    const at = `${path}/Choices[${index}]`;
    requireKnown(rule, ['Comment', 'Condition', 'Next', 'Assign', 'Output'], at, report);
    if (rule.Condition === undefined) report(`${at}/Condition`, 'A rule needs a Condition');
    if (rule.Next === undefined) report(`${at}/Next`, 'A rule needs Next');
  });
}

function checkProcessor(processor: Json | undefined, path: string, names: Set<string>, report: Report): void {
  if (!isObject(processor)) {
    report(path, 'A Map needs an ItemProcessor');
    return;
  }
  requireKnown(processor, [...flowFields, 'ProcessorConfig'], path, report);
  const { ProcessorConfig } = processor;
  if (isObject(ProcessorConfig) && ProcessorConfig.Mode !== 'INLINE') {
    report(`${path}/ProcessorConfig/Mode`, 'Only inline Maps are run here');
  }
  checkFlow(processor, path, names, report);
}

function checkGuards(state: Fields, path: string, report: Report): void {
  for (const list of ['Retry', 'Catch'] as const) {
    const rules = objects(state[list]);
    rules.forEach((rule, index) => {
      const at = `${path}/${list}[${index}]`;
      checkErrorNames(rule.ErrorEquals, index === rules.length - 1, at, report);
      if (list === 'Retry') checkRetrier(rule, at, report);
      else {
        requireKnown(rule, ['Comment', 'ErrorEquals', 'Next', 'Assign', 'Output'], at, report);
        if (rule.Next === undefined) report(`${at}/Next`, 'A catcher needs Next');
      }
    });
  }
}

function checkErrorNames(names: Json | undefined, last: boolean, path: string, report: Report): void {
  const at = `${path}/ErrorEquals`;
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    report(at, 'ErrorEquals must be a list of error names');
    return;
  }
  for (const name of names as string[]) {
    if (name.startsWith('States.') && !reservedErrors.includes(name))
      report(at, `'${name}' is no error of the service`);
  }
  if (names.includes('States.ALL') && (names.length > 1 || !last))
    report(at, 'States.ALL must stand alone and last');
}

const longestDelay = 31_622_400;
const mostAttempts = 99_999_999;

function checkRetrier(rule: Fields, path: string, report: Report): void {
  const fields = [
    'ErrorEquals',
    'IntervalSeconds',
    'BackoffRate',
    'MaxAttempts',
    'MaxDelaySeconds',
    'JitterStrategy',
  ];
  requireKnown(rule, ['Comment', ...fields], path, report);
  const {
    IntervalSeconds = 1,
    BackoffRate = 2,
    MaxAttempts = 3,
    MaxDelaySeconds,
    JitterStrategy = 'NONE',
  } = rule;
  const need = (holds: boolean, field: string, what: string): void => {
    if (!holds) report(`${path}/${field}`, `${field} must be ${what}`);
  };
  need(isWhole(IntervalSeconds, 1, mostAttempts), 'IntervalSeconds', 'a whole number from 1');
  need(typeof BackoffRate === 'number' && BackoffRate >= 1, 'BackoffRate', 'a number from 1');
  need(isWhole(MaxAttempts, 0, mostAttempts), 'MaxAttempts', `a whole number from 0 to ${mostAttempts}`);
  need(JitterStrategy === 'FULL' || JitterStrategy === 'NONE', 'JitterStrategy', 'FULL or NONE');
  if (MaxDelaySeconds === undefined) return;
  const least = typeof IntervalSeconds === 'number' ? IntervalSeconds + 1 : 1;
  need(
    isWhole(MaxDelaySeconds, least, longestDelay),
    'MaxDelaySeconds',
    'a whole number above IntervalSeconds',
  );
}

function isWhole(value: Json, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** A literal time limit; expressions are checked when they are evaluated. */
function requireSeconds(value: Json | undefined, path: string, report: Report): void {
  if (value === undefined || typeof value === 'string') return;
  if (!isWhole(value, 1, mostAttempts)) report(path, 'A time limit is a whole number of seconds from 1');
}

function objects(list: Json | undefined): Fields[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
