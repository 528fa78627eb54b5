import { publish } from '../../aws/sns/publish.ts';
import { explainLate } from '../../aws/step-functions/last-look.ts';
import type { AnnouncementFacts } from '../../domain/announcement/facts.ts';
import { composeAnnouncement, type LetterKind } from '../../domain/announcement/list.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent, Omit<AnnouncementFacts, 'api' | 'runbook'> {
  announcement: LetterKind;
}

/**
 * Announces what a run that goes on has come to. Sent at least once: a task that is called again sends it again, with the same id. Nothing
 * waits for it, and a run goes on where it fails.
 */
export const handler = task('Announce', async (event: Event): Promise<{ messageId: string }> => {
  const { announcement, executionArn, ...facts } = event;
  const { late, lost } = facts.wayBack;
  const message = composeAnnouncement(announcement, {
    ...facts,
    executionArn,
    wayBack: { ...facts.wayBack, ...(lost && { lost: await explainLate(executionArn, late, lost) }) },
    api: new URL(env('PAGE_URL')).origin,
    runbook: env('RUNBOOK'),
  });
  return { messageId: await publish(env('ANNOUNCEMENTS_TOPIC_ARN'), message) };
});
