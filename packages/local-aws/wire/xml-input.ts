import type { NormalizedSchema } from '@smithy/core/schema';
import { readTextLeaf } from './text-leaf.ts';
import { mismatch } from './tree.ts';
import { MalformedRequest } from './wire.ts';

/** An element: its text, as far as it has one, and the elements in it. */
interface Element {
  name: string;
  text: string;
  children: Element[];
}

/** Members of a structure out of the XML document that holds them; `{}` for an empty body. What the schema does not name is left out. */
export function readXmlMembers(
  members: [name: string, schema: NormalizedSchema][],
  xml: string,
): Record<string, unknown> {
  return xml.trim() === '' ? {} : readMembers(members, parseXml(xml));
}

function readMembers(members: Iterable<[string, NormalizedSchema]>, element: Element) {
  const structure: Record<string, unknown> = {};
  for (const [name, schema] of members) {
    const { xmlName, xmlFlattened } = schema.getMergedTraits();
    const found = element.children.filter((child) => child.name === (xmlName ?? name));
    const [first] = found;
    if (!first) continue;
    structure[name] = xmlFlattened
      ? found.map((item) => readValue(schema.getValueSchema(), item))
      : readValue(schema, first);
  }
  return structure;
}

function readValue(schema: NormalizedSchema, element: Element): unknown {
  if (schema.isStructSchema()) return readMembers(schema.structIterator(), element);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const tag = item.getMergedTraits().xmlName ?? 'member';
    return element.children.filter(({ name }) => name === tag).map((child) => readValue(item, child));
  }
  if (element.children.length > 0) throw mismatch(schema, {});
  return readTextLeaf(schema, element.text);
}

/** A tag, or the text between two. Comments, CDATA and document types are no part of an AWS call. */
const token = /<(\/?)([\w:.-]+)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/gy;

function parseXml(document: string): Element {
  const xml = document.replace(/^\s*<\?xml[^>]*\?>\s*/, '');
  const root: Element = { name: '', text: '', children: [] };
  const open = [root];
  token.lastIndex = 0;
  while (token.lastIndex < xml.length) {
    const [, closing, name = '', , empty, text] = token.exec(xml) ?? [];
    const inner = open.at(-1) as Element;
    if (text !== undefined) inner.text += unescapeXml(text);
    else if (closing) {
      if (open.pop()?.name !== name || open.length === 0) throw notXml();
    } else if (name) {
      const element = { name, text: '', children: [] };
      inner.children.push(element);
      if (!empty) open.push(element);
    } else throw notXml();
  }
  const [document_, ...others] = root.children;
  if (!document_ || others.length > 0 || open.length > 1) throw notXml();
  return document_;
}

const notXml = () => new MalformedRequest('the body is not XML');

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);|&/gi, (_all, entity: string | undefined) => {
    if (entity?.startsWith('#')) {
      const code = /^#x/i.test(entity) ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
      if (code <= 0x10ffff) return String.fromCodePoint(code);
    }
    const character = entity && entities[entity];
    if (!character) throw notXml();
    return character;
  });
}
