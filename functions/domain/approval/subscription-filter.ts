import { isRead, type Reading } from '../model/reading.ts';

/**
 * Whether a subscription of a topic lets a message through, by its filter policy. `unknown`: the policy holds something that is not
 * understood here, or could not be read, and whoever counts on the message must take it for a no.
 */
export type FilterMatch = 'yes' | 'no' | 'unknown';

/** What SNS says of a subscription (GetSubscriptionAttributes): without a policy it hears everything. */
export interface SubscriptionFilter {
  /** `FilterPolicy`, JSON. */
  policy?: string | undefined;
  /** `FilterPolicyScope`: `MessageAttributes`, also when absent, or `MessageBody`. */
  scope?: string | undefined;
}

type Attributes = Record<string, string>;

/**
 * The confirmed subscribers who hear a message of a group. `nobody` says why there is none: the question must not be asked then.
 */
export function findListeners<Subscriber extends { filter: Reading<SubscriptionFilter> }>(
  subscribers: Subscriber[],
  attributes: Attributes,
): { listeners: Subscriber[]; nobody?: string } {
  const matches = subscribers.map(({ filter }) =>
    isRead(filter) ? matchesFilter(filter.value, attributes) : 'unknown',
  );
  const listeners = subscribers.filter((_subscriber, index) => matches[index] === 'yes');
  if (listeners.length > 0) return { listeners };
  const unclear = matches.filter((one) => one === 'unknown').length;
  const seen =
    subscribers.length === 0
      ? 'no subscription is confirmed'
      : `of ${subscribers.length} confirmed subscriptions none has a filter that surely lets its messages through` +
        (unclear > 0 ? `, ${unclear} could not be read or understood` : '');
  return {
    listeners,
    nobody:
      `nobody would hear the question of group ${attributes.group}: ${seen}; confirm a subscription ` +
      `without a filter, or with {"group": ["${attributes.group}"]}, then start again`,
  };
}

/**
 * Judges a filter policy as SNS does it ("Amazon SNS subscription filter policies", developer guide), for messages whose attributes are all of
 * type String: every key must match (AND), any condition of a key does (OR), `$or` joins policies. Understood are exact values,
 * prefix, suffix, equals-ignore-case, anything-but and exists.
 */
export function matchesFilter(
  { policy = '', scope = 'MessageAttributes' }: SubscriptionFilter,
  attributes: Attributes,
): FilterMatch {
  if (policy.trim() === '') return 'yes';
  const parsed = parse(policy);
  if (!isObject(parsed)) return 'unknown';
  if (Object.keys(parsed).length === 0) return 'yes';
  // A body differs by protocol, and ours is made of text and JSON.
  if (scope !== 'MessageAttributes') return 'unknown';
  // Not even `"exists": false` lets a message through that has no attribute ("Key matching", developer guide).
  return Object.keys(attributes).length > 0 ? matchPolicy(parsed, attributes) : 'no';
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function matchPolicy(policy: unknown, attributes: Attributes): FilterMatch {
  if (!isObject(policy)) return 'unknown';
  return all(
    Object.entries(policy).map(([key, conditions]) => {
      if (!Array.isArray(conditions)) return 'unknown';
      return any(
        conditions.map((condition) =>
          key === '$or' ? matchPolicy(condition, attributes) : matchCondition(condition, attributes[key]),
        ),
      );
    }),
  );
}

function matchCondition(condition: unknown, value: string | undefined): FilterMatch {
  if (!isObject(condition)) return verdict(value !== undefined && condition === value);
  const [[operator, operand] = ['', undefined], ...more] = Object.entries(condition);
  if (more.length > 0) return 'unknown';
  if (operator === 'exists' && typeof operand === 'boolean')
    return verdict(operand === (value !== undefined));
  if (value === undefined) return 'no';
  return operator === 'anything-but' ? matchAnythingBut(operand, value) : matchText(operator, operand, value);
}

/** Excludes one value, a list of values, or what begins or ends with a text. */
function matchAnythingBut(operand: unknown, value: string): FilterMatch {
  const excluded = Array.isArray(operand) ? operand : [operand];
  const found = any(excluded.map((one) => matchCondition(one, value)));
  return found === 'unknown' ? found : verdict(found === 'no');
}

function matchText(operator: string, operand: unknown, value: string): FilterMatch {
  if (typeof operand !== 'string') return operator === 'numeric' ? 'no' : 'unknown';
  if (operator === 'prefix') return verdict(value.startsWith(operand));
  if (operator === 'suffix') return verdict(value.endsWith(operand));
  if (operator === 'equals-ignore-case') return verdict(value.toLowerCase() === operand.toLowerCase());
  return 'unknown';
}

const verdict = (matches: boolean): FilterMatch => (matches ? 'yes' : 'no');

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const any = (all: FilterMatch[]): FilterMatch =>
  all.includes('yes') ? 'yes' : all.includes('unknown') ? 'unknown' : 'no';

const all = (every: FilterMatch[]): FilterMatch =>
  every.includes('no') ? 'no' : every.includes('unknown') ? 'unknown' : 'yes';
