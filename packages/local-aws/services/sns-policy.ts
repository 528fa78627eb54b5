import { isIP } from 'node:net';
import { AwsError } from '../wire/service.ts';

/** A key's conditions, one of which must hold; with the scope `MessageBody` also the policy of an object inside. */
export interface Policy {
  [key: string]: unknown[] | Policy;
}

const isText = (operand: unknown): boolean => typeof operand === 'string';

/** The operators of a condition, and whether an operand is one of theirs. */
const operands: Record<string, (operand: unknown) => boolean> = {
  'anything-but': (operand) => [operand].flat().every((one) => isScalar(one) || isPrefix(one)),
  cidr: (operand) => isText(operand) && isBlock(String(operand)),
  'equals-ignore-case': isText,
  exists: (operand) => typeof operand === 'boolean',
  numeric: (operand) => Array.isArray(operand) && isRange(operand),
  prefix: isText,
  suffix: isText,
};

/** Names of keys in a policy, and combinations of their values ("Filter policy constraints", developer guide). */
const most = { keys: 5, combinations: 150 };

const invalid = (because: string) =>
  new AwsError('InvalidParameterException', `Invalid parameter: FilterPolicy: ${because}`);

/** `$or` joins policies where it names at least two, none of which has an operator for a key; otherwise it is a name as any other. */
export function isAlternative(wanted: unknown): wanted is Policy[] {
  return (
    Array.isArray(wanted) &&
    wanted.length > 1 &&
    wanted.every((one) => isObject(one) && Object.keys(one).every((key) => !(key in operands)))
  );
}

/** What SNS refuses of a filter policy. @returns the policy as it was given */
export function checkPolicy(json: string): string {
  const policy = parse(json || '{}');
  const counts = Object.entries(policy).flatMap(([key, wanted]) => countConditions(key, wanted));
  if (counts.length > most.keys) throw invalid('Filter policy can not have more than 5 keys');
  if (counts.reduce((product, count) => product * Math.max(count, 1), 1) > most.combinations)
    throw invalid('Filter policy is too complex');
  return json;
}

function parse(json: string): Record<string, unknown> {
  try {
    const policy: unknown = JSON.parse(json);
    if (isObject(policy)) return policy;
  } catch {
    // Refused below, like any other value that is no object.
  }
  throw invalid('failed to parse JSON');
}

/** How many conditions each key has, keys of objects inside as well. */
function countConditions(key: string, wanted: unknown): number[] {
  if (isObject(wanted))
    return Object.entries(wanted).flatMap(([inner, value]) => countConditions(inner, value));
  if (!Array.isArray(wanted)) throw invalid(`"${key}" must be an object or an array`);
  if (key === '$or' && isAlternative(wanted))
    return wanted.flatMap((one) => Object.entries(one).flatMap((entry) => countConditions(...entry)));
  for (const condition of wanted) checkCondition(key, condition);
  return [wanted.length];
}

function checkCondition(key: string, condition: unknown): void {
  if (isScalar(condition)) return;
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(condition as object);
  if (Array.isArray(condition) || more.length > 0)
    throw invalid(`"${key}" has a condition that is no value and has not exactly one operator`);
  const isOperand = operands[operator];
  if (!isOperand) throw invalid(`Unrecognized match type ${operator}`);
  if (!isOperand(operand)) throw invalid(`"${key}" has an operand that ${operator} does not take`);
}

function isRange(bounds: unknown[]): boolean {
  return (
    [2, 4].includes(bounds.length) &&
    bounds.every((one, index) =>
      index % 2 === 0 ? ['=', '<', '<=', '>', '>='].includes(String(one)) : typeof one === 'number',
    )
  );
}

function isBlock(cidr: string): boolean {
  const [net = '', length = ''] = cidr.split('/');
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(net)] ?? -1;
  return /^\d{1,3}$/.test(length) && Number(length) <= bits;
}

const isPrefix = (one: unknown): boolean =>
  isObject(one) && Object.keys(one).length === 1 && isText(one.prefix);

const isScalar = (value: unknown): boolean => typeof value !== 'object' || value === null;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
