import type { Message } from '../../packages/local-aws/services/sns.ts';
import { kinds } from '../simulation/databases.ts';
import { reportEnd } from '../simulation/reconcile.ts';
import { finish, requestOf, start } from '../simulation/run.ts';
import { type Stage, setStage } from '../simulation/stage.ts';
import type { MailedRun } from './runs.ts';

/** Everything that people get of a simulated run, as one text. What is chosen at random in every run is left out. */
export async function writeMails(run: MailedRun): Promise<string> {
  const stage = await setStage(kinds.postgres, { directCalls: true });
  try {
    for (const trouble of run.troubles ?? []) await trouble(stage);
    const request = requestOf(stage.kind, run.ask);
    const { executionArn } = await finish(stage, start(stage, request, `orders-${run.name}`));
    await reportEnd(stage, executionArn);
    for (const trouble of run.afterwards ?? []) await trouble(stage);
    const mails = stage.account.sns.messages.map((message) => writeMail(stage, message));
    return `${run.what}: ${mails.length} ${mails.length === 1 ? 'mail' : 'mails'}\n\n${mails.join('\n')}`;
  } finally {
    stage.close();
  }
}

function writeMail({ account: { topics } }: Stage, { at, topicArn, subject, message }: Message): string {
  const to = topicArn === topics.approvals ? 'the approvers' : 'the announcements';
  return [
    '='.repeat(80),
    `To: ${to}, ${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    `Subject: ${subject}`,
    '',
    leaveOutRandom(message),
  ].join('\n');
}

const leaveOutRandom = (text: string): string =>
  text
    .replace(/(\/approval\?)\S+/g, '$1CODE')
    .replace(/(these three words:\s+).*/g, '$1THREE RANDOM WORDS')
    .replace(/(-(?:back|asks)-)[0-9a-f]{32}/g, '$1DIGEST');
