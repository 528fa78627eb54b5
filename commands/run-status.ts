import { showSpan, showTime } from '../functions/domain/model/text.ts';
import { nameOfRun, type RunFacts } from '../functions/domain/run/facts.ts';
import { readStanding } from '../functions/domain/run/standing.ts';

/**
 * How an execution stands, as lines of at most 80 columns, but for ARNs and texts of others.
 * @param now milliseconds since the epoch
 */
export function showStanding(facts: RunFacts, now: number): string[] {
  const { phase, state, since, until, waitsFor, next, costs, ended } = readStanding(facts, now);
  const span = (iso: string) => showSpan(Math.abs(now - Date.parse(iso)) / 1_000);
  return [
    nameOfRun(facts),
    `  phase  ${phase}`,
    `  state  ${state}`,
    `  since  ${showTime(since)}, ${span(since)} ago`,
    ...(until === null
      ? []
      : [`  until  ${showTime(until)}, ${span(until)} ${Date.parse(until) > now ? 'left' : 'ago'}`]),
    ...waitsFor.map((what, index) => `${index === 0 ? '  waits  ' : '         '}for ${what}`),
    ...(next === null ? [] : [`  next   ${next}`]),
    ...(costs === null ? [] : [`  costs  ${costs}`]),
    ...(ended === null ? [] : [`  ended  ${ended}`]),
    `  ARN    ${facts.executionArn}`,
  ];
}
