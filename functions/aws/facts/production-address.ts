import type { Deployment } from '../../domain/model/deployment.ts';
import { followRecord, recordAddressOf } from '../../domain/way-back/address.ts';
import { readNames, readProductionId } from '../rds/names.ts';
import { readRecordAddress } from '../route53/records.ts';

/**
 * Resource id of the database that the address of production leads to now: RDS's own name, or the record of the request, which
 * leads elsewhere than the name once production has gone back by it. What is neither side is given in words; undefined: nothing.
 */
export async function readAddressedId(
  request: unknown,
  deployment: Pick<Deployment, 'database' | 'blue' | 'green' | 'clone'>,
): Promise<string | undefined> {
  const record = recordAddressOf(request);
  if (!record) return readProductionId(deployment.database);
  const [seen, names] = await Promise.all([readRecordAddress(record), readNames(deployment)]);
  return followRecord(seen, names);
}
