import { showSpan, showTime, wrapLine } from '../functions/domain/model/text.ts';
import { nameOfRun, type RunFacts } from '../functions/domain/run/facts.ts';
import { readStanding } from '../functions/domain/run/standing.ts';

const width = 80;

/**
 * How an execution stands, as lines of at most 80 columns, but for names and ARNs.
 * @param now milliseconds since the epoch
 */
export function showStanding(facts: RunFacts, now: number): string[] {
  const { phase, state, since, until, waitsFor, next, costs, ended } = readStanding(facts, now);
  const span = (iso: string) => showSpan(Math.abs(now - Date.parse(iso)) / 1_000);
  return [
    nameOfRun(facts),
    ...entry('phase', phase),
    ...entry('state', state),
    ...entry('since', `${showTime(since)}, ${span(since)} ago`),
    ...entry(
      'until',
      until && `${showTime(until)}, ${span(until)} ${Date.parse(until) > now ? 'left' : 'ago'}`,
    ),
    ...waitsFor.flatMap((what, index) => entry(index === 0 ? 'waits' : '', `for ${what}`)),
    ...entry('next', next),
    ...entry('costs', costs),
    ...entry('ended', ended),
    ...entry('ARN', facts.executionArn),
  ];
}

/** A value with its name, broken at spaces under its beginning; nothing for null. */
function entry(name: string, value: string | null): string[] {
  if (value === null) return [];
  return wrapLine(value, width - 9).map((line, index) => `  ${(index === 0 ? name : '').padEnd(7)}${line}`);
}
