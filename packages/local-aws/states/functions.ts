import { createHash } from 'node:crypto';
import jsonata from 'jsonata';

/** What JSONata hands to a function as `this`. */
interface Focus {
  environment: { lookup(name: string): unknown; timestamp?: Date };
  input: unknown;
}

interface ServiceFunction {
  /** JSONata's notation; absent where the service leaves missing arguments to the function. */
  signature?: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSONata passes whatever the expression gives
  run(this: Focus, ...given: any[]): unknown;
}

/** Bindings that only these functions can read, as no expression can write such a name. */
export const clockBinding = '#millis';
export const randomBinding = '#random';

function millisOf(focus: Focus): number {
  return focus.environment.lookup(clockBinding) as number;
}

function randomOf(focus: Focus): () => number {
  return focus.environment.lookup(randomBinding) as () => number;
}

type Implementation = { implementation(this: Focus, ...given: unknown[]): unknown };
const dates = (await jsonata('{ "from": $fromMillis, "to": $toMillis }').evaluate(undefined)) as {
  from: Implementation;
  to: Implementation;
};

const hashes: Record<string, string> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/**
 * Functions that Step Functions adds to JSONata ("Transforming data with JSONata" in the developer guide), and those
 * of JSONata that read the time, which is the engine's and the same throughout one evaluation.
 */
export const serviceFunctions: Record<string, ServiceFunction> = {
  now: {
    signature: '<s?s?:s>',
    run(picture, timezone) {
      return dates.from.implementation.call(this, millisOf(this), picture, timezone);
    },
  },
  millis: {
    signature: '<:n>',
    run() {
      return millisOf(this);
    },
  },
  toMillis: {
    signature: '<s-s?:n>',
    run(timestamp, picture) {
      const environment = { ...this.environment, timestamp: new Date(millisOf(this)) };
      return dates.to.implementation.call({ ...this, environment }, timestamp, picture);
    },
  },
  partition: {
    run(array: unknown, size: unknown) {
      const length = Math.trunc(Number(size));
      if (!Array.isArray(array) || array.length === 0 || !(length > 0)) return undefined;
      return Array.from({ length: Math.ceil(array.length / length) }, (_, index) =>
        array.slice(index * length, (index + 1) * length),
      );
    },
  },
  range: {
    run(first: unknown, last: unknown, step: unknown) {
      const [from, to, by] = [first, last, step].map((value) => Math.trunc(Number(value))) as [
        number,
        number,
        number,
      ];
      const count = Math.floor((to - from) / by) + 1;
      if (!(count >= 1) || !Number.isFinite(count)) return undefined;
      return count === 1 ? from : Array.from({ length: count }, (_, index) => from + index * by);
    },
  },
  hash: {
    run(text: unknown, algorithm: unknown) {
      if (typeof text !== 'string' || algorithm === undefined) return undefined;
      const name = hashes[String(algorithm)];
      if (name === undefined)
        throw new Error(`$hash knows ${Object.keys(hashes).join(', ')}, not ${algorithm}`);
      return createHash(name).update(text).digest('hex');
    },
  },
  random: {
    run(seed: unknown) {
      return seed === undefined ? randomOf(this)() : seeded(Number(seed));
    },
  },
  uuid: {
    run() {
      return uuid(randomOf(this));
    },
  },
  parse: {
    run(text: unknown) {
      return typeof text === 'string' ? JSON.parse(text) : undefined;
    },
  },
};

/** A number in [0, 1) that is the same for the same seed; not the service's own numbers. */
function seeded(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}

/** A version 4 UUID made from a source of numbers in [0, 1). */
export function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16));
  hex[12] = '4';
  hex[16] = (8 + Math.floor(random() * 4)).toString(16);
  const text = hex.join('');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}
