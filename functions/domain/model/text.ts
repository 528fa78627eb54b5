/** Control characters, line and paragraph separators, and marks that turn the direction of writing or cannot be seen. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;

/** One line that shows what it holds: no line break, nothing invisible, at most `longest` characters. */
export function oneLine(text: string, longest = 1_000): string {
  const line = text.replace(unprintable, ' ').replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}

/** Whether a typed text is the one that was to be typed. Spaces around and between do not matter. */
export function isSameText(typed: string, wanted: string): boolean {
  const plain = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
  return plain(typed) === plain(wanted);
}

/**
 * A text of others, such as the answer of a hook, a ticket or a message of a database, made harmless: one line, nothing that a client
 * of mail or chat makes a link or a mention, no quotation mark. `https://a.b` becomes `https[:]//a[.]b`, as security people write it.
 */
export function foreignText(text: string, longest = 500): string {
  const harmless = withoutLinks(oneLine(text.normalize('NFC'), 4 * longest))
    .replace(/(?<=\b(?:mailto|tel|javascript|data|file|sms|slack|msteams|xmpp|skype)):/gi, '[:]')
    .replace(/(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=\p{L})/gu, '[.]')
    .replace(/["\u201c\u201d\u201e\u00ab\u00bb]/g, "'")
    .replace(/`/g, "'");
  return oneLine(harmless, longest);
}

/**
 * A text of ours with texts of others in it, which it keeps apart from what a client makes a link or a mention: a whole address,
 * and the brackets of chat. Names with a dot, such as that of a table, stay as they must be typed.
 */
export function withoutLinks(text: string): string {
  return text
    .replace(/:(?=\/\/)/g, '[:]')
    .replace(/\bwww\./gi, 'www[.]')
    .replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2,}\/)/gu, '[.]')
    .replace(/<([^<>\s][^<>]*)>/g, '($1)')
    .replace(/<(?=\S)/g, '(')
    .replace(/\](?=\()/g, '] ');
}

/** A text of others as data: between quotation marks, which it cannot end. */
export function quote(text: string, longest = 500): string {
  return `"${foreignText(text, longest)}"`;
}

/** The subject of an SNS message: printable ASCII, at most 100 characters, beginning with a letter, a digit or a bracket (SNS, Publish). */
export function subjectLine(text: string): string {
  const ascii = oneLine(text)
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/^[^A-Za-z0-9[]+/, '');
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

/**
 * Breaks a line at spaces, and marks each further line that lies within quotation marks with `> `, so that no line of a quoted text
 * looks like one of ours.
 */
export function wrapQuoted(text: string, width: number): string[] {
  const lines: string[] = [];
  let inside = false;
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(inside ? `> ${word}` : word);
    if (word.split('"').length % 2 === 0) inside = !inside;
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
  return new Intl.DateTimeFormat('en-GB', options).format(instant);
}

/** A size for people, in whole units of 1,024: `3 GiB`. */
export function showBytes(bytes: number): string {
  const power = Math.max(0, Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10)));
  return `${Math.round(bytes / 2 ** (10 * power))} ${['bytes', 'KiB', 'MiB', 'GiB', 'TiB'][power]}`;
}

/** A span of time for people, rounded down to two units: `2 h 5 min`. */
export function showSpan(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let left = Math.max(0, Math.floor(seconds));
  const counts = units.map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return { unit, count };
  });
  const first = counts.findIndex(({ count }) => count > 0);
  const told = counts.slice(first, first + 2).filter(({ count }) => count > 0);
  return told.map(({ unit, count }) => `${count} ${unit}`).join(' ') || '0 s';
}
