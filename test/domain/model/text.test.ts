import { describe, expect, it } from 'vitest';
import {
  foreignText,
  isSameText,
  oneLine,
  quote,
  showBytes,
  showSpan,
  showTime,
  subjectLine,
  withoutLinks,
  wrapLine,
  wrapQuoted,
} from '../../../functions/domain/model/text.ts';

describe('one line that shows what it holds', () => {
  it.each([
    ['line breaks', 'a\r\n b\tc', 'a b c'],
    ['marks that turn the direction of writing', 'pay\u202Eyap', 'pay yap'],
    ['many invisible marks in turn', 'a\u200B\u200C\u200Db', 'a b'],
    ['blanks around it', '  a  ', 'a'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a b c'],
  ])('without %s', (_, text, line) => {
    expect(oneLine(text)).toBe(line);
  });

  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abc...'],
  ])('%s in %i characters: %s', (text, longest, line) => {
    expect(oneLine(text, longest)).toBe(line);
  });
});

it.each([
  ['orders', 'orders', true],
  ['  orders ', 'orders', true],
  ['go   on now', 'go on now', true],
  ['orders', '\torders\n', true],
  ['goon', 'go on', false],
  ['Orders', 'orders', false],
])('%j typed is %j: %s', (typed, wanted, same) => {
  expect(isSameText(typed, wanted)).toBe(same);
});

describe('a text of others makes no link and no mention', () => {
  it.each([
    ['a link', 'see https://evil.example/x', 'see https[:]//evil[.]example/x'],
    ['a host', 'evil.example', 'evil[.]example'],
    ['a host with a full stop of another script', 'evil\u3002example', 'evil[.]example'],
    ['a wide full stop', 'evil\uFF0Eexample', 'evil[.]example'],
    ['a halfwidth full stop', 'evil\uFF61example', 'evil[.]example'],
    ['a host after an underline', 'a_.example', 'a_[.]example'],
    ['a host that ends in a number', 'host7.example', 'host7[.]example'],
    ['a number', 'version 17.10', 'version 17.10'],
    ['the end of a sentence', 'Done. Next.', 'Done. Next.'],
    ['a call', 'tel:112 and JavaScript:alert', 'tel[:]112 and JavaScript[:]alert'],
    ['a mail', 'mailto:a@b', 'mailto[:]a@b'],
    ['a word that only ends like one', 'hotel:112', 'hotel:112'],
    ['quotation marks', 'a "b" \u201Cc\u201D \u201Ed \u00ABe\u00BB', "a 'b' 'c' 'd 'e'"],
    ['marks of code', 'a `b`', "a 'b'"],
    ['letters that are put together', 'e\u0301', '\u00E9'],
  ])('%s', (_, text, harmless) => {
    expect(foreignText(text)).toBe(harmless);
  });

  it('and is at most as long as is said, after it was made harmless', () => {
    expect(foreignText('a.b'.repeat(20), 20)).toHaveLength(20);
    expect(foreignText('x'.repeat(900))).toHaveLength(500);
    expect(foreignText(`${'x'.repeat(79)}evil.example`, 80)).toBe(`${'x'.repeat(77)}...`);
  });
});

describe('a text of ours keeps names as they are typed', () => {
  it.each([
    ['a table', 'public.orders in shop', 'public.orders in shop'],
    ['a whole address', 'http://a.example/b', 'http[:]//a[.]example/b'],
    ['a host with a path', 'a.example/b', 'a[.]example/b'],
    ['a host that ends in a number', 'a7.example/b', 'a7[.]example/b'],
    ['a file of a folder', 'x.y/b', 'x.y/b'],
    ['what mail makes a link', 'WWW.example', 'www[.]example'],
    ['a mention of chat', '<!channel> now', '(!channel) now'],
    ['an open mention', '<@all', '(@all'],
    ['a comparison', '3 < 4', '3 < 4'],
    ['an empty pair', '<>', '(>'],
    ['a link of Markdown', '[go](there)', '[go] (there)'],
    ['brackets apart', '[go] on', '[go] on'],
    ['a letter and a number', 'a:b', 'a:b'],
  ])('%s', (_, text, harmless) => {
    expect(withoutLinks(text)).toBe(harmless);
  });
});

it('a quoted text cannot end its quotation', () => {
  expect(quote('he said "yes"')).toBe(`"he said 'yes'"`);
  expect(quote('abcdefgh', 6)).toBe('"abc..."');
});

describe('the subject of a mail', () => {
  it.each([
    ['Green serves production', 'Green serves production'],
    ['\u00FCber orders', 'ber orders'],
    ['orders \u2192 17', 'orders ? 17'],
    ['  - [orders] moved', '[orders] moved'],
    ['->[orders] moved', '[orders] moved'],
    ['17 is next', '17 is next'],
    ['\u2192', 'Viridian'],
    ['', 'Viridian'],
    ['a~b', 'a~b'],
  ])('%j: %j', (text, subject) => {
    expect(subjectLine(text)).toBe(subject);
  });

  it('has at most 100 characters', () => {
    expect(subjectLine('x'.repeat(101))).toBe(`${'x'.repeat(97)}...`);
  });
});

describe('a line is broken at spaces', () => {
  it.each([
    ['aa bb cc', 5, ['aa bb', 'cc']],
    ['aa bb cc', 4, ['aa', 'bb', 'cc']],
    ['aa https://long.example bb', 5, ['aa', 'https://long.example', 'bb']],
    ['', 5, ['']],
  ])('%j at %i: %j', (text, width, lines) => {
    expect(wrapLine(text, width)).toEqual(lines);
  });

  it('and inside a quotation each further line is marked', () => {
    expect(wrapQuoted('we say "aa bb cc" and so on', 8)).toEqual([
      'we say',
      '"aa bb',
      '> cc"',
      'and so',
      'on',
    ]);
    expect(wrapQuoted('we say "aa" bb', 9)).toEqual(['we say', '"aa" bb']);
    expect(wrapQuoted('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
  });
});

describe('a moment for people', () => {
  it.each([
    ['2026-11-21T08:05:59Z', undefined, '2026-11-21 08:05 UTC'],
    ['2026-11-21T08:05:00Z', 'UTC', '2026-11-21 08:05 UTC'],
    ['2026-11-21T08:05:00Z', 'Europe/Berlin', '2026-11-21 08:05 UTC (Sat 09:05 Europe/Berlin)'],
    ['2026-11-21T23:30:00Z', 'Europe/Berlin', '2026-11-21 23:30 UTC (Sun 00:30 Europe/Berlin)'],
    ['soon\nor later', 'UTC', 'soon or later'],
    ['x'.repeat(50), undefined, `${'x'.repeat(37)}...`],
  ])('%s in %s: %s', (isoTime, zone, shown) => {
    expect(showTime(isoTime, zone)).toBe(shown);
  });
});

it.each([
  [0, '0 bytes'],
  [1_023, '1023 bytes'],
  [1_024, '1 KiB'],
  [3 * 1_024 ** 2, '3 MiB'],
  [2.6 * 1_024 ** 3, '3 GiB'],
  [5 * 1_024 ** 4, '5 TiB'],
  [2_048 * 1_024 ** 4, '2048 TiB'],
])('%i bytes: %s', (bytes, shown) => {
  expect(showBytes(bytes)).toBe(shown);
});

it.each([
  [-5, '0 s'],
  [0.9, '0 s'],
  [1, '1 s'],
  [59, '59 s'],
  [60, '1 min'],
  [61, '1 min 1 s'],
  [3_600, '1 h'],
  [7_500, '2 h 5 min'],
  [3_601, '1 h'],
  [86_400, '1 d'],
  [90_000 + 59, '1 d 1 h'],
])('%i s: %s', (seconds, shown) => {
  expect(showSpan(seconds)).toBe(shown);
});
