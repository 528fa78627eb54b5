import { publish } from '../aws/notify.ts';
import type { Failure } from '../domain/failure.ts';
import { composeNews, type News } from '../domain/way-back-flow-news.ts';
import { env } from '../runtime/env.ts';
import { task } from '../runtime/task.ts';
import type { WayBackEvent } from '../runtime/way-back-event.ts';

interface Event extends WayBackEvent {
  news: News;
  failure: Failure | null;
  /** ISO time: until then a decision is waited for. */
  until: string;
  /** State machine that goes back. */
  rollBackMachine: string;
}

/** Says at once that there is no way back any more, or asks whether to use it. */
export const handler = task(
  'Tell about the way back',
  async (event: Event): Promise<{ messageId: string }> => ({
    messageId: await publish({ topicArn: env('ANNOUNCEMENTS_TOPIC_ARN'), ...composeNews(event) }),
  }),
);
