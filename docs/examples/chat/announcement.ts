import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** What SNS hands to a Lambda function that is subscribed to the announcements. */
export interface SnsEvent {
  Records: { Sns: { Subject?: string | null; Message: string } }[];
}

/** An announcement as programs get it. What a kind of message does not have is absent. */
export interface Announcement {
  kind: string;
  severity: 'OK' | 'ACT' | 'PAGE';
  /** The same for a message that comes twice. */
  id: string;
  executionArn?: string;
  links?: { run?: string; runbook?: string[] };
  /** What a person may execute, each one line. */
  commands?: string[];
  /** Of a message while a run goes on. */
  text?: string[];
  /** Of an outcome. */
  happened?: string[];
  writable?: string[];
  next?: string[];
  /** Of the last call for an approval. */
  facts?: { label: string; value: string }[];
}

/** What chat shows of an announcement. */
export interface Post {
  subject: string;
  severity: Announcement['severity'];
  lines: string[];
  commands: string[];
  links: { title: string; url: string }[];
}

/** Whatever else is published to the topic, such as an alarm, is no JSON of ours and is shown as it is. */
export function readPost({ Subject, Message }: SnsEvent['Records'][number]['Sns']): Post & { id?: string } {
  const subject = Subject ?? 'Viridian';
  const { kind, severity, id, links = {}, commands = [], ...parts } = parse(Message);
  if (!kind || !severity)
    return { subject, severity: 'ACT', lines: [Message.slice(0, 2_000)], commands: [], links: [] };
  const { text = [], happened = [], writable = [], next = [], facts = [] } = parts;
  const { run, runbook = [] } = links;
  return {
    ...(id && { id }),
    subject,
    severity,
    lines: [
      ...text,
      ...happened,
      ...writable,
      ...next,
      ...facts.map(({ label, value }) => `${label}: ${value}`),
    ],
    commands,
    links: [
      ...(run ? [{ title: 'Execution', url: run }] : []),
      ...runbook.filter((url) => /^https?:/.test(url)).map((url) => ({ title: 'Runbook', url })),
    ],
  };
}

function parse(message: string): Partial<Announcement> {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** Ids of what was posted by this process. Another one does not know them: a double is rare then, and not impossible. */
const posted = new Set<string>();

/**
 * The handler of a forwarder. A post that is not taken fails the invocation, so that Lambda tries again; an event has one record.
 * @param format what the chat wants as the body of its webhook
 */
export function forwarder(format: (post: Post) => object): (event: SnsEvent) => Promise<void> {
  return async ({ Records }) => {
    for (const { Sns } of Records) {
      const { id, ...rest } = readPost(Sns);
      if (id !== undefined && posted.has(id)) continue;
      await post(format(rest));
      if (id !== undefined) posted.add(id);
    }
  };
}

/** Posts a body to the webhook, or fails without its address in the message. */
export async function post(body: object): Promise<void> {
  const answer = await fetch(await readWebhook(), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  // The address is a secret: it stands in no message.
  if (!answer.ok) throw new Error(`the chat did not take the message: HTTP ${answer.status}`);
}

let webhook: Promise<string> | undefined;

/** The address of the webhook, from the secret whose ARN is in `WEBHOOK_SECRET`: whoever has it can post. */
function readWebhook(): Promise<string> {
  webhook ??= new SecretsManagerClient()
    .send(new GetSecretValueCommand({ SecretId: process.env.WEBHOOK_SECRET }))
    .then(({ SecretString = '' }) => SecretString.trim());
  // A failure is asked again by the next invocation.
  webhook.catch(() => {
    webhook = undefined;
  });
  return webhook;
}
