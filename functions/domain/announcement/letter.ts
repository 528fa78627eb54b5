import { oneLine, wrapQuoted } from '../model/text.ts';
import { type Announcement, eventId, type Severity, subjectOf } from './announcement.ts';
import { type AnnouncementFacts, timeFor } from './facts.ts';
import { linksTo, writeLinks } from './links.ts';

/** A paragraph, or what is to be executed: that stands on a line of its own, however long it is. */
export type Part = string | { command: string };

/** One kind of message while a run goes on. */
export interface Letter {
  severity: Severity;
  title: (facts: AnnouncementFacts) => string;
  /** In the order of danger. */
  write: (facts: AnnouncementFacts) => Part[];
  /** Heading of the runbook. */
  heading: string;
  /** What programs get besides. */
  facts?: (facts: AnnouncementFacts) => Record<string, unknown>;
}

const width = 76;

/**
 * Puts a message into its forms. A run tells an event of a kind once, and those that come again once for each deadline.
 * @param kind its name in the list
 */
export function composeLetter(kind: string, letter: Letter, facts: AnnouncementFacts): Announcement {
  const { executionArn, deployment, runbook, at, until = null } = facts;
  const { severity } = letter;
  const database = deployment.database.id;
  const title = letter.title(facts);
  const parts = letter.write(facts);
  const links = linksTo(executionArn, runbook, letter.heading);
  return {
    subject: subjectOf(severity, `${title} (${database})`),
    text: [
      `${database}, ${timeFor(facts)(at)}`,
      ...parts.flatMap(writePart),
      '',
      ...writeLinks(executionArn, links),
      '',
    ].join('\n'),
    json: {
      title,
      executionArn,
      at,
      text: parts.filter((part) => typeof part === 'string'),
      commands: parts.flatMap((part) => (typeof part === 'string' ? [] : [part.command])),
      links,
      ...letter.facts?.(facts),
    },
    attributes: { kind, severity, database, id: eventId(executionArn, kind, until) },
  };
}

/** Only our own first and last lines begin at the margin: no text of others can look like one. A command belongs to the paragraph before it. */
function writePart(part: Part): string[] {
  if (typeof part !== 'string') return [`    ${part.command}`];
  return ['', ...wrapQuoted(oneLine(part, 4_000), width - 2).map((line) => `  ${line}`)];
}
