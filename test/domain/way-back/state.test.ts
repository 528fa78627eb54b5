import { describe, expect, it } from 'vitest';
import type { WayBackVerdict } from '../../../functions/domain/way-back/feasibility.ts';
import {
  beginWayBack,
  describeWayBack,
  findNotAsked,
  predictWayBack,
  warnOfWayBack,
  withDistinction,
  withoutWayBack,
} from '../../../functions/domain/way-back/state.ts';
import { request } from '../sample.ts';

const login = { user: 'viridian' };
const fence = { oldBlue: { fenceSecurityGroup: 'sg-0123456789abcdef0' } };

describe('no database is asked for a way back', () => {
  it.each<[when: string, kind: 'instance' | 'cluster', more: object, because: string | undefined]>([
    [
      'the request turns it off',
      'instance',
      { wayBack: { enabled: false, login } },
      'the request turns it off',
    ],
    ['nobody may sign in', 'instance', {}, 'the request names no wayBack.login'],
    [
      'its clone would stand open',
      'cluster',
      { wayBack: { login } },
      'the request names no oldBlue.fenceSecurityGroup, behind which the clone of old blue has to stand',
    ],
    ['not so: the clone has its fence', 'cluster', { wayBack: { login }, ...fence }, undefined],
    ['not so: old blue itself needs none', 'instance', { wayBack: { login } }, undefined],
  ])('%s (%s)', (_, kind, more, because) => {
    expect(findNotAsked(request(more), { kind })).toBe(because);
  });
});

const none = { possible: false, because: 'no', databases: [], open: false, attached: false };

it('without a way back nothing stands open', () => {
  expect(withoutWayBack('no')).toEqual(none);
});

describe('the beginning of a way back', () => {
  const verdict = {
    possible: true,
    because: [],
    warnings: ['many sequences', 'no statistics'],
    databases: ['shop'],
  } as unknown as WayBackVerdict;
  it('has what approvers are to know', () => {
    expect(beginWayBack(verdict, 'old-blue')).toEqual({
      possible: true,
      because: 'many sequences; no statistics',
      databases: ['shop'],
      target: 'old-blue',
      open: false,
      attached: false,
    });
  });
  it('says what a clone costs, before everything else, and how both sides are compared', () => {
    const begun = beginWayBack({ ...verdict, compare: 'none' } as WayBackVerdict, 'clone');
    expect(begun.because).toMatch(/^a clone of old blue .* gone back to; many sequences; no statistics$/);
    expect(begun.compare).toBe('none');
  });
  it('says why there is none, and nothing of a clone', () => {
    const refused = { ...verdict, possible: false, because: ['a table without a key', 'no hook'] };
    expect(beginWayBack(refused as WayBackVerdict, 'clone')).toMatchObject({
      possible: false,
      because: 'a table without a key; no hook',
    });
  });
});

describe('what tells both sides apart', () => {
  const possible = { ...none, possible: true, because: 'many sequences' };
  const untold = 'nothing would tell both servers apart after the cut: both say 17';
  it('is kept', () => {
    const distinction = { blue: 'a', green: 'b' } as never;
    expect(withDistinction(possible, distinction)).toEqual({ ...possible, distinction });
  });
  it('is the reason why there is no way back where nothing does', () => {
    expect(withDistinction(possible, 'both say 17')).toEqual({
      ...possible,
      possible: false,
      because: untold,
    });
  });
  it('is one more reason where there was none before', () => {
    expect(withDistinction(none, 'both say 17')).toEqual({ ...none, because: `no; ${untold}` });
  });
});

describe('what approvers read of it', () => {
  it.each([
    [
      'one that has nothing to be known',
      { possible: true, because: '' },
      'A way back without losing a row is set up in the cut, unless that takes too long; it stays open until the bake ends.',
    ],
    [
      'one with something to be known',
      { possible: true, because: 'many sequences' },
      'A way back without losing a row is set up in the cut, unless that takes too long; it stays open until the bake ends. To be known: many sequences.',
    ],
    [
      'none, and why',
      { possible: false, because: 'no hook' },
      'No lossless way back is set up by this run (no hook): what new production takes in after the cut is not in old blue.',
    ],
    [
      'none, and nobody knows why',
      undefined,
      'No lossless way back is set up by this run: what new production takes in after the cut is not in old blue.',
    ],
  ])('%s', (_, wayBack, text) => {
    expect(describeWayBack(wayBack)).toBe(text);
  });
});

describe('what a dry run says of it', () => {
  it.each([
    ['nothing where there is nothing to say', { possible: true, because: '' }, undefined],
    ['nothing where nobody has looked', undefined, undefined],
    ['what is to be known', { possible: true, because: 'a' }, 'to be known of the way back: a'],
    ['why there would be none', { possible: false, because: 'a' }, 'there would be no lossless way back: a'],
  ])('%s', (_, wayBack, message) => {
    expect(predictWayBack(wayBack)).toEqual(
      message ? [{ rule: 'way-back', severity: 'warning', message }] : [],
    );
  });
});

it('warns of a way back that was lost on the way, in the words of the error', () => {
  expect(warnOfWayBack()).toEqual([]);
  expect(warnOfWayBack({ lost: null })).toEqual([]);
  expect(warnOfWayBack({ lost: '{"errorMessage":"the slot is gone"}' })).toEqual([
    { rule: 'way-back', severity: 'warning', message: 'there is no way back any more: the slot is gone' },
  ]);
});
