import { readApprovalFacts } from '../../aws/facts/approval.ts';
import { sealWith } from '../../aws/kms.ts';
import { publishQuestion, readSubscribers } from '../../aws/sns/approvals-topic.ts';
import { publish } from '../../aws/sns/publish.ts';
import { type Evidence, evidenceFacts, stateFacts } from '../../domain/approval/evidence.ts';
import { type LinkPurpose, linkExpiries, textOfClaims, writeClaims } from '../../domain/approval/link.ts';
import { composeMessage, type Occasion, type Question } from '../../domain/approval/message.ts';
import type { Asked } from '../../domain/approval/question.ts';
import { digestOf } from '../../domain/approval/seal.ts';
import { findListeners } from '../../domain/approval/subscription-filter.ts';
import { Busy, UnexpectedState } from '../../domain/model/errors.ts';
import { isRead } from '../../domain/model/reading.ts';
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
  const reading = await readApprovalFacts(event, clock.now());
  if (!isRead(reading)) throw new Busy(reading.unreadable);
  const question: Question = { ...event, deployment: reading.value, group, occasion };
  const message = composeMessage({ ...question, links: await makeLinks(event) });
  if (occasion === 'ask') await checkSubscribers(env('APPROVALS_TOPIC_ARN'), message.attributes);
  await publishQuestion(env('APPROVALS_TOPIC_ARN'), message);
  if (occasion === 'escalate')
    await publishQuestion(env('ANNOUNCEMENTS_TOPIC_ARN'), composeMessage(question));
  log('approval.asked', { execution: executionArn.split(':').at(-1), group, occasion });
  return {
    kind: 'asked',
    occasion,
    group,
    at: new Date(clock.now()).toISOString(),
    evidence: evidenceFacts(question),
    state: stateFacts(question.deployment, request.lag),
  };
});

/**
 * A question that nobody hears looks like one that people think about, for a day. And one that a scanner of mails
 * can unsubscribe may not be heard the next time: that is reported before anybody is asked.
 */
async function checkSubscribers(topicArn: string, attributes: Record<string, string>): Promise<void> {
  const subscribers = await readSubscribers(topicArn);
  const { listeners, nobody } = findListeners(subscribers, attributes);
  if (nobody !== undefined) throw new UnexpectedState(`${nobody} (topic ${topicArn})`);
  const unguarded = listeners.filter(({ isGuarded }) => !isGuarded).map(({ endpoint }) => endpoint);
  if (unguarded.length > 0) await reportUnguarded(unguarded);
}

async function reportUnguarded(addresses: string[]): Promise<void> {
  await publish({
    topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'),
    subject: 'Viridian: questions can be unsubscribed by anybody with a mail',
    text: [
      'These addresses were confirmed by opening the link of the mail. Whoever has one of their mails, or a program that opens',
      'every link in it, can end the subscription, and then questions reach nobody there:',
      '',
      ...addresses.map((address) => `  ${address}`),
      '',
      'Unsubscribe them, subscribe them again, and confirm with: npm run confirm-subscription -- LINK',
      'The question itself was sent as usual.',
      '',
    ].join('\n'),
    attributes: { kind: 'unguarded-subscription' },
  });
}

async function makeLinks(event: Event): Promise<NonNullable<Question['links']>> {
  const { decide, stop } = linkExpiries(event.window, event.request.bake.minutes);
  return { decide: await makeLink(event, 'decide', decide), stop: await makeLink(event, 'stop', stop) };
}

async function makeLink(
  { executionArn, group, deployment }: Event,
  purpose: LinkPurpose,
  expires: number,
): Promise<string> {
  const execution = executionArn.split(':').at(-1) ?? '';
  const plan = digestOf(deployment.planHash);
  const claims = writeClaims({ purpose, execution, group: group.name, plan, expires });
  const seal = await sealWith(env('LINK_KEY_ID'))(textOfClaims(claims));
  return `${env('PAGE_URL')}?${claims}.${seal}`;
}
