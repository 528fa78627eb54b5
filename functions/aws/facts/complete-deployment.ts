import type { Deployment } from '../../domain/model/deployment.ts';
import { executionTag } from '../../domain/model/tags.ts';
import { readClone } from '../rds/clone.ts';
import { lookAtDeployment, readRecord, readRecordByName } from '../rds/deployment.ts';

/**
 * Adds what a run made and did not come to know: one that ended while green or the clone was built, or before it read the answer of the
 * call that made it, has something that costs money. It is found by id or by name, and only with the run's tag.
 */
export async function completeDeployment(
  known: Partial<Deployment>,
  executionArn: string,
): Promise<Partial<Deployment>> {
  return addClone(await addGreen(known, executionArn), executionArn);
}

async function addClone(known: Partial<Deployment>, executionArn: string): Promise<Partial<Deployment>> {
  const { database, blue, green, clone } = known;
  if (database?.kind !== 'cluster' || !blue || !green || clone) return known;
  const found = await readClone(executionArn, { database, blue });
  return found?.tags[executionTag] === executionArn ? { ...known, clone: found.side } : known;
}

async function addGreen(known: Partial<Deployment>, executionArn: string): Promise<Partial<Deployment>> {
  if (!known.database || !known.name || known.green) return known;
  const record = known.id ? await readRecord(known.id) : await readRecordByName(known.name);
  if (record?.tags[executionTag] !== executionArn) return known;
  const green = (await lookAtDeployment(record, known.database.kind))?.green;
  return { ...known, id: record.id, status: record.status, ...(green && { green }) };
}
