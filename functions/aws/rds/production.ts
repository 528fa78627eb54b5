import type { Database } from '../../domain/model/deployment.ts';
import { readCluster, readInstance } from './read.ts';

/** Resource id that the production name leads to now; undefined when nothing has that name. */
export async function readProductionId(database: Pick<Database, 'kind' | 'id'>): Promise<string | undefined> {
  return database.kind === 'cluster'
    ? (await readCluster(database.id))?.DbClusterResourceId
    : (await readInstance(database.id))?.DbiResourceId;
}
