import type { SchemaVerdict } from '../build/schema.ts';
import type { Forecast, PutBack } from '../close/put-back.ts';
import type { Scaling } from '../close/scaling.ts';
import type { HandOver } from '../hand-over/facts.ts';
import type { CatalogDigests, Consumer, FollowingFacts, ServerSize } from '../hand-over/side-facts.ts';
import type { NotYet } from './not-yet.ts';
import type { Reading } from './reading.ts';
import type { StateName } from './states.ts';

/** One database of a side: an RDS instance, a replica, or a member of an Aurora cluster. */
export interface Member {
  id: string;
  arn: string;
  /** `DbiResourceId`: stays with the physical database through every rename. */
  resourceId: string;
  status: string;
  role: 'writer' | 'reader';
  instanceClass: string;
  engineVersion: string;
  multiAz: boolean;
  /** Availability Zone in which it runs now; a run that began with an older version knows none. */
  zone?: string;
  parameterGroup: string;
  parameterGroupStatus: string;
  deletionProtection: boolean;
  /** What it replicates from by the replication of RDS; null: nothing. */
  replicaOf: string | null;
}

/** One side of a deployment, as last read. For Aurora the ids are the cluster's, for RDS the primary instance's. */
export interface Side {
  id: string;
  arn: string;
  /** `DbClusterResourceId` or `DbiResourceId`. */
  resourceId: string;
  status: string;
  engineVersion: string;
  /** Writer endpoint: `host:port`. */
  endpoint: string;
  /** Cluster parameter group for Aurora, the instance's group otherwise. */
  parameterGroup: string;
  storageGiB: number | null;
  /** Up to so much RDS lets the storage grow by itself; null: it does not. */
  maxStorageGiB: number | null;
  backupRetentionDays: number;
  deletionProtection: boolean;
  /** Names, or ARNs of other Regions, of whatever replicates from any database of the side; its own members and green are among them. */
  replicas: string[];
  members: Member[];
}

/** The database that the run is about, and what never changes about it. */
export interface Database {
  kind: 'instance' | 'cluster';
  /** The name that production keeps through the cut. */
  id: string;
  arn: string;
  engine: string;
  account: string;
  region: string;
}

/** `$deployment` of the run: the facts that were read last. Every task that acts reads them anew. */
export interface Deployment {
  /** `BlueGreenDeploymentName`, derived from the database alone. */
  name: string;
  /** `bgd-…`, known from Create on. */
  id?: string;
  database: Database;
  blue: Side;
  green?: Side;
  /** The clone of old blue that was made as the target of the way back, on Aurora. */
  clone?: Side;
  /** `PROVISIONING`, `AVAILABLE` … as RDS said it last. */
  status?: string;
  /** How green follows blue: decides which lag metric counts. */
  replication: 'physical' | 'logical' | 'binlog';
  /** What a rehearsal on a copy has measured, and what has changed since, for the people who are asked. */
  rehearsed?: string;
  /** Digest of what is being changed; an approval is for one plan hash. Set by the parity check. */
  planHash?: string;
  /** Readers of blue that came after green was built and stay with old blue, because autoscaling made them. */
  staysBehind?: string[];
  /** What the comparison of a changed schema told: what approvers are to know, and why the stream back would not survive it. */
  schema?: Pick<SchemaVerdict, 'warnings' | 'back'>;
  /** Differences between blue and green that the request allows or that are wanted, in sentences. */
  differences?: string[];
  /** What keeps green from being switched over just now; while people decide that is a fact, and no error. */
  inTheWay?: string[];
  /** The last lag reading that counted. */
  lag?: LagReading;
  /** What blue has left of its storage, when people were asked last. */
  storage?: Reading<StorageReading>;
  /** Digests of blue's catalogs before green was built, by database, where replication brings no change of them to green. */
  catalogs?: Record<string, CatalogDigests>;
  /** How large the databases of blue were before green was built. */
  size?: ServerSize;
  /** Who was found to read changes of blue, when it was looked last. */
  consumers?: Consumer[];
  /** How green follows blue, as both databases saw it when they were asked last. */
  following?: Reading<FollowingFacts>;
  /** Where the consumers of changes go on after the cut, or after going back. */
  handOver?: HandOver;
  /** After the cut: the record is deleted and old blue is proved not to be writable. */
  recordReleased?: boolean;
  /** Why the record stays, when it does. */
  recordKeptBecause?: string;
  /** What the cut will do to everything beside the data of production. */
  forecast?: Forecast;
  /** Aurora Auto Scaling of production, as it was before its name changed hands; null: none. */
  scaling?: Reading<Scaling | null>;
  /** What the former production has beside its data, and whether the serving side has it. */
  putBack?: PutBack;
}

/** Lag of green behind blue. Unknown is `null`, which is never a good reading. */
export interface LagReading {
  metric: string;
  unit: 'Seconds' | 'Bytes';
  /** Newest first; times in milliseconds since the epoch. */
  points: { at: number; value: number }[];
}

/** What blue has left while it keeps its log for green, as CloudWatch measured it last. */
export interface StorageReading {
  freeBytes: number;
  /** Log that blue keeps until green has fetched it (`keptLogMetrics`); null where nothing measures it. */
  keptBytes: number | null;
}

/** One finding of a rule. */
export interface Finding {
  rule: string;
  severity: 'blocker' | 'warning' | 'unknown';
  /** What was seen, what it means, what to do. */
  message: string;
}

/** What a look at something found. */
export type Verdict<Facts> = { kind: 'ready'; facts: Facts } | NotYet | { kind: 'no'; because: string };

/** `$window` of the run, ISO times. Without a maintenance window it is open from now on. */
export interface Window {
  opensAt: string;
  closesAt: string;
  /** The last moment at which an approval leaves room for the cut and its verification. */
  approveBy: string;
  /** That it is open has been announced. */
  announced?: boolean;
}

/** `$serving`: the answer of "Find production side". */
export interface Serving {
  side: 'blue' | 'green' | 'unknown';
  because: string;
  /** The wait whose deadline has passed, where that is why: what it saw last is the reason. */
  late?: StateName;
  /** With the facts of both sides after the cut; blue is then old blue. */
  deployment?: Deployment;
}
