import { publish } from '../../aws/sns/publish.ts';
import type { Announcement } from '../../domain/announcement/announcement.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  /** As "Record outcome" composed it, or the few words of the state machine where that failed. */
  outcome: Announcement;
}

/** Publishes the summary. Sent at least once: a repeated task may send it again, with the same id. */
export const handler = task(
  'Notify',
  async ({ outcome: { subject, text, json, attributes } }: Event): Promise<{ messageId: string }> => ({
    messageId: await publish(env('ANNOUNCEMENTS_TOPIC_ARN'), { subject, text, json, attributes }),
  }),
);
