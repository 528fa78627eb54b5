import { isMajorUpgrade } from './engine-version.ts';

/** How green follows blue. RDS decides it when green is created. */
export type Replication = 'physical' | 'logical' | 'binlog';

/**
 * RDS for PostgreSQL copies physically unless the major version changes; Aurora PostgreSQL always replicates logically;
 * the MySQL family uses the binary log. Source: RDS User Guide, "Overview of Amazon RDS blue/green deployments".
 */
export function replicationKind(engine: string, from: string, to: string): Replication {
  if (engine === 'aurora-postgresql') {
    return 'logical';
  }
  if (engine === 'postgres') {
    return isMajorUpgrade(engine, from, to) ? 'logical' : 'physical';
  }
  return 'binlog';
}
