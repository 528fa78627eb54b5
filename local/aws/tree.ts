import type { NormalizedSchema } from '@smithy/core/schema';
import { MalformedRequest } from './wire.ts';

/** Turns one scalar, blob or timestamp from one side into the other. */
export type Leaf = (schema: NormalizedSchema, value: unknown) => unknown;

/**
 * Copies a value that is laid out like its schema (JSON, CBOR), leaf by leaf. What the schema does not name and what
 * is null is left out, as AWS does it.
 */
export function copyModelled(schema: NormalizedSchema, value: unknown, leaf: Leaf): unknown {
  if (schema.isStructSchema()) return copyStructure(schema, asRecord(schema, value), leaf);
  if (schema.isListSchema()) return copyList(schema, value, leaf);
  if (schema.isMapSchema()) return copyMap(schema, asRecord(schema, value), leaf);
  if (schema.isDocumentSchema()) return value;
  return leaf(schema, value);
}

function copyStructure(schema: NormalizedSchema, value: Record<string, unknown>, leaf: Leaf) {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const present = value[name];
    if (present != null && Object.hasOwn(value, name)) copy[name] = copyModelled(member, present, leaf);
  }
  return copy;
}

function copyList(schema: NormalizedSchema, value: unknown, leaf: Leaf) {
  if (!Array.isArray(value)) throw mismatch(schema, value);
  const member = schema.getValueSchema();
  return value.filter((item) => item != null).map((item) => copyModelled(member, item, leaf));
}

function copyMap(schema: NormalizedSchema, value: Record<string, unknown>, leaf: Leaf) {
  const member = schema.getValueSchema();
  const entries = Object.entries(value).filter(([, item]) => item != null);
  return Object.fromEntries(entries.map(([key, item]) => [key, copyModelled(member, item, leaf)]));
}

function asRecord(schema: NormalizedSchema, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw mismatch(schema, value);
  return value as Record<string, unknown>;
}

/** Says which member holds what its schema does not allow. */
export function mismatch(schema: NormalizedSchema, value: unknown): MalformedRequest {
  const where = schema.getMemberName() ?? schema.getName() ?? 'value';
  const kind = Array.isArray(value) ? 'list' : value instanceof Date ? 'timestamp' : typeof value;
  return new MalformedRequest(`${where} cannot be a ${kind}`);
}
