import type { Precondition } from './facts.ts';
import { blocker, warning } from './finding.ts';

/** A writer that still runs with older parameters than its group says makes creation fail where green replicates by them. */
export const parameterGroupInSync: Precondition = {
  id: 'parameter-group-in-sync',
  engines: 'all',
  looksAt: 'Whether each database of blue runs with the parameters of its parameter group.',
  check: ({ database, blue, replication }) =>
    blue.members
      .filter(({ parameterGroupStatus }) => parameterGroupStatus !== 'in-sync')
      .map(({ id, role, parameterGroup, parameterGroupStatus }) => {
        const decisive = role === 'writer' && (database.kind === 'cluster' || replication === 'logical');
        const seen = `${id} does not run with its parameter group ${parameterGroup} (${parameterGroupStatus || 'status unknown'})`;
        return decisive
          ? blocker(`${seen}, and creating green fails then. Reboot it at a quiet moment, then start again.`)
          : warning(`${seen}; green will. Reboot it, or check that the waiting parameters are wanted.`);
      }),
};
