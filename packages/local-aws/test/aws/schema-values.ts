import type { NormalizedSchema } from '@smithy/core/schema';
import fc from 'fast-check';
import { requiredCount } from '../../wire/required.ts';

/** Nesting after which optional members are left out, so that recursive shapes end. */
const deepest = 4;

const awkwardTexts = fc.constantFrom(
  '&<>"\'',
  ' led and trailed ',
  'a\r\nb\tc',
  '__proto__',
  'a.1=b&c+d%20e',
  '',
);
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  awkwardTexts,
);
/** What a header can carry. */
const visible = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
});
const keys = texts.filter((text) => text !== '__proto__');
const numbers = fc.oneof(
  fc.integer(),
  fc.double().map((number) => number + 0),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const instants = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
const blobs = fc.uint8Array({ maxLength: 40 }).map((bytes) => new Uint8Array(bytes));

/**
 * Random values of a schema. No structure and no map is empty, since a form has no way to write such a one; lists may
 * be empty at the top, where it has one.
 */
export function arbitraryOf(schema: NormalizedSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.isUnitSchema()) return fc.constant({});
  if (schema.isStructSchema()) return structure(schema, depth);
  if (schema.isListSchema()) return list(schema, depth);
  if (schema.isMapSchema()) return map(schema, depth);
  if (schema.isTimestampSchema()) return instants;
  if (schema.isBlobSchema()) return blobs;
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema()) return numbers;
  if (schema.isStringSchema()) return schema.getMergedTraits().httpHeader ? visible : texts;
  throw new Error(`No values are known for ${schema.getName(true)}`);
}

function structure(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  const members = [...schema.structIterator()].filter(([, member]) => !isMemberless(member));
  const required = Math.max(requiredCount(schema), 1);
  if (schema.isUnionSchema()) return fc.oneof(...members.map((member) => record([member], 1, depth)));
  const kept = depth < deepest ? members : members.slice(0, required);
  return record(kept, required, depth);
}

function isMemberless(schema: NormalizedSchema): boolean {
  return schema.isStructSchema() && [...schema.structIterator()].length === 0;
}

function record(members: [string, NormalizedSchema][], required: number, depth: number) {
  const values = members.map(([name, member]) => [name, arbitraryOf(member, depth + 1)] as const);
  const requiredKeys = members.slice(0, required).map(([name]) => name);
  return fc.record(Object.fromEntries(values), { requiredKeys, noNullPrototype: true });
}

function list(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  if (depth > deepest) return fc.constant([]);
  const minLength = depth > 1 ? 1 : 0;
  return fc.array(arbitraryOf(schema.getValueSchema(), depth + 1), { minLength, maxLength: 3 });
}

function map(schema: NormalizedSchema, depth: number): fc.Arbitrary<unknown> {
  return fc.dictionary(keys, arbitraryOf(schema.getValueSchema(), depth + 1), {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  });
}
