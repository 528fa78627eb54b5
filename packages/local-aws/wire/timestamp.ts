import type { NormalizedSchema } from '@smithy/core/schema';
import { mismatch } from './tree.ts';

/** Formats as numbered in the SDK's schemas; 4 is "as the protocol has it". */
export const dateTime = 5;
export const httpDate = 6;
export const epochSeconds = 7;
export type TimestampFormat = typeof dateTime | typeof httpDate | typeof epochSeconds;

/** Writes a Date in the format of its schema, else of its protocol. Epoch seconds keep milliseconds as a fraction. */
export function writeTimestamp(schema: NormalizedSchema, value: unknown, format: TimestampFormat) {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw mismatch(schema, value);
  const own = schema.getSchema();
  const chosen = own === dateTime || own === httpDate || own === epochSeconds ? own : format;
  if (chosen === epochSeconds) return value.getTime() / 1000;
  return chosen === httpDate ? value.toUTCString() : value.toISOString().replace('.000Z', 'Z');
}

/** Reads any of the formats: a number is epoch seconds, a text a date. */
export function readTimestamp(schema: NormalizedSchema, value: unknown): Date {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  const date =
    typeof seconds === 'number' && !Number.isNaN(seconds)
      ? new Date(Math.round(seconds * 1000))
      : new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw mismatch(schema, value);
  return date;
}
