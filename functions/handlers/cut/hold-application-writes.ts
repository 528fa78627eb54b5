import { askDatabase, insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { ChangeCounts } from '../../domain/way-back/facts.ts';
import { task } from '../../tasks/task.ts';

interface Held {
  held: string[];
  before: ChangeCounts | null;
  /** Green was seen not to take writes: that it does so later shows that the cut has come. */
  closedBefore: boolean;
}

/**
 * Closes the role gate on green, before the cut: the application comes to new production without being able to write. Where green follows by the binary
 * log nobody is held, and it is noted where green's log stands: the cut is looked for from there on.
 */
export const handler = task('Hold application writes', async (event: WayBackEvent): Promise<Held> => {
  const question = { ...questionOf(event), ...(await readPlace(event, 'green')) };
  const { applicationRoles } = event.request.wayBack;
  const { held, changes } = await insist('hold-writes', { ...question, applicationRoles });
  const seen = await askDatabase('takes-writes', question);
  return {
    held,
    before: event.deployment.replication === 'binlog' ? changes : null,
    closedBefore: seen.kind === 'answer' && seen.facts.because !== null,
  };
});
