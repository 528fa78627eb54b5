import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const pendingMaintenance: Precondition = {
  id: 'pending-maintenance',
  engines: 'all',
  looksAt: 'Maintenance that waits for blue.',
  how: 'DescribePendingMaintenanceActions, CurrentApplyDate',
  source: sources.api,
  check: ({ neighbours: { maintenance } }) =>
    whenRead(maintenance, 'the pending maintenance of blue', (actions) =>
      actions.map(({ id, action, due }) =>
        warning(
          `the maintenance ${action} waits for ${id}${due ? `, due ${due}` : ', without a date'}. It may restart blue during the run. Apply it now, or put it off until the run has ended.`,
        ),
      ),
    ),
};
