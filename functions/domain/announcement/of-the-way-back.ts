import { readDecisions } from '../approval/decision.ts';
import { isError, isUndecidedBake, messageOf } from '../model/failure.ts';
import { foreignText, withoutLinks } from '../model/text.ts';
import { letRolesGo, probeRole } from '../way-back/by-hand.ts';
import { comparisonOf } from '../way-back/comparison.ts';
import { targetOf } from '../way-back/target.ts';
import { type AnnouncementFacts, goBackCommand, timeFor } from './facts.ts';
import type { Letter, Part } from './letter.ts';

const why = ({ failure }: AnnouncementFacts): string =>
  `Why: ${failure ? `"${failure.state}": ${withoutLinks(messageOf(failure))}` : 'not known'}`;
const groupsOf = ({ request }: AnnouncementFacts) =>
  request.approval.groups.map(({ name }) => name).join(', ');
const failureOf = ({ failure }: AnnouncementFacts) => ({ failure: failure ?? null });

/** Roles of the application are held on new production, and our function cannot let them go. */
export const writesHeld: Letter = {
  severity: 'PAGE',
  title: () => 'Nobody can write',
  heading: 'After a held role',
  write: (facts) => {
    const { request, wayBack, deployment, until } = facts;
    const roles = [...request.wayBack.applicationRoles, probeRole];
    return [
      'NOBODY CAN WRITE. The cut is done, new production serves, and the roles of the application could not be let go.',
      `To let them go: as the master user, in database ${wayBack.databases[0] ?? ''} at ${deployment.green?.endpoint ?? 'new production'}, at any time:`,
      { command: letRolesGo(roles) },
      why(facts),
      `The run tries it again and again until ${timeFor(facts)(until)}, and goes on as soon as it can sign in. It sees what you have done.`,
    ];
  },
  facts: failureOf,
};

export const wayBackClosed: Letter = {
  severity: 'ACT',
  title: () => 'No way back any more',
  heading: 'What the announcements say',
  write: ({ wayBack }) => [
    `There is no lossless way back any more, because: ${wayBack.lost ? withoutLinks(messageOf({ cause: wayBack.lost })) : 'not known'}`,
    'New production serves, and the run goes on. Rows that it takes in are not in old blue.',
  ],
  facts: ({ wayBack }) => ({ because: wayBack.lost ? messageOf({ cause: wayBack.lost }) : null }),
};

/** The bake has decided, and nobody is asked. */
export const bakeFailed: Letter = {
  severity: 'PAGE',
  title: () => 'New production failed, and production goes back',
  heading: 'After a failing bake',
  write: (facts) => [
    'New production is not right, and the request lets such a failure go back by itself: that begins now. Nobody will be able to write while both sides are compared: for minutes, half an hour at most. No row is lost: where that cannot be proved, production stays where it is.',
    why(facts),
    'Do nothing by hand on either database meanwhile. Messages tell when it begins and how it ends.',
  ],
  facts: failureOf,
};

/** Of each of the three messages about the question whether to go back. */
const asking = (title: string, opening: (facts: AnnouncementFacts) => string): Letter => ({
  severity: 'PAGE',
  title: () => title,
  heading: 'After a failing bake',
  write: (facts) => [
    opening(facts),
    why(facts),
    ...describeAsked(facts),
    `To stay: do nothing. The way back is closed at ${timeFor(facts)(facts.until)}; stopping the run closes it at once.`,
  ],
  facts: (facts) => ({
    ...failureOf(facts),
    undecided: isUndecidedBake(facts.failure ?? null),
    until: facts.until,
  }),
});

/** The bake may have no verdict, or a person has stopped the run: then people are to look, and not to believe that something is wrong. */
function describeDoubt({ failure = null }: AnnouncementFacts): string {
  if (failure && isError(failure.error, 'BlueGreen.StopRequested')) return 'somebody has stopped the run';
  return isUndecidedBake(failure)
    ? 'it is not known whether new production is right'
    : 'new production is not right';
}

function describeAsked(facts: AnnouncementFacts): Part[] {
  const asked = facts.request.approval.required
    ? `The people of the approval (${groupsOf(facts)}) are asked by a message with a link, for three hours at most: a yes of all goes back. With rights in IAM they can be asked at any time:`
    : 'To go back to blue:';
  return [asked, goBackCommand(facts)];
}

export const goBackAsked = asking(
  'Go back or stay?',
  (facts) => `New production serves; ${describeDoubt(facts)}, and the way back without losing a row is open.`,
);

export const goBackReminded = asking(
  'Reminder: go back or stay?',
  (facts) => `Half of the time to decide is over and nobody has: ${describeDoubt(facts)}.`,
);

export const goBackLastCall = asking(
  'Last call: go back or stay?',
  (facts) => `Nobody has decided, and little time is left: ${describeDoubt(facts)}.`,
);

/** Of an execution that goes back, just before it closes new production. */
export const goingBack: Letter = {
  severity: 'ACT',
  title: () => 'Production goes back: nobody can write meanwhile',
  heading: 'Went back: blue serves production',
  write: (facts) => {
    const { deployment } = facts;
    const { green } = deployment;
    const target = targetOf(deployment);
    return [
      `Production goes back from ${green?.id} (${green?.resourceId}) to ${target.id} (${target.resourceId}). From now on nobody can write, until both sides are compared${comparisonOf(facts) === 'none' ? ' by position' : ''} and the address leads to blue: for minutes, half an hour at most.`,
      `Who said yes: ${describeYes(facts)}.`,
      'Open neither database by hand meanwhile. Until the address is led away the run stays on new production when something fails; a message tells the end.',
      `It undoes the run ${facts.run}`,
    ];
  },
  facts: ({ run, approval }) => ({ undoes: run, decisions: decisionsOf(approval) }),
};

const decisionsOf = (approval: unknown) =>
  readDecisions(approval).map(({ group, by, identified, at, reason }) => ({
    group,
    by,
    identified,
    at,
    reason,
  }));

function describeYes({ approval }: AnnouncementFacts): string {
  const people = decisionsOf(approval).map(
    ({ group, by, identified }) => `${foreignText(by, 200)} for ${foreignText(group, 40)} (${identified})`,
  );
  return (
    people.join(', ') ||
    'nobody was asked: the bake decided it, the request asks nobody, or an earlier yes still holds'
  );
}
