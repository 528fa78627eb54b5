import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { plainName, type RecordAddress, type RecordSeen } from '../../domain/way-back/address.ts';
import { route53Reader, route53Writer } from '../clients/route53.ts';

/** What stands under the name of a record (`ListResourceRecordSets`): a simple CNAME, something else, or nothing. */
export async function readRecordAddress({ hostedZoneId, recordName }: RecordAddress): Promise<RecordSeen> {
  const { ResourceRecordSets = [] } = await route53Reader().send(
    // A list begins with the first record of the name, or with whatever comes after it.
    new ListResourceRecordSetsCommand({
      HostedZoneId: hostedZoneId,
      StartRecordName: recordName,
      MaxItems: 2,
    }),
  );
  const [set] = ResourceRecordSets.filter(({ Name = '' }) => plainName(Name) === plainName(recordName));
  return set ? asSeen(set) : null;
}

function asSeen({ Type, TTL, ResourceRecords = [], SetIdentifier }: ResourceRecordSet): RecordSeen {
  const [value, ...others] = ResourceRecords;
  if (SetIdentifier !== undefined)
    return { kind: 'other', what: `a ${Type} record with a routing policy ("${SetIdentifier}")` };
  if (Type !== 'CNAME' || TTL === undefined || !value?.Value || others.length > 0)
    return { kind: 'other', what: value ? `a record of type ${Type}` : `an alias of type ${Type}` };
  return { kind: 'cname', target: plainName(value.Value), ttlSeconds: TTL };
}

/**
 * Lets a record lead elsewhere (`ChangeResourceRecordSets`, one UPSERT). The one call of Viridian that changes DNS.
 * @returns the id of the change, by which {@link isInSync} follows it
 */
export async function pointRecordAddress(
  { hostedZoneId, recordName }: RecordAddress,
  target: string,
  ttlSeconds: number,
): Promise<string> {
  const { ChangeInfo } = await route53Writer().send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: hostedZoneId,
      ChangeBatch: {
        Changes: [
          {
            Action: 'UPSERT',
            ResourceRecordSet: {
              Name: recordName,
              Type: 'CNAME',
              TTL: ttlSeconds,
              ResourceRecords: [{ Value: target }],
            },
          },
        ],
      },
    }),
  );
  return ChangeInfo?.Id ?? '';
}

/** Whether every name server of the zone answers what a change has written (`GetChange`). */
export async function isInSync(changeId: string): Promise<boolean> {
  const { ChangeInfo } = await route53Reader().send(new GetChangeCommand({ Id: changeId }));
  return ChangeInfo?.Status === 'INSYNC';
}
