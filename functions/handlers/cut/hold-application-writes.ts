import { insist, readPlace } from '../../databases/ask.ts';
import { questionOf, type WayBackEvent } from '../../databases/question.ts';
import type { ChangeCounts } from '../../domain/way-back/facts.ts';
import { task } from '../../tasks/task.ts';

/**
 * Closes the role gate on green, before the cut: the application comes to new production without being able to write. Where green follows by the binary
 * log nobody is held, and it is noted where green's log stands: the cut is looked for from there on.
 */
export const handler = task(
  'Hold application writes',
  async (event: WayBackEvent): Promise<{ held: string[]; before: ChangeCounts | null }> => {
    const { held, changes } = await insist('hold-writes', {
      ...questionOf(event),
      ...(await readPlace(event, 'green')),
      applicationRoles: event.request.wayBack.applicationRoles,
    });
    return { held, before: event.deployment.replication === 'binlog' ? changes : null };
  },
);
