import { describe, expect, it } from 'vitest';
import { planLongestRun } from '../../../functions/domain/request/longest-run.ts';
import { request, saturday } from '../sample.ts';

const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-test';
const readers = { hostedZoneId: 'Z1ABC', recordName: 'orders-readers.example.com' };
const plan = (more: object) => planLongestRun(request(more), saturday);
/** Name, hours and looks of each wait. */
const waits = (more: object) =>
  plan(more).waits.map(({ name, seconds, ticks }) => [name, seconds / 3_600, ticks]);

const green = ['green', 24, 181];
const failover = ['a failover of green, there and back', 2, 86];
const paused = ['paused', 72, 229];
const catchingUp = ['catching up', 1, 57];
const switchover = ['switchover', 1_200 / 3_600, 49];
const bake = ['bake', 1.25, 48];
const reads = [
  ['reads on green', 1.55, 97],
  ['reads back', 1, 89],
];

describe('the waits of the longest run', () => {
  it('with the defaults', () => {
    expect(waits({})).toEqual([
      green,
      failover,
      ['approval', 24, 71],
      paused,
      ['window', 25, 135],
      catchingUp,
      switchover,
      bake,
    ]);
  });

  it('without approval, without the test of a failover, and with a bake so short that its alarms get a quarter of an hour', () => {
    expect(
      waits({ approval: { required: false }, tests: { failover: false }, bake: { minutes: 10 } }),
    ).toEqual([green, paused, ['window', 25, 135], catchingUp, switchover, ['bake', 25 / 60, 25]]);
  });

  it('with everything that a request may ask for', () => {
    const approval = ['approval', 24, 72];
    const window = ['window', 15 * 24, 625];
    const asked = {
      target: { engineVersion: '17.10', members: [{ member: 'r1', instanceClass: 'db.r7g.large' }] },
      hooks: { changeGreen: { arn }, verifyProduction: { arn, callback: true, withinMinutes: 30 } },
      wayBack: { login: {} },
      oldBlue: { deleteAfterDays: 2 },
      approval: { groups: [{ name: 'a' }, { name: 'b' }] },
      readRamp: { ...readers, onBadStep: 'ask' },
      window: { timeZone: 'Europe/Berlin', days: ['Sun'], from: '02:00', to: '04:00' },
    };
    expect(waits(asked)).toEqual([
      green,
      ['green after its members were changed', 24, 133],
      ['green after its changes', 24, 133],
      failover,
      ['hook changeGreen', 0.25, 0],
      ['hook verifyProduction', 0.5, 0],
      ['the statistics of green', 1, 90],
      approval,
      paused,
      window,
      catchingUp,
      ...reads,
      // A bad step of the readers leads to the question, the window and the lag once more.
      approval,
      window,
      catchingUp,
      switchover,
      bake,
      ['securing the way back', 300 / 3_600, 20],
      ['releasing writes', 24, 442],
      ['making the rollback target', 2, 144],
      ['deciding on the way back', 24, 133],
      ['going back', 9, 102],
      ['retention', 48, 2],
      ['snapshot', 24, 133],
      ['deletion', 24, 133],
    ]);
  });

  it('with a bad step of the readers that stops the run, in one window, and with a way back that is turned off', () => {
    const asked = {
      window: { opensAt: '2026-11-22T00:00:00Z', closesAt: '2026-11-22T04:00:00Z' },
      wayBack: { enabled: false, login: {} },
      readRamp: readers,
    };
    expect(waits(asked).slice(2)).toEqual([
      ['the statistics of green', 1, 90],
      ['approval', 24, 71],
      paused,
      ['window', 20, 115],
      catchingUp,
      ...reads,
      switchover,
      bake,
    ]);
  });

  it('with a way back, but nobody who may sign in for it', () => {
    expect(waits({ wayBack: { enabled: true } })).toEqual(waits({}));
  });

  it('with a window that is over: nothing is waited for', () => {
    const past = { opensAt: '2026-11-20T00:00:00Z', closesAt: '2026-11-20T04:00:00Z' };
    expect(waits({ window: past })).toContainEqual(['window', 0, 0]);
  });
});

it.each([
  ['the defaults', {}, 542_100, 7_093],
  ['nobody asked', { approval: { required: false } }, 455_700, 6_480],
  ['two groups', { approval: { groups: [{ name: 'a' }, { name: 'b' }] } }, 542_100, 7_146],
])(
  '%s: an hour more than all waits, 8 events a look, 200 once, and 45 a group',
  (_, more, seconds, events) => {
    expect(plan(more)).toMatchObject({ seconds, events });
    const { waits: all } = plan(more);
    expect(seconds).toBe(all.reduce((sum, wait) => sum + wait.seconds, 3_600));
  },
);
