import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { accepts } from '../../services/sns-filter.ts';
import { checkPolicy } from '../../services/sns-policy.ts';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const number = (StringValue: string) => ({ DataType: 'Number', StringValue });
const list = (...items: unknown[]) => ({ DataType: 'String.Array', StringValue: JSON.stringify(items) });

type Attributes = Record<string, MessageAttributeValue>;
const sale: Attributes = {
  store: text('example_corp'),
  event: text('order-cancelled'),
  interests: list('soccer', 'rugby'),
  price: number('210.75'),
  source_ip: text('10.0.0.255'),
  photo: { DataType: 'Binary', BinaryValue: new Uint8Array([1]) },
};

const takes = (policy: object, attributes = sale) =>
  accepts({ policy: checkPolicy(JSON.stringify(policy)) }, { message: 'sold', attributes });

describe('a filter policy for attributes', () => {
  it.each<[string, object, boolean]>([
    ['an exact value', { store: ['example_corp'] }, true],
    ['another case', { store: ['Example_Corp'] }, false],
    ['one of several values', { event: ['order-placed', 'order-cancelled'] }, true],
    ['every key', { store: ['example_corp'], event: ['order-placed'] }, false],
    ['an element of an array', { interests: ['rugby'] }, true],
    ['no element of an array', { interests: ['baseball'] }, false],
    ['a prefix', { event: [{ prefix: 'order' }] }, true],
    ['another prefix', { event: [{ prefix: 'cancelled' }] }, false],
    ['a suffix', { event: [{ suffix: 'cancelled' }] }, true],
    ['another suffix', { event: [{ suffix: 'order' }] }, false],
    ['any case', { store: [{ 'equals-ignore-case': 'EXAMPLE_CORP' }] }, true],
    ['anything but another', { store: [{ 'anything-but': ['a', 'b'] }] }, true],
    ['anything but this', { store: [{ 'anything-but': 'example_corp' }] }, false],
    ['anything but one of two elements', { interests: [{ 'anything-but': ['rugby'] }] }, true],
    ['anything but all elements', { interests: [{ 'anything-but': ['rugby', 'soccer'] }] }, false],
    ['anything but a prefix', { event: [{ 'anything-but': { prefix: 'order' } }] }, false],
    ['anything but, of what is absent', { team: [{ 'anything-but': 'x' }] }, false],
    ['a number', { price: [{ numeric: ['=', 210.75] }] }, true],
    ['a range', { price: [{ numeric: ['>', 100, '<=', 210.75] }] }, true],
    ['below a range', { price: [{ numeric: ['>=', 210.76] }] }, false],
    ['a number of a text', { store: [{ numeric: ['>', 0] }] }, false],
    ['anything but a number', { price: [{ 'anything-but': [100, 500] }] }, true],
    ['a block of addresses', { source_ip: [{ cidr: '10.0.0.0/24' }] }, true],
    ['another block', { source_ip: [{ cidr: '10.1.0.0/24' }] }, false],
    ['a block of the other family', { source_ip: [{ cidr: '2001:db8::/32' }] }, false],
    ['is there', { store: [{ exists: true }] }, true],
    ['is there, and should not', { store: [{ exists: false }] }, false],
    ['is not there', { team: [{ exists: false }] }, true],
    ['a binary attribute', { photo: [{ exists: true }] }, false],
    ['one policy or another', { $or: [{ store: ['x'] }, { price: [{ numeric: ['>', 1] }] }] }, true],
    ['neither policy', { $or: [{ store: ['x'] }, { price: [{ numeric: ['<', 1] }] }] }, false],
    ['an alternative beside a key', { event: ['x'], $or: [{ store: ['x'] }, { price: [210.75] }] }, false],
    ['nothing', {}, true],
  ])('%s', (_name, policy, expected) => {
    expect(takes(policy)).toBe(expected);
  });

  it('finds nothing absent in a message without attributes', () => {
    expect(takes({ team: [{ exists: false }] }, {})).toBe(false);
  });
});

describe('a filter policy for the body', () => {
  const scope = 'MessageBody';
  const policy = JSON.stringify({ order: { total: [{ numeric: ['>', 5] }], tags: ['gift'] } });
  const message = JSON.stringify({ order: { total: 7, tags: ['new', 'gift'] } });

  it.each<[string, string, boolean]>([
    ['goes into objects and arrays', message, true],
    ['misses what is not there', '{"order":{"total":7}}', false],
    ['misses a text', 'sold', false],
  ])('%s', (_name, body, expected) => {
    expect(accepts({ policy, scope }, { message: body, attributes: sale })).toBe(expected);
  });
});

describe('SNS refuses a policy', () => {
  it.each<[string, unknown]>([
    ['that is no object', ['dba']],
    ['whose key has no list', { group: 'dba' }],
    ['with an operator that is not known', { group: [{ wildcards: 'd*' }] }],
    ['with two operators in one condition', { group: [{ prefix: 'a', suffix: 'b' }] }],
    ['with an operand of another type', { group: [{ prefix: 1 }] }],
    ['with a range that is none', { price: [{ numeric: ['>'] }] }],
    ['with a block that is none', { ip: [{ cidr: '10.0.0.0/33' }] }],
    ['with an alternative of one', { $or: [{ group: ['dba'] }] }],
    ['of six keys', { a: ['1'], b: ['1'], c: ['1'], d: ['1'], e: ['1'], f: ['1'] }],
    ['of 151 combinations', { a: Array.from({ length: 151 }, String) }],
  ])('%s', (_name, policy) => {
    expect(() => checkPolicy(JSON.stringify(policy))).toThrow(/^Invalid parameter: FilterPolicy: /);
  });

  it('that is no JSON', () => {
    expect(() => checkPolicy('{"group":')).toThrow('failed to parse JSON');
  });
});
