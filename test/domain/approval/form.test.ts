import { describe, expect, it } from 'vitest';
import {
  checkForm,
  type Excluded,
  type Form,
  type Problems,
} from '../../../functions/domain/approval/form.ts';
import { isSamePerson } from '../../../functions/domain/approval/person.ts';

const good: Form = { answer: 'approve', by: 'Ada Lovelace', known: false, reason: '' };
const nobody: Excluded = { requestedBy: undefined, deciders: [] };
const ada: Excluded = { requestedBy: 'Ada Lovelace', deciders: [] };
const decided: Excluded = { requestedBy: undefined, deciders: [{ by: 'ada lovelace', group: 'ops' }] };
const loss = 'lose rows of t in app';
const fields = (problems: Problems) => Object.keys(problems);

describe('a form to decide', () => {
  it.each<[string, Partial<Form>, Excluded, string | null, (keyof Problems)[]]>([
    ['a yes of a person', {}, nobody, null, []],
    ['a no with a reason', { answer: 'reject', reason: 'bad' }, nobody, null, []],
    ['a no with a reason of two letters', { answer: 'reject', reason: 'no' }, nobody, null, ['reason']],
    ['a no with spaces for a reason', { answer: 'reject', reason: '     ' }, nobody, null, ['reason']],
    ['a stop with a reason', { answer: 'stop', reason: 'bad' }, nobody, null, []],
    ['a stop without one', { answer: 'stop' }, nobody, null, ['reason']],
    ['the longest reason', { reason: 'x'.repeat(500) }, nobody, null, []],
    ['a longer one', { reason: 'x'.repeat(501) }, nobody, null, ['reason']],
    ['a name of two letters', { by: 'Al' }, nobody, null, []],
    ['a name of one letter', { by: 'A' }, nobody, null, ['by']],
    ['a name of digits', { by: '12345' }, nobody, null, ['by']],
    ['no name', { by: '' }, nobody, null, ['by']],
    ['the longest name', { by: 'x'.repeat(100) }, nobody, null, []],
    ['a longer one', { by: 'x'.repeat(101) }, nobody, null, ['by']],
    ['an identity of IAM is no typed name', { by: '1', known: true }, nobody, null, []],
    ['a yes of the person who asked', {}, ada, null, ['by']],
    ['a no of that person', { answer: 'reject', reason: 'bad' }, ada, null, ['by']],
    ['a stop by that person', { answer: 'stop', reason: 'bad' }, ada, null, []],
    ['a yes of a person who decided for another group', {}, decided, null, ['by']],
    ['a no of that person', { answer: 'reject', reason: 'bad' }, decided, null, []],
    ['the same as an identity of IAM', { known: true }, decided, null, ['by']],
    ['a yes with the loss as it stands', { statement: ` ${loss} ` }, nobody, loss, []],
    ['a yes with another loss', { statement: 'lose' }, nobody, loss, ['statement']],
    ['a yes without the loss', {}, nobody, loss, ['statement']],
    ['a no without the loss', { answer: 'reject', reason: 'bad' }, nobody, loss, []],
    [
      'everything wrong at once',
      { by: '', reason: 'x'.repeat(501) },
      nobody,
      loss,
      ['by', 'statement', 'reason'],
    ],
  ])('%s', (_what, more, excluded, statement, wrong) => {
    expect(fields(checkForm({ ...good, ...more }, excluded, statement))).toEqual(wrong);
  });

  it('says of a person who has decided for which group that was', () => {
    expect(checkForm(good, decided).by).toContain('decided for group ops');
  });
});

const session = (role: string, name: string, account = '111122223333') =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;

describe('one person', () => {
  it.each<[boolean, string, string | undefined]>([
    [false, 'Ada', undefined],
    [false, 'Ada', ''],
    [false, 'Ada', 'Bob'],
    [true, 'Ada', 'ada'],
    // Names that look alike: letters of other scripts, with marks or lines, and what nobody sees.
    [true, '\u0410da', 'Ada'],
    [true, '\u0391D\u0410', 'ada'],
    [true, 'Ad\u00e1', 'ada'],
    [true, 'a\u0430\u0301a', 'aaa'],
    [true, 'B\u00f8b', 'bob'],
    [true, 'l0la', 'Iola'],
    [true, 'A\u200bda  Lovelace ', 'ada lovelace'],
    [true, 'Ada\u00a0\u2009Lovelace', 'Ada Lovelace'],
    [false, 'Ada Lovelace', 'AdaLovelace'],
    [true, 'ada@example.com', 'ada'],
    [true, 'ada@example.com', 'ada@other.example'],
    [true, 'arn:aws:iam::111122223333:user/ada', 'ada'],
    [true, 'arn:aws:iam::111122223333:user/ada@example.com', 'ada'],
    // Whoever assumes a role names the session.
    [true, session('admin', 'ada'), session('admin', 'bob')],
    [true, session('admin', 'ada'), 'arn:aws:iam::111122223333:role/admin'],
    [true, session('admin', 'ada'), 'ada'],
    [false, session('admin', 'ada'), session('admin', 'bob', '999922223333')],
    [false, session('admin', 'ada'), session('other', 'bob')],
    // Identity Center names its sessions after the user itself.
    [false, session('AWSReservedSSO_Admin_1', 'ada'), session('AWSReservedSSO_Admin_1', 'bob')],
    [true, session('AWSReservedSSO_Admin_1', 'ada'), session('AWSReservedSSO_Other_1', 'ada')],
    [true, 'arn:aws:iam::111122223333:role/admin', session('admin', 'ada')],
    [false, `x${session('admin', 'ada')}`, session('admin', 'bob')],
    [true, 'a@', 'a'],
    [false, '@a', '@b'],
    [false, '/', 'x/'],
    [true, session('my_AWSReservedSSO_x', 'ada'), session('my_AWSReservedSSO_x', 'bob')],
  ])('%s: %s and %s', (same, name, other) => {
    expect(isSamePerson(name, other)).toBe(same);
  });
});
