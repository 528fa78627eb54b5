import { type Announcement, eventId, type Severity, subjectOf } from '../announcement/announcement.ts';
import { foreignText, oneLine, showTime, wrapLine, wrapQuoted } from '../model/text.ts';
import { timeZoneOf } from '../request/time-zone.ts';
import {
  databaseFact,
  describeChanges,
  type Evidence,
  evidenceFacts,
  type Fact,
  nameOfEngine,
  stateFacts,
} from './evidence.ts';

/** Which of the three messages about one question. */
export type Occasion = 'ask' | 'remind' | 'escalate';

export interface Question extends Evidence {
  executionArn: string;
  group: string;
  occasion: Occasion;
  /** The two links and what their page wants typed. A message without them has no power, and that is what the announcements get. */
  links?: { decide: string; stop?: string; phrase: string };
}

const openings: Record<Occasion, (matter: string) => string> = {
  ask: (matter) => `asks you to decide on ${matter}`,
  remind: (matter) => `reminds you: half of the time to decide on ${matter} is over`,
  escalate: (matter) => `still waits for a decision on ${matter}, and little time is left`,
};

const subjects: Record<Occasion, [Severity, string]> = {
  ask: ['ACT', 'Approval wanted'],
  remind: ['ACT', 'Reminder: approval wanted'],
  escalate: ['PAGE', 'Last call: approval wanted'],
};

/** Puts the question of a group into words. The texts hold what is known and say what is not. */
export function composeMessage(question: Question): Announcement {
  const { executionArn, group, occasion, deployment, request } = question;
  const { database } = deployment;
  const facts = messageFacts(question);
  const [usual, title] = subjects[occasion];
  // Production is not well, or somebody believes so.
  const severity = question.goingBack ? 'PAGE' : usual;
  return {
    subject: subjectOf(
      severity,
      `${title}: ${question.goingBack ? 'go back, ' : ''}${database.id} ${versions(question)} (group ${group})`,
    ),
    text: composeText(question, facts),
    json: {
      kind: 'approval',
      occasion,
      group,
      database,
      executionArn,
      planHash: deployment.planHash ?? null,
      answerBy: question.window.approveBy,
      ...(question.goingBack && { goingBack: { ...question.goingBack, loss: undefined } }),
      requestedBy: request.requestedBy ? foreignText(request.requestedBy) : null,
      ticket: request.ticket ? foreignText(request.ticket) : null,
      facts,
      ...(question.links && {
        decideLink: question.links.decide,
        ...(question.links.stop && { stopLink: question.links.stop }),
        typeToDecide: question.links.phrase,
      }),
    },
    // Each group gets its own messages only: its filter takes `group`.
    attributes: {
      kind: 'approval',
      severity,
      occasion,
      group,
      database: database.id,
      id: eventId(executionArn, 'approval', group, occasion),
    },
  };
}

function versions({ deployment: { database, blue, green }, goingBack }: Question): string {
  if (goingBack)
    return `${nameOfEngine(database.engine)} ${green?.engineVersion ?? ''} to ${blue.engineVersion}`;
  const to = green && green.engineVersion !== blue.engineVersion ? ` to ${green.engineVersion}` : '';
  return `${nameOfEngine(database.engine)} ${blue.engineVersion}${to}`;
}

/** Every fact of the message: the database by name first, then the evidence and what was read last. */
function messageFacts(question: Question): Fact[] {
  const [change, ...evidence] = evidenceFacts(question);
  return [
    databaseFact(question.deployment.database),
    ...(change ? [change] : []),
    ...stateFacts(question.deployment, question.request.lag, question.goingBack),
    ...evidence,
  ];
}

function composeText(question: Question, facts: Fact[]): string {
  const { group, occasion, executionArn, deployment, links, window } = question;
  const api = links ? ` --api ${new URL(links.decide).origin}` : '';
  const matter = question.goingBack ? 'going back' : 'a switchover';
  const change = question.goingBack
    ? versions(question)
    : describeChanges(question).join('; ') || 'the change of this run';
  return [
    ...wrapLine(
      `Viridian ${openings[occasion](matter)}: ${oneLine(deployment.database.id)}, ${oneLine(change)}.`,
      76,
    ),
    ...wrapLine(
      `Group: ${group}. Answer by ${showTime(window.approveBy, timeZoneOf(question.request))}; no answer is a no.`,
      76,
    ),
    '',
    ...facts.flatMap(factLines),
    '',
    ...(links ? linkLines(links) : noLinkLines(question)),
    '',
    'Without a link, with rights in IAM:',
    `npm run approve --${api} --execution ${executionArn} --group ${group} --decision approve${acceptance(question)}`,
    '',
  ].join('\n');
}

function linkLines(links: NonNullable<Question['links']>): string[] {
  return [
    'Read the facts as they are now, and approve or reject:',
    links.decide,
    '',
    `The page asks for these three words:  ${links.phrase}`,
    ...(links.stop ? ['', 'Stop the whole run instead:', links.stop] : []),
    '',
    'Whoever has this message can use its links: do not forward it.',
  ];
}

/** What accepts a loss by the IAM route. */
const acceptance = ({ goingBack }: Question): string =>
  goingBack?.statement ? ` --accept-loss '${goingBack.statement.replaceAll("'", `'\\''`)}'` : '';

function noLinkLines({ request }: Question): string[] {
  return request.approval.authenticatedOnly
    ? ['There is no link: this run takes answers of identities that AWS knows only.']
    : ['The link to decide went to the group alone.'];
}

const labelWidth = 20;

function factLines({ label, value }: Fact): string[] {
  const [first = '', ...rest] = wrapQuoted(value, 76 - labelWidth);
  return [`${label.padEnd(labelWidth)}${first}`, ...rest.map((line) => ' '.repeat(labelWidth) + line)];
}
