import { randomBytes } from 'node:crypto';
import { readPeaks } from '../../aws/cloudwatch/peaks.ts';
import { readApprovalFacts } from '../../aws/facts/approval.ts';
import { sealWith } from '../../aws/kms.ts';
import { readSubscribers } from '../../aws/sns/approvals-topic.ts';
import { publish } from '../../aws/sns/publish.ts';
import { withFollowing } from '../../databases/look-at-following.ts';
import { type Announcement, eventId, subjectOf } from '../../domain/announcement/announcement.ts';
import { phraseOf } from '../../domain/approval/confirmation.ts';
import { type Evidence, evidenceFacts, stateFacts } from '../../domain/approval/evidence.ts';
import {
  digestOfPlan,
  idBytes,
  type LinkPurpose,
  linkExpiries,
  textOfClaims,
  textOfId,
  writeClaims,
} from '../../domain/approval/link.ts';
import { composeMessage, type Occasion, type Question } from '../../domain/approval/message.ts';
import type { Asked } from '../../domain/approval/question.ts';
import { textOfRequester } from '../../domain/approval/requester.ts';
import { findListeners } from '../../domain/approval/subscription-filter.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { isRead } from '../../domain/model/reading.ts';
import { foreignText } from '../../domain/model/text.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { log } from '../../runtime/log.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent, Evidence {
  group: { name: string };
  message: Occasion;
  askedAt: string;
}

/**
 * Sends the evidence and the links to a group; the escalation also to the announcements, without links. What it returns stands in
 * the history for the page. The links stand in the message alone.
 */
export const handler = task('Ask for approval', async (event: Event): Promise<Asked> => {
  const { executionArn, message: occasion, request } = event;
  const group = event.group.name;
  const reading = await withFollowing(event, await readApprovalFacts(event, clock.now()));
  if (!isRead(reading))
    throw new Busy(
      notYet(
        `what is to be approved could not be read: ${reading.unreadable}`,
        'see to it that the function may read what is named here (docs/permissions.md)',
      ),
    );
  const requesterKnown = await isRequesterKnown(event);
  const deployment = reading.value;
  const question: Question = {
    ...{ ...event, deployment, group, occasion, requesterKnown },
    ...(!event.goingBack && { peaks: await readPeaks(deployment.blue, clock.now()) }),
  };
  const message = composeMessage(
    request.approval.authenticatedOnly ? question : { ...question, links: await makeLinks(event) },
  );
  if (occasion === 'ask') await checkSubscribers(env('APPROVALS_TOPIC_ARN'), message);
  await publish(env('APPROVALS_TOPIC_ARN'), message);
  if (occasion === 'escalate') await publish(env('ANNOUNCEMENTS_TOPIC_ARN'), composeMessage(question));
  log('approval.asked', { execution: executionArn.split(':').at(-1), group, occasion });
  return {
    kind: 'asked',
    occasion,
    group,
    at: new Date(clock.now()).toISOString(),
    evidence: evidenceFacts(question),
    state: stateFacts(question.deployment, request.lag, event.goingBack),
  };
});

/** Whether the IAM route has started this execution for who is named. The seal is made again and compared: this function has the key of links. */
async function isRequesterKnown({ executionArn, request, goingBack }: Event): Promise<boolean> {
  const { requestedBy: by, requestSeal } = goingBack ?? request;
  if (!by || !requestSeal) return false;
  const execution = executionArn.split(':').at(-1) ?? '';
  return (await sealWith(env('LINK_KEY_ID'))(textOfRequester({ by, execution }))) === requestSeal;
}

/**
 * A question that nobody hears looks like one that people think about, for a day. And one that a scanner of mails
 * can unsubscribe may not be heard the next time: that is reported before anybody is asked.
 */
async function checkSubscribers(topicArn: string, { attributes, json }: Announcement): Promise<void> {
  const subscribers = await readSubscribers(topicArn);
  const { listeners, nobody } = findListeners(subscribers, attributes);
  if (nobody !== undefined) throw new UnexpectedState(`${nobody} (topic ${topicArn})`);
  const unguarded = listeners.filter(({ isGuarded }) => !isGuarded).map(({ endpoint }) => endpoint);
  if (unguarded.length > 0) await reportUnguarded(String(json.executionArn), unguarded);
}

async function reportUnguarded(executionArn: string, addresses: string[]): Promise<void> {
  const command = 'npm run confirm-subscription -- LINK';
  await publish(env('ANNOUNCEMENTS_TOPIC_ARN'), {
    subject: subjectOf('ACT', 'Questions can be unsubscribed by anybody with a mail'),
    text: [
      'These addresses were confirmed by opening the link of the mail. Whoever has one of their mails, or a program that opens',
      'every link in it, can end the subscription, and then questions reach nobody there:',
      '',
      ...addresses.map((address) => `  ${foreignText(address)}`),
      '',
      'Unsubscribe them, subscribe them again, and confirm with:',
      `    ${command}`,
      'The question itself was sent as usual.',
      '',
    ].join('\n'),
    json: { executionArn, addresses, commands: [command] },
    attributes: {
      kind: 'unguarded-subscription',
      severity: 'ACT',
      id: eventId(executionArn, 'unguarded-subscription', ...addresses),
    },
  });
}

/** The id is random and stands in the links; what the key makes of it opens them and gives the phrase, and is kept nowhere. */
async function makeLinks(event: Event): Promise<NonNullable<Question['links']>> {
  const id = randomBytes(idBytes);
  const secret = Buffer.from(await sealWith(env('LINK_KEY_ID'))(textOfId(id)), 'base64url');
  const { decide, stop } = linkExpiries(event.window, event.request.bake.minutes);
  const phrase = phraseOf(secret);
  const link = (purpose: LinkPurpose, expires: number) => makeLink(event, { id, secret, purpose, expires });
  if (event.goingBack) return { decide: await link('go-back', decide), phrase };
  return { decide: await link('decide', decide), stop: await link('stop', stop), phrase };
}

async function makeLink(
  { executionArn, group, deployment }: Event,
  { id, secret, purpose, expires }: { id: Buffer; secret: Buffer; purpose: LinkPurpose; expires: number },
): Promise<string> {
  const execution = executionArn.split(':').at(-1) ?? '';
  const plan = digestOfPlan(deployment.planHash);
  const written = writeClaims({ purpose, execution, group: group.name, plan, expires }, id, secret);
  const seal = await sealWith(env('LINK_KEY_ID'))(textOfClaims(written));
  return `${env('PAGE_URL')}?${written}.${seal}`;
}
