import { describe, expect, it } from 'vitest';
import {
  type FilterMatch,
  findListeners,
  matchesFilter,
} from '../../../functions/domain/approval/subscription-filter.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

/** The attributes of a question to group dba. */
const attributes = { kind: 'approval', occasion: 'ask', group: 'dba', database: 'orders-eu' };

describe('does a subscription hear the question of group dba?', () => {
  it.each<[string, unknown, FilterMatch]>([
    ['without conditions', {}, 'yes'],
    ['its group', { group: ['dba'] }, 'yes'],
    ['one of several groups', { group: ['owners', 'dba'] }, 'yes'],
    ['another group', { group: ['owners'] }, 'no'],
    ['the group in another case', { group: ['DBA'] }, 'no'],
    ['every key must match', { group: ['dba'], database: ['orders'] }, 'no'],
    ['every key matches', { group: ['dba'], database: ['orders-eu'] }, 'yes'],
    ['only reminders', { group: ['dba'], occasion: ['remind'] }, 'no'],
    ['an attribute that the message does not have', { team: ['dba'] }, 'no'],
    ['a number', { group: [7, { numeric: ['>', 3] }] }, 'no'],
    ['no value at all', { group: [] }, 'no'],
    ['prefix', { database: [{ prefix: 'orders' }] }, 'yes'],
    ['another prefix', { database: [{ prefix: 'users' }] }, 'no'],
    ['suffix', { database: [{ suffix: '-eu' }] }, 'yes'],
    ['any case', { group: [{ 'equals-ignore-case': 'DBA' }] }, 'yes'],
    ['anything but another', { group: [{ 'anything-but': 'owners' }] }, 'yes'],
    ['anything but this', { group: [{ 'anything-but': ['owners', 'dba'] }] }, 'no'],
    ['anything but a prefix', { database: [{ 'anything-but': { prefix: 'orders' } }] }, 'no'],
    ['anything but, of what is not there', { team: [{ 'anything-but': 'x' }] }, 'no'],
    ['is there', { group: [{ exists: true }] }, 'yes'],
    ['is not there', { team: [{ exists: false }] }, 'yes'],
    ['is there, and should not', { group: [{ exists: false }] }, 'no'],
    ['one policy or another', { $or: [{ group: ['owners'] }, { database: ['orders-eu'] }] }, 'yes'],
    ['neither policy', { $or: [{ group: ['owners'] }, { database: ['users'] }] }, 'no'],
    ['an operator that is not known', { group: [{ wildcard: 'd*' }] }, 'unknown'],
    ['a known condition beside an unknown one', { group: [{ wildcard: 'd*' }, 'dba'] }, 'yes'],
    ['an unknown key beside one that says no', { group: ['owners'], database: [{ wildcard: 'o*' }] }, 'no'],
    ['not a list of conditions', { group: 'dba' }, 'unknown'],
    ['anything but an unknown operator', { group: [{ 'anything-but': { wildcard: 'x*' } }] }, 'unknown'],
    ['not an object', ['dba'], 'unknown'],
    ['no object at all', 7, 'unknown'],
    ['nothing', null, 'unknown'],
    ['one condition of two operators', { database: [{ prefix: 'o', suffix: 'x' }] }, 'unknown'],
    ['a condition without an operator', { group: [{}] }, 'unknown'],
    ['a prefix that is no text', { database: [{ prefix: 7 }] }, 'unknown'],
    ['a suffix that does not match', { database: [{ suffix: '-us' }] }, 'no'],
    ['another word in any case', { group: [{ 'equals-ignore-case': 'DB' }] }, 'no'],
    ['a number, of an attribute that is a text', { group: [{ numeric: ['=', 1] }] }, 'no'],
    ['is there, by a word that is no yes or no', { group: [{ exists: 'yes' }] }, 'unknown'],
    ['a policy of policies that is none', { $or: ['dba'] }, 'unknown'],
    ['one of two policies that is not understood', { $or: [{ group: 7 }, { group: ['owners'] }] }, 'unknown'],
    ['a condition that is a list', { group: [['dba']] }, 'no'],
    ['an attribute that the message has not, by a prefix', { team: [{ prefix: '' }] }, 'no'],
  ])('%s', (_name, policy, expected) => {
    expect(matchesFilter({ policy: JSON.stringify(policy) }, attributes)).toBe(expected);
  });

  it.each<[string, object, FilterMatch]>([
    ['no policy', {}, 'yes'],
    ['an empty one', { policy: '' }, 'yes'],
    ['one of blanks', { policy: ' \n' }, 'yes'],
    ['one that is no JSON', { policy: '{"group":' }, 'unknown'],
    ['one for the body of the message', { policy: '{"group":["dba"]}', scope: 'MessageBody' }, 'unknown'],
    ['an empty one for the body', { policy: '{}', scope: 'MessageBody' }, 'yes'],
  ])('%s', (_name, filter, expected) => {
    expect(matchesFilter(filter, attributes)).toBe(expected);
  });
});

it('takes a message without attributes for one in which nothing can be absent', () => {
  expect(matchesFilter({ policy: '{"team":[{"exists":false}]}' }, {})).toBe('no');
});

describe('who hears a question', () => {
  const dba = { endpoint: 'dba@example.com', filter: read({ policy: '{"group":["dba"]}' }) };
  const owners = { endpoint: 'owners@example.com', filter: read({ policy: '{"group":["owners"]}' }) };
  const strange = { endpoint: 'strange@example.com', filter: unreadable('AuthorizationError: no') };

  it('are those whose filter lets it through', () => {
    expect(findListeners([dba, owners, strange], attributes)).toEqual({ listeners: [dba] });
  });

  it.each([
    ['nobody is subscribed', [], 'no subscription is confirmed'],
    ['all listen to others', [owners], 'of 1 confirmed subscriptions none has a filter'],
    ['it is not known', [owners, strange], ', 1 could not be read or understood'],
  ])('is nobody when %s, and says so', (_name, subscribers, because) => {
    const { listeners, nobody } = findListeners(subscribers, attributes);
    expect(listeners).toEqual([]);
    expect(nobody).toContain('group dba');
    expect(nobody).toContain(because);
    if (!because.startsWith(', ')) expect(nobody).not.toContain('could not be read');
  });
});
