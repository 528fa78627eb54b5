/** A JSON value, as states pass it to each other. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Bytes of the value as JSON text in UTF-8: what the service's limits count. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

export function isObject(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields that have a value: the wire leaves out the others. */
export function present<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
