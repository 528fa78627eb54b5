/**
 * Times of the day in a time zone, by way of Intl, which carries the rules of every zone. Instants are milliseconds since
 * the epoch. A wall time is what a clock on the wall there shows, written as the instant at which UTC shows the same.
 */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Whether Intl knows the zone, for example `Europe/Berlin`. */
export function isTimeZone(timeZone: string): boolean {
  try {
    formatFor(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock on the wall shows at an instant. */
export function wallTime(timeZone: string, instant: number): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatFor(timeZone).formatToParts(instant)) {
    part[type] = Number(value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second, instant - Math.floor(instant / 1000) * 1000);
}

const day = 86_400_000;

/**
 * The instants at which the clock on the wall shows a wall time: one as a rule, two where clocks are put back over it, none
 * where they are put forward over it. The earlier comes first: it has the offset of before the change. Zones lie within a day of UTC, and no zone changes twice within two days.
 */
export function instantsOf(timeZone: string, wall: number): number[] {
  return [...new Set(offsetsAround(timeZone, wall).map((offset) => wall - offset))].filter(
    (instant) => wallTime(timeZone, instant) === wall,
  );
}

/** The instant at which the clocks jump over a wall time that `instantsOf` does not find. */
export function jumpOver(timeZone: string, wall: number): number {
  const offsets = offsetsAround(timeZone, wall);
  let before = wall - Math.max(...offsets) - 1;
  let after = wall - Math.min(...offsets);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (wallTime(timeZone, middle) < wall) {
      before = middle;
    } else {
      after = middle;
    }
  }
  return after;
}

function offsetsAround(timeZone: string, wall: number): number[] {
  return [wall - day, wall + day].map((instant) => wallTime(timeZone, instant) - instant);
}
