import type { Message, SnsService } from '../packages/local-aws/services/sns.ts';

/** What a person needs of the message that asks for an approval. */
export interface Question {
  link: string;
  /** What the page wants typed in; only the message has it. */
  confirmation: string;
}

/** Reads the link and the words to type from the mail that SNS makes of a message, as a person would. */
export function readQuestion({ message }: Pick<Message, 'message'>): Question | undefined {
  const link = /^https?:\/\/\S+$/m.exec(message)?.[0];
  const confirmation = /these three words:\s+(\S.*)$/m.exec(message)?.[1]?.trim();
  return link && confirmation ? { link, confirmation } : undefined;
}

/** Calls back with each question that goes out to the approvers, once a link. */
export function onQuestion(sns: SnsService, approvals: string, ask: (question: Question) => void): void {
  const seen = new Set<string>();
  sns.onMessage((message) => {
    if (message.topicArn !== approvals) return;
    const question = readQuestion(message);
    if (!question || seen.has(question.link)) return;
    seen.add(question.link);
    ask(question);
  });
}

/**
 * Answers through the page's own HTTP calls: reads the page, fills in its form, sends it.
 * @throws when the page does not take the answer
 */
export async function answerQuestion(question: Question, decision: 'approve' | 'reject'): Promise<void> {
  const shown = await fetch(question.link);
  const html = await shown.text();
  const saw = /name="saw" value="([^"]*)"/.exec(html)?.[1];
  if (!shown.ok || saw === undefined)
    throw new Error(`the approval page did not show the question (HTTP ${shown.status})`);
  const { origin } = new URL(question.link);
  const sent = await fetch(question.link, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      answer: decision,
      phrase: question.confirmation,
      name: 'Rehearsal',
      reason: decision === 'reject' ? 'rejected by --no' : 'rehearsed',
      saw,
    }),
  });
  if (!sent.ok)
    throw new Error(
      `the approval page did not take the answer (HTTP ${sent.status}): ${textOf(await sent.text())}`,
    );
}

function textOf(html: string): string {
  return html
    .replace(/<style[\s\S]*?<\/style>/g, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
}
