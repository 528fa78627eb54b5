import type { Named } from './rename-step.ts';

/** A record of Route 53 by which applications reach production (`wayBack.endpoint` of the request). */
export interface RecordAddress {
  hostedZoneId: string;
  /** As the request writes it. */
  recordName: string;
}

/** What Route 53 has under the name of a record. Null: nothing. */
export type RecordSeen =
  | { kind: 'cname'; target: string; ttlSeconds: number }
  /** Something that "Swap the endpoint" must not touch. */
  | { kind: 'other'; what: string }
  | null;

/**
 * The record that a request names as its endpoint; undefined where applications come by RDS's own name. A request that was
 * refused may hold anything.
 */
export function recordAddressOf(request: unknown): RecordAddress | undefined {
  const { endpoint } = (request as { wayBack?: { endpoint?: unknown } } | null | undefined)?.wayBack ?? {};
  const { kind, hostedZoneId, recordName } = (endpoint ?? {}) as Record<string, unknown>;
  if (kind !== 'route53' || typeof hostedZoneId !== 'string' || typeof recordName !== 'string')
    return undefined;
  return { hostedZoneId, recordName };
}

/** The name by which applications reach production: the record, or RDS's own name. */
export function nameAddress(request: unknown, databaseName: string): string {
  const record = recordAddressOf(request);
  return record ? plainName(record.recordName) : databaseName;
}

/** A DNS name as people write it: small letters, without the dot of the root. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The name in a writer endpoint (`host:port`); empty while there is none. */
export function hostOf(endpoint: string): string {
  return plainName(endpoint.split(':')[0] ?? '');
}

/**
 * What a record leads to now: the resource id of the side that has such an endpoint of RDS, otherwise in words what it is, which
 * equals no resource id. Undefined: there is no such record.
 */
export function followRecord(
  seen: RecordSeen,
  { target, green }: Pick<Named, 'target' | 'green'>,
): string | undefined {
  if (!seen) return undefined;
  if (seen.kind === 'other') return seen.what;
  const host = plainName(seen.target);
  const side = [target, green].find((one) => one && hostOf(one.endpoint) === host && host !== '');
  return side?.resourceId ?? host;
}
