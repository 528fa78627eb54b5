import { plainName, type RecordAddress } from '../way-back/address.ts';

/** The two weighted records of a name by which readers come, by their `SetIdentifier`. */
export const sets = { production: 'viridian-production', green: 'viridian-green' } as const;

/** One of the weighted records of a name. */
export interface WeightedSet {
  identifier: string;
  weight: number;
  /** In small letters and without the last dot. */
  target: string;
  ttlSeconds: number;
}

/** What Route 53 has under the name by which readers come. Null: nothing. */
export type ReadsSeen =
  | { kind: 'weighted'; sets: WeightedSet[] }
  /** Something that no run may touch. */
  | { kind: 'other'; what: string }
  | null;

/** Where readers reach each side: names of RDS, without a port. */
export interface ReaderHosts {
  blue: string;
  green: string;
}

/** The record of `readRamp`; undefined where readers are not led. A request that was refused may hold anything. */
export function readsRecordOf(request: unknown): RecordAddress | undefined {
  const { readRamp } = (request ?? {}) as { readRamp?: unknown };
  const { hostedZoneId, recordName } = (readRamp ?? {}) as Record<string, unknown>;
  if (typeof hostedZoneId !== 'string' || typeof recordName !== 'string') return undefined;
  return { hostedZoneId, recordName };
}

/**
 * The records by which so many of a hundred new connections lead to green. Both always lead to a database: at 0 % green's record leads to
 * production as well, so that whatever somebody makes of the weights, no reader comes to a name that goes.
 */
export function setsFor(percent: number, hosts: ReaderHosts, ttlSeconds: number): WeightedSet[] {
  return [
    { identifier: sets.production, weight: 100 - percent, target: hosts.blue, ttlSeconds },
    {
      identifier: sets.green,
      weight: percent,
      target: percent === 0 ? hosts.blue : hosts.green,
      ttlSeconds,
    },
  ];
}

/** How many of a hundred answers lead to a host. Route 53 answers all alike where every weight is 0. */
export function shareOf(seen: ReadsSeen, host: string): number {
  if (seen?.kind !== 'weighted' || host === '') return 0;
  const all = seen.sets.every(({ weight }) => weight === 0)
    ? seen.sets.map((set) => ({ ...set, weight: 1 }))
    : seen.sets;
  const sum = (some: WeightedSet[]) => some.reduce((total, { weight }) => total + weight, 0);
  return Math.round((100 * sum(all.filter(({ target }) => target === host))) / sum(all));
}

/** The time to live of its answers: the longest, where somebody has written different ones. Undefined where it is no weighted record. */
export function ttlOf(seen: ReadsSeen): number | undefined {
  return seen?.kind === 'weighted' ? Math.max(...seen.sets.map(({ ttlSeconds }) => ttlSeconds)) : undefined;
}

/** Why a record is not as a run has made it, so that somebody else has changed it; undefined when it is. */
export function findStranger(name: string, seen: ReadsSeen, hosts: ReaderHosts): string | undefined {
  if (!seen) return `there is no record ${name} any more`;
  if (seen.kind === 'other') return `${name} is ${seen.what}`;
  const strange = seen.sets.find(
    ({ identifier, target }) =>
      !(Object.values(sets) as string[]).includes(identifier) ||
      (target !== hosts.blue && target !== hosts.green),
  );
  if (strange) return `${name} has a record "${strange.identifier}" that leads to ${strange.target}`;
  return seen.sets.some(({ identifier }) => identifier === sets.production)
    ? undefined
    : `${name} has no record "${sets.production}" any more`;
}

/** What a person executes to lead all readers to a host. One line. */
export function leadAllCommand(
  { hostedZoneId, recordName }: RecordAddress,
  host: string,
  ttl: number,
): string {
  const Changes = setsFor(0, { blue: host, green: host }, ttl).map((set) => ({
    Action: 'UPSERT',
    ResourceRecordSet: asResourceRecordSet(recordName, set),
  }));
  return `aws route53 change-resource-record-sets --hosted-zone-id ${hostedZoneId} --change-batch '${JSON.stringify({ Changes })}'`;
}

/** A weighted record as Route 53 takes it. */
export function asResourceRecordSet(
  recordName: string,
  { identifier, weight, target, ttlSeconds }: WeightedSet,
) {
  return {
    Name: plainName(recordName),
    Type: 'CNAME' as const,
    SetIdentifier: identifier,
    Weight: weight,
    TTL: ttlSeconds,
    ResourceRecords: [{ Value: target }],
  };
}
