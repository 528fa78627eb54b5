import { databasesOf } from '../build/readiness.ts';
import { databasePhase } from '../model/phase.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** What brings a database back depends on what keeps it away. */
function adviceFor(status: string): string {
  switch (databasePhase(status)) {
    case 'going':
      return status === 'deleting'
        ? 'It is being deleted, and nothing brings it back. Name another database'
        : 'It does not start by itself. Start it and wait until it is available';
    case 'stuck':
      return 'That does not pass by itself. Mend it as RDS asks for (its events name the reason)';
    case 'passing':
      return 'Wait until it is available';
    default:
      return 'This version does not know that status. Look at the database, and wait until it is available';
  }
}

/** Every database of blue must be available when green is created. */
export const sourceAvailable: Precondition = {
  id: 'source-available',
  engines: 'all',
  looksAt: 'The status of every database of blue.',
  check: ({ blue }) =>
    databasesOf(blue)
      .filter(({ status }) => databasePhase(status) !== 'available')
      .map(({ id, status }) =>
        blocker(
          `${id} is ${status || 'without a status'}, and RDS creates green from available databases only. ${adviceFor(status)}, then start again.`,
        ),
      ),
};
