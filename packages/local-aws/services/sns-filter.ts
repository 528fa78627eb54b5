import { BlockList, isIP } from 'node:net';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { isAlternative, type Policy } from './sns-policy.ts';

/** A filter as a subscription has it: without a policy it accepts everything. */
export interface Filter {
  /** `FilterPolicy`, JSON. */
  policy?: string | undefined;
  /** `FilterPolicyScope`: `MessageAttributes`, also when absent, or `MessageBody`. */
  scope?: string | undefined;
}

/** What a policy is compared with. */
export interface Filtered {
  message: string;
  attributes: Record<string, MessageAttributeValue>;
}

/** A property as JSON has it; attributes become the same. */
type Properties = Record<string, unknown>;

/** Whether SNS delivers this message to a subscription ("Amazon SNS subscription filter policies", developer guide). */
export function accepts({ policy, scope = 'MessageAttributes' }: Filter, filtered: Filtered): boolean {
  const parsed = JSON.parse(policy?.trim() || '{}') as Policy;
  if (Object.keys(parsed).length === 0) return true;
  const properties =
    scope === 'MessageBody' ? readBody(filtered.message) : readAttributes(filtered.attributes);
  return properties !== undefined && meets(parsed, properties);
}

/** A body that is no JSON object meets no policy. */
function readBody(message: string): Properties | undefined {
  try {
    const body: unknown = JSON.parse(message);
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Binary attributes are ignored; an array is compared element by element. */
function readAttributes(attributes: Record<string, MessageAttributeValue>): Properties {
  const properties: Properties = {};
  for (const [name, { DataType = '', StringValue = '' }] of Object.entries(attributes)) {
    if (DataType.endsWith('.Array')) properties[name] = readArray(StringValue);
    else if (DataType.startsWith('Number')) properties[name] = Number(StringValue);
    else if (DataType.startsWith('String')) properties[name] = StringValue;
  }
  return properties;
}

function readArray(json: string): unknown[] {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** AND over the keys of a policy. */
function meets(policy: Policy, properties: Properties): boolean {
  return Object.entries(policy).every(([key, wanted]) => {
    if (key === '$or' && isAlternative(wanted)) return wanted.some((one) => meets(one, properties));
    const found = properties[key];
    if (isObject(wanted)) return isObject(found) && meets(wanted as Policy, found);
    const isEmpty = Object.keys(properties).length === 0;
    return Array.isArray(wanted) && wanted.some((condition) => holds(condition, leavesOf(found), isEmpty));
  });
}

const leavesOf = (found: unknown): unknown[] => (found === undefined ? [] : [found].flat());

/** OR over the values of a property, as each element of an array is compared for itself. */
function holds(condition: unknown, values: unknown[], isEmpty: boolean): boolean {
  if (isObject(condition) && 'exists' in condition) {
    const exists = values.some((value) => value !== null && value !== '');
    return condition.exists === true ? exists : values.length === 0 && !isEmpty;
  }
  return values.some((value) => matches(condition, value));
}

function matches(condition: unknown, value: unknown): boolean {
  if (!isObject(condition)) return condition === value;
  const [[operator = '', operand] = []] = Object.entries(condition);
  if (operator === 'anything-but') {
    const excluded: unknown[] = [operand].flat();
    return excluded.every((one) => !matches(one, value));
  }
  if (operator === 'numeric') return typeof value === 'number' && isInRange(operand as unknown[], value);
  return typeof value === 'string' && matchesText(operator, String(operand), value);
}

function matchesText(operator: string, operand: string, value: string): boolean {
  switch (operator) {
    case 'prefix':
      return value.startsWith(operand);
    case 'suffix':
      return value.endsWith(operand);
    case 'equals-ignore-case':
      return value.toLowerCase() === operand.toLowerCase();
    case 'cidr':
      return isInBlock(operand, value);
    default:
      return false;
  }
}

/** Bounds stand in one list, operator before number: `[">", 0, "<=", 150]`. */
function isInRange(bounds: unknown[], value: number): boolean {
  return bounds.every((operator, index) => {
    if (index % 2 === 1) return true;
    const bound = Number(bounds[index + 1]);
    if (operator === '=') return value === bound;
    if (operator === '<') return value < bound;
    if (operator === '<=') return value <= bound;
    return operator === '>' ? value > bound : operator === '>=' && value >= bound;
  });
}

function isInBlock(cidr: string, value: string): boolean {
  const [net = '', length = ''] = cidr.split('/');
  const family = isIP(net) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(value) === 0 || isIP(value) !== isIP(net)) return false;
  const block = new BlockList();
  block.addSubnet(net, Number(length), family);
  return block.check(value, family);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
