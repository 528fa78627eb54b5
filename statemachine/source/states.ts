import { type Expression, x } from './expressions.ts';
import { type ErrorName, fault, late } from './failures.ts';
import { hook, hookAnsweringLater, hookSaidNo } from './hooks.ts';
import { type State, type Way, way } from './level.ts';
import { each, start, task, wait } from './tasks.ts';

export interface Choice<Name extends string, Variable extends string> {
  comment: string;
  /** The first that is true is taken. */
  options: readonly ({ when: Expression } & Way<Name, Variable>)[];
  otherwise: Name | Required<Way<Name, Variable>>;
}

export interface Pass<Name extends string, Variable extends string> extends Required<Way<Name, Variable>> {
  comment: string;
}

/** `otherwise` that assigns is a last rule with the condition `true`: docs/decisions.md, 2026-11-21. */
function choice<Name extends string, Variable extends string>(of: Choice<Name, Variable>): State {
  const rule = ({ when, ...rest }: { when: Expression } & Way<Name, Variable>) => ({
    Condition: when,
    ...way(rest),
  });
  const { otherwise } = of;
  const named = typeof otherwise === 'string';
  return () => ({
    Type: 'Choice',
    Comment: of.comment,
    Choices: [...of.options.map(rule), ...(named ? [] : [rule({ when: x`true`, ...otherwise })])],
    ...(named && { Default: otherwise }),
  });
}

function pass<Name extends string, Variable extends string>(of: Pass<Name, Variable>): State {
  return () => ({ Type: 'Pass', Comment: of.comment, ...way(of) });
}

function pause<Name extends string>(of: { comment: string; seconds: number; next: Name }): State {
  return () => ({ Type: 'Wait', Comment: of.comment, Seconds: of.seconds, Next: of.next });
}

export function succeed(comment: string, output?: Expression): State {
  return () => ({ Type: 'Succeed', Comment: comment, ...(output && { Output: output }) });
}

export function fail(comment: string, error: Expression | ErrorName, cause: Expression): State {
  return () => ({ Type: 'Fail', Comment: comment, Error: error, Cause: cause });
}

/** The builders of one machine, for the names of the states that may lead to each other and of the variables that they know. */
export const statesOf = <Name extends string, Variable extends string>() => ({
  task: task<Name, Variable>,
  wait: wait<Name, Variable>,
  hook: hook<Name, Variable>,
  hookAnsweringLater: hookAnsweringLater<Name, Variable>,
  start: start<Name, Variable>,
  choice: choice<Name, Variable>,
  pass: pass<Name, Variable>,
  pause: pause<Name>,
  each: each<Name, Variable>,
  fault: fault<Name>,
  late: late<Name>,
  hookSaidNo: hookSaidNo<Name>,
});
