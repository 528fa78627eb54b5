import { publish } from '../../aws/sns/publish.ts';
import type { WayBackEvent } from '../../databases/question.ts';
import type { Failure } from '../../domain/model/failure.ts';
import { type Announcement, composeAnnouncement } from '../../domain/way-back/announcement.ts';
import { env } from '../../runtime/env.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WayBackEvent {
  announcement: Announcement;
  failure: Failure | null;
  /** ISO time: until then a decision is waited for. */
  until: string;
  /** State machine that goes back. */
  rollBackMachine: string;
}

/** Announces at once that there is no way back any more, or asks people whether to use it. */
export const handler = task(
  'Announce the way back',
  async (event: Event): Promise<{ messageId: string }> => ({
    messageId: await publish({ topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'), ...composeAnnouncement(event) }),
  }),
);
