import { type Announcement, eventId, subjectOf } from '../announcement/announcement.ts';
import { linksTo, writeLinks } from '../announcement/links.ts';
import { foreignText, showTime } from '../model/text.ts';
import type { LinkPurpose } from './link.ts';

/** A wrong phrase that somebody typed at a link, as the history of the run holds it. */
export interface WrongPhrase {
  /** `nameOfLink`. */
  link: string;
  /** Milliseconds since the epoch. */
  at: number;
}

/** So many wrong phrases close the page of a link. */
export const wrongPhrasesToClose = 5;
/** For so long. */
export const closedForMs = 15 * 60_000;
/** And so many for good: each costs the history of the run eight events, and so a link costs it 120 at most. */
export const wrongPhrasesForGood = 15;

/** The cause with which a tick ends at which a wrong phrase was typed. */
export function describeWrongPhrase(link: string): string {
  return `a wrong phrase was typed at link ${link}`;
}

/** The link that such a cause names. */
export function readWrongPhrase(cause: string): string | undefined {
  return /^a wrong phrase was typed at link ([0-9a-f]{12})$/.exec(cause)?.[1];
}

/**
 * Until when the page of a link is closed: milliseconds since the epoch, infinite for good, nothing where it is open.
 * @param wrong those of all links of the question
 */
export function closedUntil(wrong: readonly WrongPhrase[], link: string, now: number): number | undefined {
  const times = wrong.filter((one) => one.link === link).map(({ at }) => at);
  if (times.length >= wrongPhrasesForGood) return Number.POSITIVE_INFINITY;
  if (times.length === 0 || times.length % wrongPhrasesToClose !== 0) return undefined;
  const until = Math.max(...times) + closedForMs;
  return now < until ? until : undefined;
}

/** Wrong phrases that have just closed the page of a link. */
export interface Closing {
  executionArn: string;
  group: string;
  purpose: LinkPurpose;
  link: string;
  /** So many wrong phrases in all. */
  count: number;
  /** ISO time; null: for good. */
  until: string | null;
  runbook: string;
}

/** What the announcements get about it. */
export function composeWrongPhrases(closing: Closing): Announcement {
  const { executionArn, group, purpose, link, count, until, runbook } = closing;
  const links = linksTo(executionArn, runbook, 'BlueGreen.ApprovalDenied');
  const run = foreignText(executionArn.split(':').at(-1) ?? '', 80);
  return {
    subject: subjectOf('ACT', `Wrong phrases at a link of run ${run} (group ${group})`),
    text: [
      `${count} wrong phrases were typed at the link with which group ${foreignText(group, 40)} can ${purpose === 'stop' ? 'stop the run' : 'decide'}.`,
      until === null
        ? 'The page of this link is closed for good. Other messages about this question have links of their own.'
        : `The page of this link is closed until ${showTime(until)}.`,
      '',
      'Nothing was decided by this, and the question stays open. With rights in IAM the group can still decide',
      'by npm run approve. If nobody of the group has mistyped, somebody else has a link: look who can read the',
      "group's messages, and reject or stop the run where that is not clear.",
      '',
      ...writeLinks(executionArn, links),
      `Link     ${link} (as logs and the history of the run name it)`,
      '',
    ].join('\n'),
    json: { executionArn, group, purpose, link, count, until, links },
    attributes: {
      kind: 'wrong-phrases',
      severity: 'ACT',
      group,
      id: eventId(executionArn, 'wrong-phrases', link, count),
    },
  };
}
