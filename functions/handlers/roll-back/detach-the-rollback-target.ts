import { askDatabase, insist, readMarkedPlaces } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { LogPlace } from '../../domain/hand-over/side-facts.ts';
import { task } from '../../tasks/task.ts';

/** `opensAt`: where the target's log stands; null: it was not told, and going back does not wait for it. */
interface Detached {
  detached: string[];
  opensAt: LogPlace | null;
}

/**
 * Ends the stream into the target, which has everything. The slots on new production stay until the way back is closed. From here on until it is opened
 * nobody writes there: what consumers of changes have not read begins at its end of the log.
 */
export const handler = task('Detach the rollback target', async (event: WayBackEvent): Promise<Detached> => {
  const { target } = await readMarkedPlaces(event);
  const question = { ...questionOf(event), ...target };
  const { detached } = await insist('detach', question);
  const seen = await askDatabase('read-side', { ...question, depth: 'server' });
  return { detached, opensAt: seen.kind === 'answer' ? seen.facts.log : null };
});
