import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesFilter } from '../../functions/domain/approval/subscription-filter.ts';
import { accepts } from '../../packages/local-aws/services/sns-filter.ts';
import { checkPolicy } from '../../packages/local-aws/services/sns-policy.ts';

/**
 * Two programs judge filter policies: the product's, which decides whether a question may be asked, and that of the local SNS, which
 * delivers. Each was written from AWS's documentation without the other. Where the product is sure, the local SNS must agree.
 */
type Texts = Record<string, string>;

const names = ['group', 'kind', 'database'];
const texts = ['dba', 'DBA', 'db', 'owners', 'orders-eu', '10.0.0.7', ''];
const text = fc.constantFrom(...texts);

const condition = fc.oneof(
  text,
  fc.constantFrom(7, true, null),
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({ exists: fc.boolean() }),
  fc.record({
    'anything-but': fc.oneof(text, fc.array(text, { minLength: 1 }), fc.record({ prefix: text })),
  }),
  fc.constantFrom({ numeric: ['>', 3] }, { cidr: '10.0.0.0/24' }),
);
/** SNS takes five keys and 150 combinations of their conditions; these have four and 81. */
const policyOf = (minKeys: number, maxKeys: number) =>
  fc.dictionary(fc.constantFrom(...names), fc.array(condition, { minLength: 1, maxLength: 3 }), {
    minKeys,
    maxKeys,
  });
const policy = fc.oneof(
  policyOf(0, 3),
  fc.tuple(policyOf(0, 2), policyOf(1, 1), policyOf(1, 1)).map(([own, ...$or]) => ({ ...own, $or })),
);
/** SNS refuses a message with an empty value. */
const message = fc.dictionary(fc.constantFrom(...names), fc.constantFrom(...texts.filter(Boolean)));

function delivers(json: string, attributes: Texts): boolean {
  const values = Object.entries(attributes).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  return accepts({ policy: json }, { message: 'question', attributes: Object.fromEntries(values) });
}

function judgeBoth(judged: object, attributes: Texts) {
  const json = checkPolicy(JSON.stringify(judged));
  return { product: matchesFilter({ policy: json }, attributes), delivered: delivers(json, attributes) };
}

const group = { group: 'dba', kind: 'approval', database: 'orders-eu' };

describe('the product and the local SNS agree', () => {
  it.each<[object, 'yes' | 'no']>([
    [{ group: ['dba'] }, 'yes'],
    [{ group: ['owners', 'dba'], kind: ['approval'] }, 'yes'],
    [{ group: ['DBA'] }, 'no'],
    [{ group: [{ 'equals-ignore-case': 'DBA' }] }, 'yes'],
    [{ database: [{ prefix: 'orders' }] }, 'yes'],
    [{ database: [{ suffix: '-us' }] }, 'no'],
    [{ group: [{ 'anything-but': ['dba', 'owners'] }] }, 'no'],
    [{ team: [{ 'anything-but': 'x' }] }, 'no'],
    [{ team: [{ exists: false }] }, 'yes'],
    [{ group: [{ numeric: ['>', 3] }] }, 'no'],
    [{ $or: [{ group: ['owners'] }, { kind: ['approval'] }] }, 'yes'],
    [{ $or: [{ group: ['owners'] }, { kind: ['report'] }], database: ['orders-eu'] }, 'no'],
  ])('on %j', (judged, expected) => {
    expect(judgeBoth(judged, group)).toEqual({ product: expected, delivered: expected === 'yes' });
  });

  it('on any policy that the product is sure of', () => {
    let sure = 0;
    fc.assert(
      fc.property(policy, message, (judged, attributes) => {
        const { product, delivered } = judgeBoth(judged, attributes);
        if (product === 'unknown') return;
        sure += 1;
        expect(product === 'yes').toBe(delivered);
      }),
      { numRuns: 3_000 },
    );
    expect(sure).toBeGreaterThan(1_000);
  });
});
