/** Control characters, line and paragraph separators, and marks that turn the direction of writing or cannot be seen. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]+/gu;

/** One line that shows what it holds: no line break, nothing invisible, at most `longest` characters. */
export function oneLine(text: string, longest = 1_000): string {
  const line = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}

/** The subject of an SNS message: printable ASCII, at most 100 characters, beginning with a letter or a digit (SNS, Publish). */
export function subjectLine(text: string): string {
  const ascii = oneLine(text)
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/^[^A-Za-z0-9]+/, '');
  return oneLine(ascii || 'Viridian', 100);
}

/** Breaks a line at spaces. A word that is longer than the width, such as a link, stays whole. */
export function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** A moment for people: in UTC, and in the time zone of the window where there is one. What is no time is shown as it is. */
export function showTime(isoTime: string, timeZone?: string): string {
  const instant = Date.parse(isoTime);
  if (Number.isNaN(instant)) return oneLine(isoTime, 40);
  const utc = `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return timeZone && timeZone !== 'UTC' ? `${utc} (${wallClock(instant, timeZone)} ${timeZone})` : utc;
}

function wallClock(instant: number, timeZone: string): string {
  const options = {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  } as const;
  return new Intl.DateTimeFormat('en-GB', options).format(instant).replace(',', '');
}

/** A span of time for people, rounded down to two units: `2 h 5 min`. */
export function showSpan(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const whole = Math.max(0, Math.floor(seconds));
  const first = units.findIndex(([, size]) => whole >= size);
  if (first < 0) return '0 s';
  return units
    .slice(first, first + 2)
    .map(([unit, size], index) => [
      unit,
      Math.floor((index === 0 ? whole : whole % (units[first]?.[1] ?? 1)) / size),
    ])
    .filter(([, count]) => count !== 0)
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}
