import { readNames } from '../aws/read-names.ts';
import { OutcomeUnknown } from '../domain/errors.ts';
import { isRenameOpen, nextRename } from '../domain/way-back-flow-endpoint.ts';
import type { WaitingRunEvent } from '../runtime/run-event.ts';
import { type Look, wait } from '../runtime/wait.ts';

interface Event extends WaitingRunEvent {
  /** The name that was just given; null: none was. */
  renamed: string | null;
}

/** Ready when a rename is through: the name leads to blue, or it is free for blue. */
export const handler = wait(
  'Wait for the endpoint',
  async ({ deployment, renamed }: Event): Promise<Look<{ leadsToBlue: boolean }>> => {
    const names = await readNames(deployment);
    if (isRenameOpen(renamed, names)) return { kind: 'not-yet', because: `nothing is called ${renamed} yet` };
    const step = nextRename(deployment.database.id, names);
    if (step.kind === 'unclear') throw new OutcomeUnknown(step.because);
    if (step.kind === 'busy') return { kind: 'not-yet', because: step.because };
    return { kind: 'ready', facts: { leadsToBlue: step.kind === 'done' } };
  },
);
