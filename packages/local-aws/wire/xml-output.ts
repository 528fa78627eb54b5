import type { NormalizedSchema } from '@smithy/core/schema';
import { checkPlain, writeBase64 } from './json.ts';
import type { Refusal } from './refusal.ts';
import { dateTime, writeTimestamp } from './timestamp.ts';
import { mismatch } from './tree.ts';

/** The members of a structure as XML elements, without an element for the structure itself. */
export function writeXmlMembers(schema: NormalizedSchema, value: unknown): string {
  if (typeof value !== 'object' || value === null) throw mismatch(schema, value);
  const record = value as Record<string, unknown>;
  let xml = '';
  for (const [name, member] of schema.structIterator()) {
    const tag = member.getMergedTraits().xmlName ?? name;
    if (record[name] != null) xml += writeValue(member, tag, record[name]);
  }
  return xml;
}

/** What stands in an `ErrorResponse`. */
export function writeXmlErrorBody(
  { fault, message, members, schema }: Refusal,
  code: string,
  requestId: string,
): string {
  const details =
    writeXmlText('Type', fault === 'server' ? 'Receiver' : 'Sender') +
    writeXmlText('Code', code) +
    writeXmlText('Message', message) +
    writeXmlMembers(schema, { ...members, message: undefined, Message: undefined });
  return `<Error>${details}</Error>${writeXmlText('RequestId', requestId)}`;
}

/** One element with escaped text. */
export function writeXmlText(tag: string, text: string): string {
  return `<${tag}>${escapeXml(text)}</${tag}>`;
}

function writeValue(schema: NormalizedSchema, tag: string, value: unknown): string {
  if (schema.isStructSchema()) return `<${tag}>${writeXmlMembers(schema, value)}</${tag}>`;
  if (schema.isListSchema()) return writeList(schema, tag, value);
  if (schema.isMapSchema()) return writeMap(schema, tag, value);
  return writeXmlText(tag, writeLeaf(schema, value));
}

function writeList(schema: NormalizedSchema, tag: string, value: unknown): string {
  if (!Array.isArray(value)) throw mismatch(schema, value);
  const member = schema.getValueSchema();
  const flat = schema.getMergedTraits().xmlFlattened;
  const itemTag = flat ? tag : (member.getMergedTraits().xmlName ?? 'member');
  const items = value.filter((item) => item != null).map((item) => writeValue(member, itemTag, item));
  return flat ? items.join('') : `<${tag}>${items.join('')}</${tag}>`;
}

function writeMap(schema: NormalizedSchema, tag: string, value: unknown): string {
  if (typeof value !== 'object' || value === null) throw mismatch(schema, value);
  const [key, member] = [schema.getKeySchema(), schema.getValueSchema()];
  const [keyTag, valueTag] = [
    key.getMergedTraits().xmlName ?? 'key',
    member.getMergedTraits().xmlName ?? 'value',
  ];
  const flat = schema.getMergedTraits().xmlFlattened;
  const entryTag = flat ? tag : 'entry';
  const entries = Object.entries(value)
    .filter(([, item]) => item != null)
    .map(([name, item]) => writeXmlText(keyTag, name) + writeValue(member, valueTag, item))
    .map((entry) => `<${entryTag}>${entry}</${entryTag}>`);
  return flat ? entries.join('') : `<${tag}>${entries.join('')}</${tag}>`;
}

function writeLeaf(schema: NormalizedSchema, value: unknown): string {
  if (schema.isTimestampSchema()) return String(writeTimestamp(schema, value, dateTime));
  if (schema.isBlobSchema()) return writeBase64(schema, value);
  return String(checkPlain(schema, value));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** XML 1.0 cannot hold most control characters in any form; they become U+FFFD. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters in question
const unprintable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(unprintable, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => entities[character] ?? '');
}
