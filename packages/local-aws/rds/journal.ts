import type { Call } from '../wire/service.ts';
import { copyOf } from './world/copy.ts';

export interface Touched {
  resourceId: string;
  arn: string;
  /** True when the resource carried a name that applications use, at the moment of the call. */
  production: boolean;
}

/** One call that could change something, accepted or refused. */
export interface Mutation {
  at: number;
  operation: string;
  requestId: string;
  accessKeyId: string | undefined;
  input: unknown;
  touched: Touched[];
  /** Name of the error, when the call was refused. */
  refused: string | undefined;
}

/** Every changing call with what it touched: who did what, when, and was it production. */
export class Journal {
  readonly mutations: Mutation[] = [];

  begin(at: number, call: Call, input: unknown): Mutation {
    const mutation: Mutation = {
      at,
      operation: call.operation,
      requestId: call.requestId,
      accessKeyId: call.accessKeyId,
      input: copyOf(input),
      touched: [],
      refused: undefined,
    };
    this.mutations.push(mutation);
    return mutation;
  }

  accepted(operation: string): Mutation[] {
    return this.mutations.filter((entry) => entry.operation === operation && entry.refused === undefined);
  }
}
