import { describe, expect, it, test } from 'vitest';
import { evaluate } from '../../iam/evaluate.ts';
import type { Conditions, Context, PolicyStatement } from '../../iam/policy.ts';

const db = 'arn:aws:rds:eu-west-1:111122223333:db:orders';

const allow = (rest: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'rds:DeleteDBInstance',
  Resource: 'arn:aws:rds:eu-west-1:111122223333:db:*',
  ...rest,
});

const decide = (
  statements: PolicyStatement[],
  { action = 'rds:DeleteDBInstance', resource = db, context = {} as Context } = {},
) => evaluate([{ Statement: statements }], { action, resource, context }).kind;

describe('the local IAM', () => {
  it('allows nothing by itself', () => {
    expect(decide([])).toBe('not-allowed');
  });

  it('lets a deny win over every allow', () => {
    const deny = { Effect: 'Deny' as const, Action: ['rds:Delete*'], Resource: '*' };
    expect(decide([allow(), deny])).toBe('denied');
    expect(decide([deny])).toBe('denied');
    expect(decide([allow(), { ...deny, Action: 'rds:Modify*' }])).toBe('allowed');
  });

  test.each([
    ['the action of another service', { action: 'sns:DeleteDBInstance' }, 'not-allowed'],
    ['another action', { action: 'rds:DeleteDBInstances' }, 'not-allowed'],
    ['the action in other letters', { action: 'RDS:deletedbinstance' }, 'allowed'],
    ['another account', { resource: db.replace('111122223333', '444455556666') }, 'not-allowed'],
    ['another region', { resource: db.replace('eu-west-1', 'eu-west-3') }, 'not-allowed'],
    ['another kind', { resource: db.replace(':db:', ':cluster:') }, 'not-allowed'],
    ['every resource of the kind', { resource: db.replace('orders', '*') }, 'allowed'],
    ['every resource', { resource: '*' }, 'not-allowed'],
  ] as const)('%s: %o', (_what, question, kind) => {
    expect(decide([allow()], question)).toBe(kind);
  });

  it('takes the characters of a pattern for themselves, but the star and the question mark', () => {
    expect(decide([allow({ Resource: 'arn:aws:rds:eu.west.1:111122223333:db:*' })])).toBe('not-allowed');
    expect(decide([allow({ Resource: 'arn:aws:rds:eu?west?1:111122223333:db:*' })])).toBe('allowed');
  });
});

describe('conditions', () => {
  const tag = 'aws:ResourceTag/viridian:side';
  const rows: [string, Conditions, Context, boolean][] = [
    ['a tag that is there', { Null: { [tag]: 'false' } }, { [tag]: 'x' }, true],
    ['a tag that is missing', { Null: { [tag]: 'false' } }, {}, false],
    ['a tag that must be missing', { Null: { [tag]: 'true' } }, {}, true],
    ['an equal value', { StringEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'b' }, true],
    ['a value in other letters', { StringEquals: { [tag]: 'b' } }, { [tag]: 'B' }, false],
    [
      'a key in other letters',
      { StringEquals: { 'AWS:resourcetag/viridian:side': 'b' } },
      { [tag]: 'b' },
      true,
    ],
    ['no value to be equal', { StringEquals: { [tag]: 'b' } }, {}, false],
    ['no value, where it may be missing', { StringEqualsIfExists: { [tag]: 'b' } }, {}, true],
    ['no value that is unequal', { StringNotEquals: { [tag]: 'b' } }, {}, true],
    ['a pattern', { StringLike: { [tag]: 'viridian:*' } }, { [tag]: 'viridian:x' }, true],
    ['a pattern as a value', { StringEquals: { [tag]: 'viridian:*' } }, { [tag]: 'viridian:x' }, false],
    ['every value of a list', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'b'] }, true],
    ['one value too many', { 'ForAllValues:StringEquals': { k: ['a', 'b'] } }, { k: ['a', 'c'] }, false],
    ['a list that is missing: all of none', { 'ForAllValues:StringEquals': { k: 'a' } }, {}, true],
    ['any of a list', { 'ForAnyValue:StringEquals': { k: 'a' } }, { k: ['b', 'a'] }, true],
    ['any of a list that is missing', { 'ForAnyValue:StringEquals': { k: 'a' } }, {}, false],
    ['a truth', { Bool: { k: 'false' } }, { k: 'False' }, true],
    ['a truth that is missing', { Bool: { k: 'false' } }, {}, false],
    ['one of two conditions', { Bool: { k: 'true' }, Null: { j: 'false' } }, { k: 'true' }, false],
    ['both conditions', { Bool: { k: 'true' }, Null: { j: 'false' } }, { k: 'true', j: '1' }, true],
  ];

  test.each(rows)('%s', (_what, Condition, context, holds) => {
    expect(decide([allow({ Condition })], { context })).toBe(holds ? 'allowed' : 'not-allowed');
  });

  it('does not guess an operator that it does not know', () => {
    const Condition = { NumericLessThan: { k: '1' } };
    expect(() => decide([allow({ Condition })], { context: { k: '0' } })).toThrow('NumericLessThan');
  });

  it('does not guess what a list is to one value', () => {
    const Condition = { StringEquals: { k: 'a' } };
    expect(() => decide([allow({ Condition })], { context: { k: ['a', 'b'] } })).toThrow('ForAnyValue');
  });
});
