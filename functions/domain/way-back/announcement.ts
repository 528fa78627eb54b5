import type { Deployment } from '../model/deployment.ts';
import { type Failure, isUndecidedBake, messageOf } from '../model/failure.ts';
import { showTime } from '../model/text.ts';
import { type Severity, subjectOf } from '../outcome/severity.ts';
import type { Request } from '../request/request.ts';
import { letRolesGo, probeRole } from './by-hand.ts';
import type { WayBack } from './state.ts';

/** `closed`: there is none any more. `asked`: people are to decide whether to use it. `held`: nobody can write, because the gate cannot be opened. */
export type Announcement = 'closed' | 'asked' | 'held';

export interface AnnouncementFacts {
  announcement: Announcement;
  executionArn: string;
  request: Request;
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
  const { title, severity, write } = kinds[facts.announcement];
  return {
    subject: subjectOf(severity, `${title}: ${database.id}`),
    text: write(facts).join('\n'),
    attributes: { kind: 'way-back', severity, announcement: facts.announcement, database: database.id },
  };
}

interface Kind {
  title: string;
  severity: Severity;
  write: (facts: AnnouncementFacts) => string[];
}

const kinds: Record<Announcement, Kind> = {
  closed: { title: 'No way back any more', severity: 'ACT', write: describeClosed },
  asked: { title: 'Go back or stay?', severity: 'PAGE', write: ask },
  held: { title: 'Nobody can write', severity: 'PAGE', write: describeHeld },
};

/** Roles of the application are held on new production, and our function cannot let them go. */
function describeHeld({
  request,
  wayBack,
  failure,
  executionArn,
  deployment,
  until,
}: AnnouncementFacts): string[] {
  const { database, green } = deployment;
  const roles = [...request.wayBack.applicationRoles, probeRole];
  return [
    `${database.id}: NOBODY CAN WRITE. The cut is done, new production serves, and the roles of the application could not be let go.`,
    '',
    `Why: ${failure ? messageOf(failure) : 'not known'}`,
    '',
    `To let them go: as the master user, in database ${wayBack.databases[0] ?? ''} at ${green?.endpoint ?? 'new production'}, at any time:`,
    letRolesGo(roles),
    '',
    `The run tries it again and again until ${showTime(until)}, and goes on as soon as it can sign in. It sees what you have done.`,
    '',
    `Run  ${executionArn}`,
  ];
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
