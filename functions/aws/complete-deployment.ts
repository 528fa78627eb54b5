import type { Deployment } from '../domain/deployment.ts';
import { executionTag } from '../domain/ownership.ts';
import { lookAtDeployment, readRecord, readRecordByName } from './read-deployment.ts';

/**
 * Adds what a run made and did not come to know: one that ended while green was built, or before it heard the answer of
 * Create, has a deployment and a green that cost money. The deployment is found by id or by name, and only with the run's tag.
 */
export async function completeDeployment(
  known: Partial<Deployment>,
  executionArn: string,
): Promise<Partial<Deployment>> {
  if (!known.database || !known.name || known.green) return known;
  const record = known.id ? await readRecord(known.id) : await readRecordByName(known.name);
  if (record?.tags[executionTag] !== executionArn) return known;
  const green = (await lookAtDeployment(record, known.database.kind))?.green;
  return { ...known, id: record.id, status: record.status, ...(green && { green }) };
}
