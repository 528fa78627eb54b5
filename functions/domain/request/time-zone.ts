import { isTimeZone } from '../hold/zone-time.ts';

/** The zone of the people of a run, which its maintenance window names; undefined: none, or the request was refused for it. */
export function timeZoneOf(request: unknown): string | undefined {
  const { window } = (request ?? {}) as { window?: { timeZone?: unknown } | null };
  const zone = window?.timeZone;
  return typeof zone === 'string' && isTimeZone(zone) ? zone : undefined;
}
