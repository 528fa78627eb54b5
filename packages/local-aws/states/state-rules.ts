import { type Fields, objects, type Report, requireKnown, requireSeconds } from './field-rules.ts';
import { checkGuards } from './guard-rules.ts';
import { isSupported } from './integrations.ts';
import { isObject } from './json.ts';

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

/** Checks the fields of one state; the states inside a Parallel or a Map are not looked at. */
export function checkState(state: Fields, path: string, report: Report): void {
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
  if (state.Assign !== undefined && !isObject(state.Assign))
    report(`${path}/Assign`, 'Assign must be an object');
  if (known.includes('Retry')) checkGuards(state, path, report);
  checkOwnFields(state, path, report);
}

function checkOwnFields(state: Fields, path: string, report: Report): void {
  if (state.Type === 'Task') checkTask(state, path, report);
  if (state.Type === 'Choice') checkChoices(state, path, report);
  if (state.Type === 'Parallel' && objects(state.Branches).length === 0) {
    report(`${path}/Branches`, 'A Parallel needs at least one branch');
  }
  if (state.Type === 'Map') checkProcessor(state, path, report);
  if (state.Type === 'Wait' && (state.Seconds === undefined) === (state.Timestamp === undefined)) {
    report(path, 'A Wait has either Seconds or Timestamp');
  }
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

function checkProcessor({ ItemProcessor }: Fields, path: string, report: Report): void {
  const at = `${path}/ItemProcessor`;
  if (!isObject(ItemProcessor)) {
    report(at, 'A Map needs an ItemProcessor');
    return;
  }
  const { ProcessorConfig } = ItemProcessor;
  if (isObject(ProcessorConfig) && ProcessorConfig.Mode !== 'INLINE') {
    report(`${at}/ProcessorConfig/Mode`, 'Only inline Maps are run here');
  }
}
