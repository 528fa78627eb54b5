import type { CallRecord } from './answer-call.ts';
import type { Call } from './service.ts';

/** A call as it was received, and how it ended; without `outcome` it is still being processed. */
export interface FunctionCall {
  at: number;
  call: Call;
  input: unknown;
  outcome?: CallRecord['outcome'];
  /** When it ended: a client that waits no longer than its limit may have given it up, and sent it again. */
  endedAt?: number;
}

/** Readings, by how AWS names its operations: nobody has to account for them. */
const reading = /^(Describe|Filter|Get|List|Sign)/;

/** What the functions have sent, readings left out, in the order in which it was received. */
export class FunctionCalls {
  readonly calls: FunctionCall[] = [];
  readonly #underWay = new Map<Call, FunctionCall>();
  readonly #isFunction: (accessKeyId: string) => boolean;

  /** @param isFunction whether a key is one that functions sign with */
  constructor(isFunction: (accessKeyId: string) => boolean) {
    this.#isFunction = isFunction;
  }

  begin(at: number, call: Call, input: unknown): void {
    if (!this.#isFunction(call.accessKeyId ?? '') || reading.test(call.operation)) return;
    const received: FunctionCall = { at, call, input };
    this.#underWay.set(call, received);
    this.calls.push(received);
  }

  end(at: number, { call, outcome }: CallRecord): void {
    const received = this.#underWay.get(call);
    if (received) Object.assign(received, { outcome, endedAt: at });
    this.#underWay.delete(call);
  }
}
