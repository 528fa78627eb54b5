import { reservedErrors } from './errors.ts';
import { type Fields, isWhole, objects, type Report, requireKnown } from './field-rules.ts';
import type { Json } from './json.ts';

/** Checks Retry and Catch: "Handling errors in Step Functions workflows" in the developer guide. */
export function checkGuards(state: Fields, path: string, report: Report): void {
  for (const list of ['Retry', 'Catch'] as const) {
    if (state[list] !== undefined && !Array.isArray(state[list]))
      report(`${path}/${list}`, `${list} must be a list`);
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
