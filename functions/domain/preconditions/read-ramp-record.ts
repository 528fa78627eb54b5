import { type ReadsSeen, readsRecordOf, sets, type WeightedSet } from '../read-ramp/record.ts';
import { longestTtl } from '../read-ramp/step.ts';
import { plainName } from '../way-back/address.ts';
import type { Precondition, RuleFinding } from './facts.ts';
import { blocker, unknown, warning, whenRead } from './finding.ts';

/** A record by which readers are to be led to green must lead all of them to blue now, and be one that may be led elsewhere. */
export const readRampRecord: Precondition = {
  id: 'read-ramp-record',
  engines: 'all',
  looksAt:
    'The weighted record of `readRamp`: whether it leads all readers to blue, its TTL, and whether the stack may change it.',
  how: 'ListResourceRecordSets; ReaderEndpoint of DescribeDBClusters, or Endpoint of the replicas in DescribeDBInstances',
  source:
    'Route 53 Developer Guide, "Weighted routing" and "Values specific for weighted records": a record of weight 0 is not answered while another one has more (read 2026-11-30)',
  check: ({ request, readRampRecords, reads }) => {
    const address = readsRecordOf(request);
    if (!address || !reads) return [];
    const name = plainName(address.recordName);
    const key = `${address.hostedZoneId}/${name}`;
    if (!readRampRecords.includes(key))
      return [
        blocker(
          `this stack may not change ${name} in the hosted zone ${address.hostedZoneId}, so readers could not be led by it. Deploy it with the parameter readRampRecords, which must hold ${key}, or leave readRamp out.`,
        ),
      ];
    if (reads.host === '')
      return [
        unknown(
          `blue has no address for readers just now, so ${name} cannot be compared with it. Start again later.`,
        ),
      ];
    return [
      ...whenRead(reads.seen, `the record ${name} of the hosted zone ${address.hostedZoneId}`, (seen) =>
        judge(name, seen, reads.host),
      ),
      ...(reads.alone
        ? [
            warning(
              `blue has no reader, so ${name} leads readers to the database that takes the writes, and to green's likewise. Let them sign in with a role that may only read.`,
            ),
          ]
        : []),
    ];
  },
};

function judge(name: string, seen: ReadsSeen, host: string): RuleFinding[] {
  const wanted = `a weighted CNAME to ${host} with the SetIdentifier ${sets.production}, the weight 100 and a TTL of ${longestTtl} s at most`;
  if (!seen)
    return [
      blocker(
        `there is no record ${name}. Create it as ${wanted}, and let readers connect by it; or leave readRamp out.`,
      ),
    ];
  if (seen.kind === 'other')
    return [
      blocker(
        `${name} is ${seen.what}; readers can be led step by step by a weighted CNAME alone. Replace it by ${wanted}.`,
      ),
    ];
  const faults = seen.sets.flatMap((set) => faultOf(set, host));
  if (!seen.sets.some(({ identifier }) => identifier === sets.production))
    faults.push(`has no record "${sets.production}"`);
  return faults.length === 0
    ? []
    : [
        blocker(
          `${name} ${faults.join(', and ')}. Let it be ${wanted}, and wait until the old TTL has run out.`,
        ),
      ];
}

function faultOf({ identifier, weight, target, ttlSeconds }: WeightedSet, host: string): string[] {
  const isProduction = identifier === sets.production;
  if (!isProduction && identifier !== sets.green)
    return [`has a record "${identifier}" that no run has made`];
  const faults = [
    ...(target === host ? [] : [`leads to ${target}, which is not where readers reach blue (${host})`]),
    ...(weight === (isProduction ? 100 : 0) ? [] : [`has the weight ${weight}`]),
    ...(ttlSeconds <= longestTtl ? [] : [`has a TTL of ${ttlSeconds} s`]),
  ];
  return faults.length === 0 ? [] : [`"${identifier}" ${faults.join(' and ')}`];
}
