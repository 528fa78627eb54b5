import { showTime } from '../model/text.ts';
import { subjectOf } from './severity.ts';
import { describeStanding, type Standing } from './standing.ts';

export interface StandingMessage {
  database: string;
  /** Of the run that left it. */
  executionArn: string;
  /** Milliseconds since the epoch; undefined: the run is open. */
  endedAt: number | undefined;
  standing: Standing[];
}

/** The hourly message about what a run has left that keeps production from working or fills its disk. */
export function composeStandingMessage({ database, executionArn, endedAt, standing }: StandingMessage): {
  subject: string;
  text: string;
  attributes: Record<string, string>;
} {
  const kinds = [...new Set(standing.map(({ kind }) => kind))].join(', ');
  const severity = standing.every(({ kind }) => kind === 'slot') ? 'ACT' : 'PAGE';
  const ended = endedAt === undefined ? 'is open' : `ended at ${showTime(new Date(endedAt).toISOString())}`;
  return {
    subject: subjectOf(severity, `Still there on ${database}: ${kinds}`),
    text: [
      `${database}: the run below ${ended}, and what follows still stands. It keeps an application from working, or fills a disk.`,
      'This is said every hour until it is gone.',
      ...standing.map(describeStanding).flatMap(({ text, command }) => ['', text, command]),
      '',
      'Everything of ours on this database, with what removes it:',
      `npm run what-stands -- --database ${database}`,
      '',
      `Run  ${executionArn}`,
    ].join('\n'),
    attributes: { kind: 'standing', severity, database },
  };
}
