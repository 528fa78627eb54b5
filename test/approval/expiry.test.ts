import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExpired, linkExpiries } from '../../functions/domain/approval/link.ts';
import { findWindow, roomForCut } from '../../functions/domain/hold/window.ts';
import { wallTime } from '../../functions/domain/hold/zone-time.ts';
import { showTime } from '../../functions/domain/model/text.ts';
import { makeRequest } from './facts.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/St_Johns',
];
const hour = 3_600_000;

/** Moments within two days of a change of the clocks, and any others. */
const changes = [
  '2026-03-29T01:00Z',
  '2026-10-25T01:00Z',
  '2026-03-08T07:00Z',
  '2026-11-01T06:00Z',
  '2026-04-04T15:00Z',
  '2026-10-03T15:30Z',
];
const moments = fc.oneof(
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -48 * hour, max: 48 * hour }))
    .map(([at, by]) => Date.parse(at) + by),
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 0, 1) }),
);
const clockTimes = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`);
const questions = fc.record({
  now: moments,
  timeZone: fc.constantFrom(...zones),
  days: fc.uniqueArray(fc.constantFrom('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'), { minLength: 1 }),
  from: clockTimes,
  to: clockTimes,
  withinHours: fc.double({ min: 0.1, max: 336, noNaN: true }),
  timeoutSeconds: fc.integer({ min: 30, max: 3_600 }),
});

describe('the expiry of a link, in any time zone and around every change of clocks', () => {
  it('is never later than the limit of the request nor than what leaves room for the cut', () =>
    fc.assert(
      fc.property(questions, ({ now, timeZone, days, from, to, withinHours, timeoutSeconds }) => {
        const request = makeRequest({
          window: { timeZone, days, from, to },
          approval: { withinHours },
          switchover: { timeoutSeconds },
        });
        const window = findWindow(request, now);
        fc.pre(window !== undefined);
        const expires = linkExpiries(window as NonNullable<typeof window>, 60).decide * 1000;
        expect(expires).toBeLessThanOrEqual(now + withinHours * hour);
        expect(expires).toBeLessThanOrEqual(Date.parse(window?.closesAt ?? '') - roomForCut(timeoutSeconds));
        expect(Date.parse(window?.approveBy ?? '') - expires).toBeLessThan(1_000);
      }),
      { numRuns: 1_000 },
    ));

  it('is one instant: good the millisecond before, void from then on', () =>
    fc.assert(
      fc.property(moments, (at) => {
        const iso = new Date(at).toISOString();
        const { decide } = linkExpiries({ opensAt: iso, closesAt: iso, approveBy: iso }, 0);
        const claims = { purpose: 'decide', execution: 'x', group: 'x', plan: 'x', expires: decide } as const;
        expect(isExpired(claims, decide * 1000 - 1)).toBe(false);
        expect(isExpired(claims, decide * 1000)).toBe(true);
        expect(isExpired(claims, at)).toBe(true);
      }),
    ));

  it('never comes from a time that is none', () => {
    const { decide, stop } = linkExpiries({ opensAt: '', closesAt: 'soon', approveBy: 'never' }, 60);
    expect([decide, stop]).toEqual([Number.NaN, Number.NaN]);
  });

  it('of stopping lasts through the bake', () => {
    const window = { opensAt: '', closesAt: '2026-11-21T18:00:00Z', approveBy: '2026-11-21T17:00:00Z' };
    expect(linkExpiries(window, 90).stop).toBe(Date.UTC(2026, 10, 21, 19, 30) / 1000);
  });

  it('is shown as the same instant in both zones', () =>
    fc.assert(
      fc.property(moments, fc.constantFrom(...zones.slice(1)), (at, zone) => {
        const shown = showTime(new Date(at).toISOString(), zone);
        const [, date = '', time = '', wall = ''] = /^(\S+) (\S+) UTC \(\w+ (\d\d:\d\d) /.exec(shown) ?? [];
        expect(Date.parse(`${date}T${time}Z`)).toBe(Math.floor(at / 60_000) * 60_000);
        expect(wall).toBe(new Date(wallTime(zone, at)).toISOString().slice(11, 16));
      }),
    ));
});
