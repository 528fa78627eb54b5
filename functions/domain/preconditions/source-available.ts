import { databasesOf } from '../build/readiness.ts';
import { databasePhase } from '../model/phase.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

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
          `${id} is ${status || 'without a status'}, and RDS creates green from available databases only. Wait until it is available, then start again.`,
        ),
      ),
};
