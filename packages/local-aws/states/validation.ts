import { findExpressionFaults } from './expression-rules.ts';
import {
  type FieldFault,
  type Fields,
  objects,
  type Report,
  requireKnown,
  requireSeconds,
} from './field-rules.ts';
import { isObject, type Json } from './json.ts';
import { checkState } from './state-rules.ts';
import { findVariableFaults, flowsIn } from './variable-rules.ts';

const machineFields = ['Comment', 'QueryLanguage', 'StartAt', 'States', 'TimeoutSeconds', 'Version'];
const innerFields = ['Comment', 'StartAt', 'States', 'ProcessorConfig'];
const longestName = 80;

/** Every fault that can be seen in a definition without running it, with the place where it stands. */
export function findFaults(definition: unknown): string[] {
  if (!isObject(definition)) return ['The definition must be a JSON object'];
  if (definition.QueryLanguage !== 'JSONata') {
    return [
      'QueryLanguage must be "JSONata", as JSONPath state machines are not run here, at /QueryLanguage',
    ];
  }
  const faults: FieldFault[] = [];
  const report = (path: string, what: string): void => {
    faults.push({ path, what });
  };
  requireKnown(definition, machineFields, '', report);
  requireSeconds(definition.TimeoutSeconds, '/TimeoutSeconds', report);
  checkFlow(definition, '', new Set(), report);
  // What stands in a state can be read only when its fields are in order.
  if (faults.length === 0)
    faults.push(...findExpressionFaults(definition), ...findVariableFaults(definition));
  return faults.map(({ path, what }) => `${what} at ${path}`);
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
    if (!isObject(state)) {
      report(at, 'A state must be a JSON object');
      continue;
    }
    checkState(state, at, report);
    for (const inner of flowsIn(state, at)) {
      requireKnown(inner.flow, innerFields, inner.path, report);
      checkFlow(inner.flow, inner.path, names, report);
    }
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
