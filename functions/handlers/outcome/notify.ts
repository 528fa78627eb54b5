import { publish } from '../../aws/sns/publish.ts';
import type { Severity } from '../../domain/outcome/severity.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  /** Complete, or the input as it was given when that was refused. */
  request: unknown;
  outcome: { subject: string; text: string; severity?: Severity };
  /** Name of the end state. */
  end: string;
}

/** Publishes the summary. Sent at least once: a repeated task may send it again, and it names the run. */
export const handler = task(
  'Notify',
  async ({ request, outcome, end }: Event): Promise<{ messageId: string }> => {
    const { database } = (request ?? {}) as { database?: unknown };
    const messageId = await publish({
      topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'),
      subject: outcome.subject,
      text: outcome.text,
      attributes: {
        end,
        ...(outcome.severity && { severity: outcome.severity, kind: 'outcome' }),
        ...(typeof database === 'string' && database && { database: database.slice(0, 256) }),
      },
    });
    return { messageId };
  },
);
