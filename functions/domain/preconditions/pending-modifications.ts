import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A change that waits for a reboot or a maintenance window would strike in the middle of the run. */
export const pendingModifications: Precondition = {
  id: 'pending-modifications',
  engines: 'all',
  looksAt: 'Changes of blue that wait for a reboot or for a maintenance window.',
  check: ({ traits }) =>
    traits.pending
      .filter(({ fields }) => fields.length > 0)
      .map(({ id, fields }) =>
        blocker(
          `${id} has changes that are not applied yet (${fields.join(', ')}); they would change blue under the run. Apply them now or take them back, then start again.`,
        ),
      ),
};
