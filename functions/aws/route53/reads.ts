import {
  ChangeResourceRecordSetsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { asResourceRecordSet, type ReadsSeen, type WeightedSet } from '../../domain/read-ramp/record.ts';
import { plainName, type RecordAddress } from '../../domain/way-back/address.ts';
import { route53Reader, route53Writer } from '../clients/route53.ts';

/** More records of one name than this are none of ours. */
const mostSets = 10;

/** What stands under the name by which readers come (`ListResourceRecordSets`). */
export async function readReads({ hostedZoneId, recordName }: RecordAddress): Promise<ReadsSeen> {
  const { ResourceRecordSets = [] } = await route53Reader().send(
    new ListResourceRecordSetsCommand({
      HostedZoneId: hostedZoneId,
      StartRecordName: recordName,
      MaxItems: mostSets,
    }),
  );
  const found = ResourceRecordSets.filter(({ Name = '' }) => plainName(Name) === plainName(recordName));
  if (found.length === 0) return null;
  const weighted = found.map(asWeighted);
  const [strange] = weighted.filter((one) => typeof one === 'string');
  return strange === undefined
    ? { kind: 'weighted', sets: weighted.filter((one) => typeof one !== 'string') }
    : { kind: 'other', what: strange };
}

/** A weighted CNAME, or in words what else it is. */
function asWeighted(set: ResourceRecordSet): WeightedSet | string {
  const { Type, TTL, ResourceRecords: [value, ...others] = [], SetIdentifier, Weight } = set;
  if (Type !== 'CNAME' || TTL === undefined || !value?.Value || others.length > 0)
    return value ? `a record of type ${Type}` : `an alias of type ${Type}`;
  if (SetIdentifier === undefined) return 'a simple CNAME';
  if (Weight === undefined) return `a CNAME with another routing policy ("${SetIdentifier}")`;
  return { identifier: SetIdentifier, weight: Weight, target: plainName(value.Value), ttlSeconds: TTL };
}

/**
 * Writes the weighted records of a name (`ChangeResourceRecordSets`, UPSERTs in one batch: all of them or none).
 * @returns the id of the change, by which it is followed
 */
export async function writeReads(
  { hostedZoneId, recordName }: RecordAddress,
  sets: WeightedSet[],
): Promise<string> {
  const Changes = sets.map((set) => ({
    Action: 'UPSERT' as const,
    ResourceRecordSet: asResourceRecordSet(recordName, set),
  }));
  const { ChangeInfo } = await route53Writer().send(
    new ChangeResourceRecordSetsCommand({ HostedZoneId: hostedZoneId, ChangeBatch: { Changes } }),
  );
  return ChangeInfo?.Id ?? '';
}
