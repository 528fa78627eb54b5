import type { NormalizedSchema } from '@smithy/core/schema';
import { readBase64 } from './json.ts';
import { readTimestamp } from './timestamp.ts';
import { mismatch } from './tree.ts';

/** Reads a leaf that travels as text: in a form, a header, a path or a query. */
export function readTextLeaf(schema: NormalizedSchema, text: string): unknown {
  if (schema.isTimestampSchema()) return readTimestamp(schema, text);
  if (schema.isBlobSchema()) return readBase64(schema, text);
  if (schema.isBooleanSchema()) return readBoolean(schema, text);
  if (schema.isNumericSchema()) return readNumber(schema, text);
  return text;
}

function readBoolean(schema: NormalizedSchema, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw mismatch(schema, text);
  return text === 'true';
}

function readNumber(schema: NormalizedSchema, text: string): number {
  const number = Number(text);
  if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN')) throw mismatch(schema, text);
  return number;
}
