import type { DescribeExecutionOutput, HistoryEvent } from '@aws-sdk/client-sfn';
import type { LocalClock } from '../../clock.ts';
import { type InvokeResult, StatesEngine } from '../../states/engine.ts';
import type { Json } from '../../states/json.ts';

/** What a stubbed function does when it is called: it answers, reports an error, or the service fails; `after` is in seconds. */
export type Answer = { after?: number } & (
  | { payload: Json }
  | { error: string; message?: string }
  | { throws: string }
);

export const lambda = 'arn:aws:states:::lambda:invoke';
export const lambdaWithToken = 'arn:aws:states:::lambda:invoke.waitForTaskToken';

/** A call of a stubbed function, with the seconds since the start. */
export interface Invocation {
  name: string;
  payload: Json;
  at: number;
}

/** A Task that calls the stubbed function `name`. */
export function task(name: string, fields: { [key: string]: Json } = { End: true }): { [key: string]: Json } {
  return { Type: 'Task', Resource: lambda, Arguments: { FunctionName: name }, ...fields };
}

/** An engine whose functions give one answer a call, the last one again and again. */
export class Bench {
  readonly engine: StatesEngine;
  readonly clock: LocalClock;
  readonly invocations: Invocation[] = [];
  readonly #functions: Record<string, Answer[]>;
  readonly #begin: number;

  constructor(clock: LocalClock, functions: Record<string, Answer[]> = {}, random: () => number = () => 0.5) {
    this.clock = clock;
    this.#functions = functions;
    this.#begin = clock.now();
    this.engine = new StatesEngine({ clock, random, invoke: (name, payload) => this.#invoke(name, payload) });
  }

  /** Registers the states and starts them. */
  start(definition: { [key: string]: Json }, input: Json = {}, name = 'run'): string {
    const { stateMachineArn } = this.engine.registerStateMachine({
      name: 'machine',
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...definition }),
    });
    return this.engine.startExecution({ stateMachineArn, name, input: JSON.stringify(input) }).executionArn;
  }

  async run(definition: { [key: string]: Json }, input: Json = {}): Promise<DescribeExecutionOutput> {
    return this.engine.settled(this.start(definition, input));
  }

  history(arn: string): readonly HistoryEvent[] {
    return this.engine.getExecutionHistory(arn);
  }

  types(arn: string): (string | undefined)[] {
    return this.history(arn).map(({ type }) => type);
  }

  /** The token of the newest scheduled task, read from the history as the workflow's tools do. */
  token(arn: string): string {
    const scheduled = this.history(arn).findLast(({ type }) => type === 'TaskScheduled');
    const { parameters = '{}' } = scheduled?.taskScheduledEventDetails ?? {};
    return JSON.parse(parameters).Payload.token;
  }

  async #invoke(name: string, payload: Json): Promise<InvokeResult> {
    const answers = this.#functions[name] ?? [{ payload: null }];
    const count = this.invocations.filter((call) => call.name === name).length;
    this.invocations.push({ name, payload, at: (this.clock.now() - this.#begin) / 1000 });
    const answer = answers[Math.min(count, answers.length - 1)] as Answer;
    if (answer.after !== undefined) await this.clock.sleep(answer.after * 1000);
    if ('throws' in answer) throw Object.assign(new Error('the service failed'), { name: answer.throws });
    if ('error' in answer)
      return { error: { errorType: answer.error, errorMessage: answer.message ?? 'it failed' } };
    return { payload: answer.payload };
  }
}
