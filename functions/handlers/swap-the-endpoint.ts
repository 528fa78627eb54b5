import { renameDatabase } from '../aws/rds-write.ts';
import { readNames } from '../aws/read-names.ts';
import { OutcomeUnknown } from '../domain/errors.ts';
import { nextRename } from '../domain/way-back-flow-endpoint.ts';
import type { RunEvent } from '../runtime/run-event.ts';
import { task } from '../runtime/task.ts';

/** Does the next of the two renames that give the name of production back to blue, or nothing while one is under way and when both are done. */
export const handler = task(
  'Swap the endpoint',
  async ({ deployment }: RunEvent): Promise<{ renamed: string | null }> => {
    const step = nextRename(deployment.database.id, await readNames(deployment));
    if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
    if (step.kind !== 'rename') return { renamed: null };
    await renameDatabase(deployment.database.kind, step.from, step.to);
    return { renamed: step.to };
  },
);
