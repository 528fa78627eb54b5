import { describe, expect, it } from 'vitest';
import {
  findNoYesNeeded,
  type GoingBackPlan,
  hashOfGoingBack,
  planGoingBack,
  windowOfGoingBack,
} from '../../../functions/domain/approval/going-back.ts';
import { blueSide, deployment, executionArn, greenSide, hour, request, saturday } from '../sample.ts';

const loss = { statement: 'lose rows of t in app', behind: [], tables: [], anyTable: true };
const known = {
  ...{ run: executionArn, request: request() },
  deployment: deployment({ blue: blueSide({ id: 'orders-old1' }), green: greenSide({ id: 'orders' }) }),
};
const plan = planGoingBack(known, {}, null);

describe('the plan of going back', () => {
  it('leads from new production to the target, and compares as the run says', () => {
    expect(plan).toEqual({
      run: executionArn,
      from: 'orders',
      to: 'orders-old1',
      fromId: 'db-GREEN',
      toId: 'db-ORDERS',
      compare: 'counts',
      compareAsked: 'counts',
      statement: null,
      loss: null,
      requestedBy: null,
      requestSeal: null,
    });
  });

  it.each<[string, Parameters<typeof planGoingBack>, Partial<GoingBackPlan>]>([
    [
      'to a clone, where there is one',
      [
        {
          ...known,
          deployment: { ...known.deployment, clone: blueSide({ id: 'back', resourceId: 'db-CLONE' }) },
        },
        {},
        null,
      ],
      { to: 'back', toId: 'db-CLONE' },
    ],
    [
      'as the input compares',
      [known, { compare: 'none' }, null],
      { compare: 'none', compareAsked: 'counts' },
    ],
    [
      'as was planned before the cut',
      [{ ...known, wayBack: { compare: 'checksums' } }, {}, null],
      { compare: 'checksums', compareAsked: 'checksums' },
    ],
    ['with a loss', [known, {}, loss], { statement: 'lose rows of t in app', loss }],
    [
      'with the person who asked',
      [known, { requestedBy: 'Ada', requestSeal: 's' }, null],
      { requestedBy: 'Ada', requestSeal: 's' },
    ],
    [
      'from nothing, where new production is gone',
      [{ ...known, deployment: deployment({ green: undefined }) }, {}, null],
      { from: '', fromId: '' },
    ],
  ])('is %s', (_what, given, expected) => {
    expect(planGoingBack(...given)).toMatchObject(expected);
  });

  it.each<[string, Partial<GoingBackPlan>, boolean]>([
    ['another run', { run: 'x' }, true],
    ['another server to go from', { fromId: 'x' }, true],
    ['another server to go to', { toId: 'x' }, true],
    ['another comparison', { compare: 'none' }, true],
    ['a loss', { statement: 'x' }, true],
    ['other names of the same servers', { from: 'x', to: 'x' }, false],
    ['another person who asked', { requestedBy: 'Ada' }, false],
  ])('is another one with %s', (_what, more, isOther) => {
    expect(hashOfGoingBack({ ...plan, ...more }) !== hashOfGoingBack(plan)).toBe(isOther);
  });
});

it.each([
  [1, 1],
  [3, 3],
  [24, 3],
])('people who are given %i h have %i h to say yes', (withinHours, hours) => {
  const until = new Date(saturday + hours * hour).toISOString();
  expect(windowOfGoingBack(request({ approval: { withinHours } }), saturday)).toEqual({
    opensAt: '2026-11-21T08:00:00.000Z',
    closesAt: until,
    approveBy: until,
  });
});

describe('a yes of people', () => {
  const nothing = { startedByRun: false, moved: false, takesUp: false, loss: null };
  const [asks, asksNobody] = [request(), request({ approval: { required: false } })];
  it.each<[string | undefined, string, Partial<Parameters<typeof findNoYesNeeded>[0]>]>([
    [undefined, 'the request asks people', {}],
    ['the request of the run asks nobody', 'it asks nobody', { request: asksNobody }],
    [undefined, 'it asks nobody, and rows would be lost', { request: asksNobody, loss }],
    ['the bake of the run decided it', 'the run itself goes back', { startedByRun: true }],
    [
      'an earlier execution had a yes and did not come to its end',
      'it takes up another one',
      { takesUp: true },
    ],
    [undefined, 'it takes up another one, and rows would be lost', { takesUp: true, loss }],
    [
      'an earlier execution has led the address of production away, and there is no other way than on',
      'production is half gone back',
      { moved: true, loss },
    ],
  ])('%s: %s', (because, _when, more) => {
    expect(findNoYesNeeded({ request: asks, ...nothing, ...more })).toBe(because);
  });
});
