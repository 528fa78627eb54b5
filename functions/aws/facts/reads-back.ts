import type { Deployment } from '../../domain/model/deployment.ts';
import { keepsItsName, nextReads, type ReadsStep } from '../../domain/read-ramp/going-back.ts';
import { readsRecordOf } from '../../domain/read-ramp/record.ts';
import type { RecordAddress } from '../../domain/way-back/address.ts';
import type { Named } from '../../domain/way-back/rename-step.ts';
import { targetOf } from '../../domain/way-back/target.ts';
import { readReaderHost } from '../rds/readers.ts';
import { readReads } from '../route53/reads.ts';

/**
 * What is to be done for the readers of a production that goes back; undefined where the request names no record of theirs.
 * @param target the rollback target under the name that it has now
 */
export async function readReadsStep(
  { request, deployment }: { request: unknown; deployment: Deployment },
  { target }: Pick<Named, 'target'>,
): Promise<{ record: RecordAddress; step: ReadsStep } | undefined> {
  const record = readsRecordOf(request);
  if (!record) return undefined;
  const { database, green } = deployment;
  const [seen, host, ofGreen] = await Promise.all([
    readReads(record),
    readReaderHost(database.kind, targetOf(deployment)),
    readReaderHost(database.kind, green),
  ]);
  const lasts = keepsItsName(database, request, target, host);
  return { record, step: nextReads(record.recordName, seen, { blue: host, green: ofGreen }, lasts) };
}
