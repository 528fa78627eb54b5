import type { NormalizedSchema } from '@smithy/core/schema';
import { readTextLeaf } from './text-leaf.ts';
import { mismatch } from './tree.ts';
import { MalformedRequest } from './wire.ts';

/** A key such as `Filters.Filter.1.Name` is a path in a tree whose nodes may carry a text. */
interface Node {
  text?: string;
  children: Map<string, Node>;
}

/** Parameters of a Query call → the input of the SDK's command. What the schema does not name is left out. */
export function readQueryInput(schema: NormalizedSchema, parameters: URLSearchParams): unknown {
  const root: Node = { children: new Map() };
  for (const [key, text] of parameters) {
    let node = root;
    for (const part of key.split('.')) node = childOf(node, part);
    node.text = text;
  }
  return schema.isStructSchema() ? readStructure(schema, root) : {};
}

function childOf(node: Node, part: string): Node {
  const child = node.children.get(part) ?? { children: new Map() };
  node.children.set(part, child);
  return child;
}

function readValue(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStructure(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  if (node.text === undefined) throw mismatch(schema, {});
  return readTextLeaf(schema, node.text);
}

function readStructure(schema: NormalizedSchema, node: Node) {
  const structure: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const child = node.children.get(member.getMergedTraits().xmlName ?? name);
    if (child) structure[name] = readValue(member, child);
  }
  return structure;
}

/** `Name.member.1`, where the schema may call `member` otherwise or leave it out. `Name=` is the empty list. */
function readList(schema: NormalizedSchema, node: Node) {
  const member = schema.getValueSchema();
  const items = schema.getMergedTraits().xmlFlattened
    ? node
    : node.children.get(member.getMergedTraits().xmlName ?? 'member');
  return inOrder(items).map((item) => readValue(member, item));
}

/** `Name.entry.1.key` and `Name.entry.1.value`. */
function readMap(schema: NormalizedSchema, node: Node) {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = schema.getMergedTraits().xmlFlattened ? node : node.children.get('entry');
  return Object.fromEntries(
    inOrder(entries).map((entry) => {
      const keyNode = entry.children.get(key.getMergedTraits().xmlName ?? 'key');
      const valueNode = entry.children.get(value.getMergedTraits().xmlName ?? 'value');
      if (keyNode?.text === undefined || !valueNode) throw mismatch(schema, 'an entry without key or value');
      return [keyNode.text, readValue(value, valueNode)];
    }),
  );
}

function inOrder(node: Node | undefined): Node[] {
  return [...(node?.children ?? [])]
    .map(([position, item]): [number, Node] => [asPosition(position), item])
    .sort(([one], [other]) => one - other)
    .map(([, item]) => item);
}

function asPosition(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new MalformedRequest(`"${text}" is not a position in a list`);
  return Number(text);
}
