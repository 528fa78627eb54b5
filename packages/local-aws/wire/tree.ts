import type { NormalizedSchema } from '@smithy/core/schema';
import { MalformedRequest } from './wire.ts';

/** Turns one scalar, blob or timestamp from one side into the other. */
export type Leaf = (schema: NormalizedSchema, value: unknown) => unknown;

/**
 * Copies a value that is laid out like its schema (JSON, CBOR), leaf by leaf. What the schema does not name and what
 * is null is left out, as AWS does it.
 */
export function copyModelled(schema: NormalizedSchema, value: unknown, leaf: Leaf): unknown {
  const { kind, members = [], member } = layoutOf(schema);
  if (kind === 'leaf') return leaf(schema, value);
  if (kind === 'structure') return copyStructure(members, asRecord(schema, value), leaf);
  if (kind === 'list') return copyList(schema, value, member ?? schema, leaf);
  if (kind === 'map') return copyMap(asRecord(schema, value), member ?? schema, leaf);
  return value;
}

/** Kind of a schema, the members of a structure, and the schema of what a list or a map holds. */
interface Layout {
  kind: 'structure' | 'list' | 'map' | 'document' | 'leaf';
  members?: readonly (readonly [name: string, schema: NormalizedSchema])[];
  member?: NormalizedSchema;
}

/** A schema finds out anew with every question what it is, and there is one for every value of every answer. */
const layouts = new WeakMap<NormalizedSchema, Layout>();

function layoutOf(schema: NormalizedSchema): Layout {
  const known = layouts.get(schema);
  if (known) return known;
  const layout = readLayout(schema);
  layouts.set(schema, layout);
  return layout;
}

function readLayout(schema: NormalizedSchema): Layout {
  if (schema.isStructSchema()) return { kind: 'structure', members: [...schema.structIterator()] };
  if (schema.isListSchema()) return { kind: 'list', member: schema.getValueSchema() };
  if (schema.isMapSchema()) return { kind: 'map', member: schema.getValueSchema() };
  return { kind: schema.isDocumentSchema() ? 'document' : 'leaf' };
}

function copyStructure(
  members: NonNullable<Layout['members']>,
  value: Record<string, unknown>,
  leaf: Leaf,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const present = value[name];
    if (present != null && Object.hasOwn(value, name)) copy[name] = copyModelled(member, present, leaf);
  }
  return copy;
}

function copyList(schema: NormalizedSchema, value: unknown, member: NormalizedSchema, leaf: Leaf) {
  if (!Array.isArray(value)) throw mismatch(schema, value);
  return value.filter((item) => item != null).map((item) => copyModelled(member, item, leaf));
}

function copyMap(value: Record<string, unknown>, member: NormalizedSchema, leaf: Leaf) {
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
