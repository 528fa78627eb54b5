import { describe, expect, it } from 'vitest';
import {
  type Distinction,
  type Identity,
  identify,
  identifyBeforeTheCut,
  isMeant,
  type Shown,
} from '../../../functions/domain/way-back/identity.ts';

const marked: Distinction = { by: 'mark', mark: 'db-GREEN' };
const copied: Distinction = { by: 'timeline', timeline: 3 };
const target = (fenced: boolean) => ({ resourceId: 'db-BLUE', fenced });

describe('what the server of a side must show', () => {
  it.each<[string, Distinction, 'green' | 'target', boolean, Identity]>([
    ['green: its mark', marked, 'green', false, { mark: 'db-GREEN' }],
    [
      'a target that was not fenced yet: not the mark of green',
      marked,
      'target',
      false,
      { notMark: 'db-GREEN' },
    ],
    ['a target that we have fenced: its own mark', marked, 'target', true, { mark: 'db-BLUE' }],
    ['a green that was a physical copy: a later timeline', copied, 'green', true, { afterTimeline: 3 }],
    ['its blue: the timeline of before', copied, 'target', true, { timeline: 3 }],
  ])('%s', (_, distinction, side, fenced, identity) => {
    expect(identify(distinction, side, target(fenced))).toEqual(identity);
  });

  it.each<['green' | 'target', boolean, Identity]>([
    ['green', false, { server: 12 }],
    ['target', false, { server: 11 }],
    ['green', true, { server: 12 }],
    ['target', true, { notServer: 12 }],
  ])('of the MySQL family: %s, with a clone: %s', (side, isClone, identity) => {
    const numbered: Distinction = { by: 'server', green: 12, blue: 11 };
    expect(identify(numbered, side, { ...target(false), isClone })).toEqual(identity);
  });
});

describe('what the server of a side must show before the cut', () => {
  const numbered: Distinction = { by: 'server', green: 12, blue: 11 };
  it.each<[Distinction | undefined, 'blue' | 'green', Identity | null]>([
    [marked, 'green', { mark: 'db-GREEN' }],
    [marked, 'blue', { notMark: 'db-GREEN' }],
    [copied, 'blue', { timeline: 3 }],
    [copied, 'green', null],
    [numbered, 'blue', null],
    [undefined, 'blue', null],
  ])('%j: %s', (distinction, side, identity) => {
    expect(identifyBeforeTheCut(distinction, side)).toEqual(identity);
  });
});

describe('whether a server is the one that is meant', () => {
  const shows = (mark: string | null, timeline: number | null): Shown => ({ mark, timeline });
  it.each<[Identity, Shown, boolean]>([
    [{ mark: 'db-GREEN' }, shows('db-GREEN', null), true],
    [{ mark: 'db-GREEN' }, shows('db-BLUE', null), false],
    // A copy of green from before it was marked, and a server without our setup.
    [{ mark: 'db-GREEN' }, shows(null, null), false],
    [{ notMark: 'db-GREEN' }, shows(null, null), true],
    // Blue was green once, and carries its own mark of then.
    [{ notMark: 'db-GREEN' }, shows('db-BLUE', null), true],
    [{ notMark: 'db-GREEN' }, shows('db-GREEN', null), false],
    [{ timeline: 3 }, shows(null, 3), true],
    [{ timeline: 3 }, shows(null, 4), false],
    // Still a copy: nothing is proved.
    [{ timeline: 3 }, shows(null, null), false],
    [{ afterTimeline: 3 }, shows(null, 4), true],
    [{ afterTimeline: 3 }, shows(null, 3), false],
    [{ afterTimeline: 3 }, shows(null, null), false],
    [{ server: 11 }, { ...shows(null, null), server: 11 }, true],
    [{ server: 11 }, { ...shows(null, null), server: 12 }, false],
    [{ notServer: 12 }, { ...shows(null, null), server: 13 }, true],
    [{ notServer: 12 }, { ...shows(null, null), server: 12 }, false],
    [{ notServer: 12 }, shows(null, null), false],
  ])('%j of a server that shows %j: %s', (identity, shown, meant) => {
    expect(isMeant(identity, shown)).toBe(meant);
  });
});
