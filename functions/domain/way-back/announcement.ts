import type { Deployment } from '../model/deployment.ts';
import { type Failure, isUndecidedBake, messageOf } from '../model/failure.ts';
import { showTime, subjectLine } from '../model/text.ts';
import type { WayBack } from './state.ts';

/** `closed`: there is none any more. `asked`: people are to decide whether to use it. */
export type Announcement = 'closed' | 'asked';

export interface AnnouncementFacts {
  announcement: Announcement;
  executionArn: string;
  deployment: Deployment;
  wayBack: WayBack;
  failure: Failure | null;
  until: string;
  rollBackMachine: string;
}

/** A message about the way back while the run goes on, sent to the announcements. */
export function composeAnnouncement(facts: AnnouncementFacts): {
  subject: string;
  text: string;
  attributes: Record<string, string>;
} {
  const { database } = facts.deployment;
  const title = facts.announcement === 'closed' ? 'No way back any more' : 'Go back or stay?';
  return {
    subject: subjectLine(`${title}: ${database.id}`),
    text: (facts.announcement === 'closed' ? describeClosed(facts) : ask(facts)).join('\n'),
    attributes: { kind: 'way-back', announcement: facts.announcement, database: database.id },
  };
}

function describeClosed({ wayBack, executionArn, deployment }: AnnouncementFacts): string[] {
  return [
    `${deployment.database.id}: there is no lossless way back any more.`,
    '',
    `Why: ${wayBack.lost ? messageOf({ cause: wayBack.lost }) : 'not known'}`,
    '',
    'New production serves, and the run goes on. Rows that it takes in are not in old blue.',
    '',
    `Run  ${executionArn}`,
  ];
}

function ask({ failure, executionArn, deployment, until, rollBackMachine }: AnnouncementFacts): string[] {
  const input = JSON.stringify({ executionArn });
  // The bake may have no verdict: then people are to look, and not to believe that something is wrong.
  const undecided = isUndecidedBake(failure);
  return [
    `${deployment.database.id}: ${undecided ? 'it is not known whether new production is right' : 'new production is not right'}, and the way back without losing a row is open.`,
    '',
    `Why: ${failure ? `"${failure.state}": ${messageOf(failure)}` : 'not known'}`,
    '',
    'To go back to blue:',
    `aws stepfunctions start-execution --state-machine-arn ${rollBackMachine} --input '${input}'`,
    '',
    `To stay: do nothing. The way back is closed at ${showTime(until)}; stopping the run closes it at once.`,
    '',
    `Run  ${executionArn}`,
  ];
}
