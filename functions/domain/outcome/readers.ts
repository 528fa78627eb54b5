import { isRead } from '../model/reading.ts';
import { shareOf } from '../read-ramp/record.ts';
import { plainName, type RecordAddress } from '../way-back/address.ts';
import { nameRole } from './standing.ts';
import type { StandingFacts } from './standing-facts.ts';

/**
 * Where the record leads by which readers come, side by side; empty where the request names none. What leads them away from a side that does not
 * serve stands with what of ours still stands.
 */
export function describeReaders(facts: StandingFacts): string[] {
  const { reads, sides } = facts;
  if (!reads) return [];
  const { record, seen } = reads;
  const name = plainName(record.recordName);
  if (!isRead(seen))
    return [`NOT READ: where ${name} leads could not be read (${seen.unreadable}). ${lookAt(record)}`];
  if (seen.value?.kind !== 'weighted')
    return [`LOOK NOW: ${name} is ${seen.value ? seen.value.what : 'not there'}. ${lookAt(record)}`];
  const shares = sides
    .map((side) => ({ side, share: shareOf(seen.value, side.readerHost ?? '') }))
    .filter(({ share }) => share > 0);
  const elsewhere = 100 - shares.reduce((sum, { share }) => sum + share, 0);
  return [
    ...shares.map(({ side, share }) => {
      const where = `${nameRole(side, facts)} (${side.now.resourceId}), ${side.readerHost}`;
      return `${name} leads ${share} % of the readers to ${where}`;
    }),
    ...(elsewhere > 0
      ? [`LOOK NOW: ${name} leads ${elsewhere} % of the readers to no side of this run. ${lookAt(record)}`]
      : []),
  ];
}

const lookAt = ({ hostedZoneId, recordName }: RecordAddress): string =>
  `Look at it:\naws route53 list-resource-record-sets --hosted-zone-id ${hostedZoneId} --start-record-name ${plainName(recordName)} --max-items 2`;
