import { placeholder, type Value, x } from './expressions.ts';
import { fault } from './failures.ts';
import { type State, way } from './level.ts';
import { hookDidNotBegin } from './policies.ts';
import { type AnyTask, catches, execution, lambda, token } from './tasks.ts';

/** Functions of the user, by their name in the request. */
export type Stage =
  | 'changeGreen'
  | 'testGreen'
  | 'stopWrites'
  | 'resumeWrites'
  | 'verifyProduction'
  | 'handOver';

export interface Hook<Name extends string, Variable extends string> extends AnyTask<Name, Variable> {
  stage: Stage;
  /** Address that the hook is given. Text of JSONata. */
  endpoint: string;
}

/** A function of the user that returns its answer. */
export function hook<Name extends string, Variable extends string>(of: Hook<Name, Variable>): State {
  return () => ({
    ...calledHook(of, lambda, {}),
    // The longest that Lambda lets a function run.
    TimeoutSeconds: 900,
    ...afterHook(of, answerIn('$states.result.Payload')),
  });
}

/** A function of the user that answers a token, within the time that the request gives it. */
export function hookAnsweringLater<Name extends string, Variable extends string>(
  of: Hook<Name, Variable>,
): State {
  return () => ({
    ...calledHook(of, `${lambda}.waitForTaskToken`, token),
    TimeoutSeconds: x`$request.hooks.${of.stage}.withinMinutes * 60`,
    ...afterHook(of, answerIn('$states.result')),
  });
}

/**
 * Looks whether the hook that is the input may be invoked by the machine's own role, which is to invoke it later. Lambda's dry run runs none of
 * its code: a hook that overlooks what it is asked for would stop writes. The output is the input with `refused`: null, or why not.
 */
export function hookDryRun<Name extends string>(of: { comment: string; next: Name; refused: Name }): State {
  return () => ({
    ...calledDry(of.comment, '$states.input.arn'),
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: x`$merge([$states.input, {'refused': ${why(1_000)}}])`,
        Next: of.refused,
      },
    ],
    Output: x`$merge([$states.input, {'refused': null}])`,
    Next: of.next,
  });
}

/** Looks as {@link hookDryRun} does, for the load on a copy: a refusal is the failure of the state. `arn` is text of JSONata. */
export function hookDryRunOfLoad<Name extends string, Variable extends string>(
  of: AnyTask<Name, Variable> & { arn: string },
): State {
  return () => ({
    ...calledDry(of.comment, of.arn),
    ...catches(of.caught, of.failed),
    ...way(of),
  });
}

/** The hook of one consumer, which is the input. The output keeps what it said, or why it said nothing: neither changes how the run goes on. */
export function hookOfConsumer<Name extends string>(of: { comment: string; next: Name }): State {
  const said = (field: string) => x`{'consumer': $states.input, ${field}}`;
  return () => ({
    Type: 'Task',
    Comment: of.comment,
    Resource: lambda,
    Arguments: {
      FunctionName: x`$request.hooks.handOver.arn`,
      Payload: {
        stage: 'handOver',
        database: x`$deployment.database.id`,
        endpoint: x`$deployment.handOver.begins.endpoint`,
        deployment: x`$deployment`,
        ...execution,
        consumer: x`$states.input`,
        ended: x`$deployment.handOver.ended`,
        begins: x`$deployment.handOver.begins`,
      },
    },
    // The longest that Lambda lets a function run.
    TimeoutSeconds: 900,
    Retry: [hookDidNotBegin],
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: said(`'failed': ${why(300)}`),
        Next: of.next,
      },
    ],
    Output: said(`'answer': ${answerIn('$states.result.Payload', 300)}`),
    Next: of.next,
  });
}

/**
 * The function of the user that puts load on the copy of a rehearsal. It is told the copy and nothing of production.
 * @param load variable that holds it: its ARN, the rehearsal, and name, resource id and address of the copy. Text of JSONata
 */
export function hookOfLoad<Name extends string, Variable extends string>(
  of: AnyTask<Name, Variable> & { stage: 'startLoad' | 'stopLoad'; load: string },
): State {
  const told = ['database', 'resourceId', 'endpoint', 'rehearsal'].map((field) => [
    field,
    x`${of.load}.${field}`,
  ]);
  return () => ({
    Type: 'Task',
    Comment: of.comment,
    Resource: lambda,
    Arguments: {
      FunctionName: x`${of.load}.arn`,
      Payload: { stage: of.stage, ...execution, ...Object.fromEntries(told) },
    },
    // The longest that Lambda lets a function run.
    TimeoutSeconds: 900,
    Retry: [hookDidNotBegin],
    ...catches(of.caught, of.failed),
    ...way(of),
  });
}

/** What is kept of the answer of a load, `facts` as JSON. Text of JSONata. */
export const answerOfLoad = `$merge([${answerIn('$states.result.Payload', 300)}, {'facts': $substring($string($states.result.Payload.facts), 0, 1000)}])`;

/** Why the load gave no answer. Text of JSONata. */
export const noAnswerOfLoad = `{'failed': ${why(300)}}`;

/**
 * What is kept of an answer, as text of JSONata. A function may return 256 KiB, and a state that gets more than that, with what else it is given, ends
 * the run with an error that nothing catches. The history has the whole answer.
 */
function answerIn(answer: string, longest = 4_000): string {
  return `{'verdict': $substring($string(${answer}.verdict), 0, 20), 'because': $substring($string(${answer}.because), 0, ${longest})}`;
}

/** Why a function could not be invoked, or what it threw: Lambda gives up to 32 KiB, a trace included. Text of JSONata. */
function why(longest: number): string {
  return `$substring($states.errorOutput.Error & ': ' & $states.errorOutput.Cause, 0, ${longest})`;
}

const calledDry = (comment: string, arn: string) => ({
  Type: 'Task',
  Comment: comment,
  Resource: `arn:${placeholder('partition')}:states:::aws-sdk:lambda:invoke`,
  Arguments: { FunctionName: x`${arn}`, InvocationType: 'DryRun' },
  TimeoutSeconds: 60,
  Retry: [hookDidNotBegin],
});

const calledHook = (of: Hook<string, string>, resource: string, besides: Record<string, Value>) => ({
  Type: 'Task',
  Comment: of.comment,
  Resource: resource,
  Arguments: {
    FunctionName: x`$request.hooks.${of.stage}.arn`,
    Payload: {
      stage: of.stage,
      database: x`$deployment.database.id`,
      endpoint: x`${of.endpoint}`,
      deployment: x`$deployment`,
      ...execution,
      ...besides,
    },
  },
});

const afterHook = (of: Hook<string, string>, answer: string) => ({
  Retry: [hookDidNotBegin],
  ...catches(of.caught, of.failed),
  ...way({ assign: { hookAnswer: x`${answer}`, ...of.assign }, next: of.next }),
});

export const hasHook = (stage: Stage) => x`$exists($request.hooks.${stage})`;

/** Whether the hook answers a token later, and not by returning. */
export const answersLater = (stage: Stage) =>
  x`$exists($request.hooks.${stage}) and $request.hooks.${stage}.callback`;

/** Address of the side that serves, as text of JSONata. */
export const servingEndpoint =
  "$serving.side = 'green' ? $deployment.green.endpoint : $deployment.blue.endpoint";

export const hookPassed = x`$exists($hookAnswer.verdict) and $hookAnswer.verdict = 'pass'`;

/** A hook answered no, or gave an answer that is no yes. */
export function hookSaidNo<State extends string>(state: State): string {
  return fault(
    state,
    'BlueGreen.TestFailed',
    "$exists($hookAnswer.because) ? $hookAnswer.because : 'the hook gave no answer of the form {verdict, because, facts}'",
  );
}
