import { type Announcement, eventId, subjectOf } from '../announcement/announcement.ts';
import { linksTo, writeLinks } from '../announcement/links.ts';
import { showTime, wrapQuoted } from '../model/text.ts';
import { describeStanding } from './standing.ts';
import type { Standing } from './standing-facts.ts';

export interface StandingMessage {
  database: string;
  /** Of the run that left it. */
  executionArn: string;
  /** Milliseconds since the epoch; undefined: the run is open. */
  endedAt: number | undefined;
  standing: Standing[];
  /** Milliseconds since the epoch: this hour. */
  at: number;
  timeZone: string | undefined;
  runbook: string;
}

const hour = 3_600_000;

/** The hourly message about what a run has left that keeps production from working or fills its disk. */
export function composeStandingMessage(facts: StandingMessage): Announcement {
  const { database, executionArn, standing, at, runbook } = facts;
  const kinds = [...new Set(standing.map(({ kind }) => kind))].join(', ');
  const severity = standing.every(({ kind }) => kind === 'slot' || kind === 'kept log') ? 'ACT' : 'PAGE';
  const links = linksTo(executionArn, runbook, 'What of ours stands on a database');
  const told = standing.map(describeStanding);
  const all = `npm run what-stands -- --database ${database}`;
  return {
    subject: subjectOf(severity, `Still there on ${database}: ${kinds}`),
    text: [
      ...wrapQuoted(
        `${database}: the run below ${describeEnd(facts)}, and what follows still stands. It keeps an application from working, or fills a disk. This is said every hour until it is gone.`,
        76,
      ),
      ...told.flatMap(({ text, command }) => ['', ...wrapQuoted(text, 76), `    ${command}`]),
      '',
      'Everything of ours on this database, with what removes it:',
      `    ${all}`,
      '',
      ...writeLinks(executionArn, links),
      '',
    ].join('\n'),
    json: { executionArn, standing, commands: [...told.map(({ command }) => command), all], links },
    attributes: {
      kind: 'standing',
      severity,
      database,
      id: eventId(executionArn, 'standing', Math.floor(at / hour)),
    },
  };
}

function describeEnd({ endedAt, timeZone }: StandingMessage): string {
  if (endedAt === undefined) return 'is open';
  return `ended at ${showTime(new Date(endedAt).toISOString(), timeZone)}`;
}
