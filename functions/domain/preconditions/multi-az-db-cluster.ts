import { findEngine } from '../model/engine.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A Multi-AZ DB cluster is a cluster that is not Aurora. Multi-AZ instances are fine. */
export const multiAzDbCluster: Precondition = {
  id: 'multi-az-db-cluster',
  engines: ['mysql', 'postgres'],
  looksAt: 'Whether the database is a Multi-AZ DB cluster. An instance with a standby is fine.',
  check: ({ database }) =>
    database.kind === 'cluster' && findEngine(database.engine)?.aurora === false
      ? [
          blocker(
            `${database.id} is a Multi-AZ DB cluster, which RDS takes into no blue/green deployment. Move it to an instance with a standby (Multi-AZ instance) first, or upgrade it in place.`,
          ),
        ]
      : [],
};
