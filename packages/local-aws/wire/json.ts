import type { NormalizedSchema } from '@smithy/core/schema';
import { epochSeconds, readTimestamp, writeTimestamp } from './timestamp.ts';
import { mismatch } from './tree.ts';
import { decodeText, MalformedRequest } from './wire.ts';

/** An absent body is an empty object. */
export function parseJson(body: Uint8Array): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(decodeText(body));
  } catch {
    throw new MalformedRequest('the body is not JSON');
  }
}

/** Reads one leaf of a JSON body. */
export function readJsonLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return readTimestamp(schema, value);
  if (schema.isBlobSchema()) return readBase64(schema, value);
  if (schema.isNumericSchema()) return readNumber(schema, value);
  return checkPlain(schema, value);
}

/** Writes one leaf into a JSON body. */
export function writeJsonLeaf(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isTimestampSchema()) return writeTimestamp(schema, value, epochSeconds);
  if (schema.isBlobSchema()) return writeBase64(schema, value);
  if (schema.isNumericSchema()) return writeNumber(schema, value);
  return checkPlain(schema, value);
}

/** A string or boolean passes as it is; anything else in its place is refused. */
export function checkPlain(schema: NormalizedSchema, value: unknown): unknown {
  const expected = schema.isBooleanSchema() ? 'boolean' : schema.isNumericSchema() ? 'number' : 'string';
  if (typeof value !== expected) throw mismatch(schema, value);
  return value;
}

export function readBase64(schema: NormalizedSchema, value: unknown): Uint8Array {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw mismatch(schema, value);
  return new Uint8Array(Buffer.from(value, 'base64'));
}

export function writeBase64(schema: NormalizedSchema, value: unknown): string {
  if (!(value instanceof Uint8Array)) throw mismatch(schema, value);
  return Buffer.from(value).toString('base64');
}

/** JSON has no way to write these three but as text. */
const notFinite = ['NaN', 'Infinity', '-Infinity'];

function readNumber(schema: NormalizedSchema, value: unknown): unknown {
  return typeof value === 'string' && notFinite.includes(value) ? Number(value) : checkPlain(schema, value);
}

function writeNumber(schema: NormalizedSchema, value: unknown): unknown {
  checkPlain(schema, value);
  return Number.isFinite(value) ? value : String(value);
}
