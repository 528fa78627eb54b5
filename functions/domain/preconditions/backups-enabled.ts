import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Green of an RDS instance is built from its backups. Aurora always keeps them. */
export const backupsEnabled: Precondition = {
  id: 'backups-enabled',
  engines: ['mariadb', 'mysql', 'postgres'],
  looksAt: 'The retention of the automated backups of an instance. Aurora always keeps backups.',
  check: ({ database, blue }) =>
    database.kind === 'instance' && !(blue.backupRetentionDays >= 1)
      ? [
          blocker(
            `automated backups of ${blue.id} are off, and RDS builds green from them. Set a backup retention of at least 1 day; that interrupts the instance briefly, so choose the moment.`,
          ),
        ]
      : [],
};
