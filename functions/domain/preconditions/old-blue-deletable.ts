import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Deleting old blue begins with deleting the deployment record, which on Aurora makes old blue writable again. */
export const oldBlueDeletable: Precondition = {
  id: 'old-blue-deletable',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt: 'Whether `oldBlue.deleteAfterDays` comes with `oldBlue.fenceSecurityGroup`.',
  check: ({ database, request: { oldBlue } }) =>
    database.kind === 'cluster' && oldBlue.deleteAfterDays !== undefined && !oldBlue.fenceSecurityGroup
      ? [
          blocker(
            `oldBlue.deleteAfterDays is given for the Aurora cluster ${database.id} without oldBlue.fenceSecurityGroup. Old blue becomes writable when its deployment record goes, so it needs a fence first. Create a security group that admits nobody and name it, or leave deleteAfterDays out.`,
          ),
        ]
      : [],
};
