import { expect, it } from 'vitest';
import { timeZoneOf } from '../../../functions/domain/request/time-zone.ts';

it.each([
  ['the zone of a weekly window', { window: { timeZone: 'Europe/Berlin' } }, 'Europe/Berlin'],
  ['no zone that nobody knows', { window: { timeZone: 'Europe/Atlantis' } }, undefined],
  ['no zone that is no text', { window: { timeZone: ['UTC'] } }, undefined],
  ['none of a window at absolute times', { window: { opensAt: '2026-11-22T02:00:00Z' } }, undefined],
  ['none without a window', {}, undefined],
  ['none of a window that is none', { window: null }, undefined],
  ['none of a request that is none', null, undefined],
  ['none where there is no request', undefined, undefined],
])('people of a run have %s', (_, request, zone) => {
  expect(timeZoneOf(request)).toBe(zone);
});
