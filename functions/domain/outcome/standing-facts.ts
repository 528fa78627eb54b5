import type { Side } from '../model/deployment.ts';
import type { EngineFamily } from '../model/engine.ts';
import type { Reading } from '../model/reading.ts';
import type { ReadsSeen } from '../read-ramp/record.ts';
import type { RecordAddress } from '../way-back/address.ts';
import type { Leftovers } from '../way-back/facts.ts';

/** What of ours stands on a database, or in AWS beside it. */
export interface Standing {
  kind:
    | 'held roles'
    | 'closed database'
    | 'subscription'
    | 'slot'
    | 'kept log'
    | 'publication'
    | 'password'
    | 'security group'
    | 'reads'
    | 'deletion protection'
    | 'tags'
    | 'unread';
  /** What stands, and what it does. */
  what: string;
  /** The database by name and resource id. */
  on: string;
  resourceId: string;
  /** What removes it. */
  remove: ByHand;
  /** When that is safe. */
  safe: string;
  /** It keeps an application from working or fills a disk: told every hour until it is gone. */
  hurts: boolean;
}

/** What a person executes: a statement under a user in a database of the server, or a command of the AWS CLI. One line. */
export type ByHand = { sql: string; as: string; database: string; address: string } | { command: string };

/** One database of a run as it is now, with everything that may be ours. A part that was not looked at is absent. */
export interface SideFound {
  role: 'blue' | 'green' | 'clone';
  isCluster: boolean;
  now: Pick<Side, 'id' | 'arn' | 'resourceId' | 'endpoint' | 'deletionProtection'>;
  inside?: Reading<Leftovers>;
  tags?: Reading<Record<string, string>>;
  /** Its members, beside itself, that carry tags of ours. */
  markedMembers?: { arn: string; tags: Record<string, string> }[];
  /** Of a cluster. */
  securityGroups?: string[];
  /** Where readers reach it; empty: nowhere. Where the request names a record of theirs. */
  readerHost?: string;
}

export interface StandingFacts {
  sides: SideFound[];
  /** Resource id that the address of production leads to; undefined: that is not known. */
  production: string | undefined;
  /** PostgreSQL where nothing is said. */
  family?: EngineFamily | undefined;
  /** `oldBlue.fenceSecurityGroup` of the request. */
  fence?: string | undefined;
  /** The record of `readRamp`, and what stands there. */
  reads?: { record: RecordAddress; seen: Reading<ReadsSeen> } | undefined;
}

/** A thing of ours, before it is said on which database. */
export type Found = Omit<Standing, 'on' | 'resourceId'>;

/** Whether an address of production leads to this database, or may. */
export function mayServe({ now }: SideFound, { production }: StandingFacts): boolean {
  return production === undefined || production === now.resourceId;
}
