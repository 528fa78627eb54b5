import { sets, type WeightedSet } from '../../functions/domain/read-ramp/record.ts';
import { instanceEndpoint, readerEndpoint } from '../../packages/local-aws/rds/world/endpoints.ts';
import type { Account } from '../../rehearsal/account.ts';

/** By which readers come to the database of a simulation. */
export const readsRecord = { zone: 'readers.example.com', name: 'orders.readers.example.com' };

const ttl = 30;

/** Lets all readers come to blue, as their owner has it before any run. */
export function leadReaders({ readsRecord: record, route53 }: Account, target: string): void {
  if (record) route53.putRecord(record.hostedZoneId, asSet(record.recordName, { target }));
}

/** A weighted record as an owner writes it. */
export function asSet(
  Name: string,
  { identifier = sets.production, weight = 100, target = '' }: Partial<WeightedSet>,
) {
  return {
    Name,
    Type: 'CNAME' as const,
    SetIdentifier: identifier,
    Weight: weight,
    TTL: ttl,
    ResourceRecords: [{ Value: target }],
  };
}

/** Name of the endpoint by which readers reach blue: of a cluster, of a replica, or of the only instance. */
export const readerEndpointOf = (
  { database, isCluster }: { database: string; isCluster: boolean },
  replica: string | undefined,
): string => (isCluster ? readerEndpoint(database) : instanceEndpoint(replica ?? database));
