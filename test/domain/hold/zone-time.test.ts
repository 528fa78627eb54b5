import { describe, expect, it } from 'vitest';
import { instantsOf, isTimeZone, jumpOver, wallTime } from '../../../functions/domain/hold/zone-time.ts';

const at = Date.parse;
const iso = (instant: number) => new Date(instant).toISOString();

describe('the clock on the wall', () => {
  it.each([
    ['UTC', '2026-11-21T08:00:00.250Z', '2026-11-21T08:00:00.250Z'],
    ['Europe/Berlin', '2026-07-01T22:30:15.001Z', '2026-07-02T00:30:15.001Z'],
    ['America/New_York', '2026-11-21T04:59:59Z', '2026-11-20T23:59:59.000Z'],
    ['Asia/Kathmandu', '2026-11-21T00:00:00Z', '2026-11-21T05:45:00.000Z'],
  ])('in %s at %s shows %s', (zone, instant, shown) => {
    expect(iso(wallTime(zone, at(instant)))).toBe(shown);
  });

  it.each([
    ['Europe/Berlin', '2026-11-21T09:00Z', ['2026-11-21T08:00:00.000Z']],
    ['Europe/Berlin', '2026-10-25T02:30Z', ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']],
    ['America/New_York', '2026-11-01T01:30Z', ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z']],
    ['Europe/Berlin', '2026-03-29T02:30Z', []],
  ])('in %s shows %s at %j, the earlier first', (zone, wall, instants) => {
    expect(instantsOf(zone, at(wall)).map(iso)).toEqual(instants);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T02:00Z', '2026-03-29T01:00:00.000Z'],
    ['Europe/Berlin', '2026-03-29T02:59:59.999Z', '2026-03-29T01:00:00.000Z'],
    ['America/New_York', '2026-03-08T02:30Z', '2026-03-08T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15Z', '2026-10-03T15:30:00.000Z'],
  ])('in %s jumps over %s at %s', (zone, wall, jump) => {
    expect(iso(jumpOver(zone, at(wall)))).toBe(jump);
  });

  it('is known of the zones of the IANA database alone', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
});
