import { createHash } from 'node:crypto';
import { AwsError } from '../wire/service.ts';
import { StateError } from './errors.ts';
import type { Json } from './json.ts';
import { quotas } from './quotas.ts';

/** What a waiting task hears from outside. */
export interface TokenOwner {
  succeed(output: Json): void;
  fail(error: StateError): void;
  heartbeat(): void;
}

const secretBytes = 384;
const checkBytes = 32;

function check(secret: Buffer): Buffer {
  return createHash('sha256').update('task token').update(secret).digest();
}

/**
 * Task tokens: opaque text with the length and the characters of the service's. Each is answered once at most
 * (SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat in the API reference).
 */
export class Tokens {
  readonly #random: () => number;
  /** The task that waits; undefined when the token was answered or its task is over. */
  readonly #owners = new Map<string, TokenOwner | undefined>();
  readonly #machines = new Map<string, string>();

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A new token of a state machine; it can be answered from {@link open} on. */
  issue(machineArn: string): string {
    const seed = [this.#owners.size, this.#random(), this.#random()].join();
    const secret = createHash('shake256', { outputLength: secretBytes }).update(seed).digest();
    const token = Buffer.concat([secret, check(secret)]).toString('base64');
    this.#owners.set(token, undefined);
    this.#machines.set(token, machineArn);
    return token;
  }

  /** ARN of the state machine that issued a token, answered or not; undefined of any other text. */
  machineOf(token: string): string | undefined {
    return this.#machines.get(token);
  }

  open(token: string, owner: TokenOwner): void {
    this.#owners.set(token, owner);
  }

  close(token: string): void {
    this.#owners.set(token, undefined);
  }

  /** Throws InvalidToken, TaskDoesNotExist, TaskTimedOut or InvalidOutput. */
  succeed(token: string, output: string): void {
    const owner = this.#owner(token);
    if (Buffer.byteLength(output) > quotas.payloadBytes) {
      throw new AwsError('ValidationException', `The output has more than ${quotas.payloadBytes} bytes`);
    }
    let value: Json;
    try {
      value = JSON.parse(output) as Json;
    } catch {
      throw new AwsError('InvalidOutput', `Invalid Output: '${output.slice(0, 100)}' is not JSON`);
    }
    this.close(token);
    owner.succeed(value);
  }

  /** Throws InvalidToken, TaskDoesNotExist or TaskTimedOut. */
  fail(token: string, error?: string, cause?: string): void {
    const owner = this.#owner(token);
    this.close(token);
    owner.fail(new StateError(error ?? 'States.TaskFailed', cause));
  }

  /** Throws InvalidToken, TaskDoesNotExist or TaskTimedOut. */
  heartbeat(token: string): void {
    this.#owner(token).heartbeat();
  }

  #owner(token: string): TokenOwner {
    const bytes = Buffer.from(token, 'base64');
    const secret = bytes.subarray(0, secretBytes);
    if (bytes.length !== secretBytes + checkBytes || !bytes.subarray(secretBytes).equals(check(secret))) {
      throw new AwsError('InvalidToken', "Invalid Token: 'Invalid token'");
    }
    if (!this.#owners.has(token)) throw new AwsError('TaskDoesNotExist', 'Task does not exist');
    const owner = this.#owners.get(token);
    if (owner === undefined) {
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    return owner;
  }
}
