/** A JSON value, as states pass it to each other. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Bytes of the value as JSON text in UTF-8: what the service's limits count. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/**
 * What is left of a value when it is written as JSON and read again, in a fifth of the time: no `undefined`, no functions, numbers that
 * are finite, lists without further members. What writes itself (`toJSON`) is written.
 */
export function copyJson(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== 'object') return undefined;
  if ('toJSON' in value) return JSON.parse(JSON.stringify(value)) as Json;
  if (Array.isArray(value)) return value.map((item) => copyJson(item) ?? null);
  const copy: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    const copied = copyJson(member);
    if (copied !== undefined) copy[key] = copied;
  }
  return copy;
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields that have a value: the wire leaves out the others. */
export function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
