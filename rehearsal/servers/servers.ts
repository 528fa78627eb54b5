import type { Cut as PostgresCut } from '../../packages/local-aws/postgres/cut-over.ts';
import type { Target } from '../../packages/local-aws/postgres/proxy/endpoint.ts';
import type { Comparison, FoundKeys } from '../../packages/local-aws/postgres/verify.ts';
import type { DataPlane } from '../../packages/local-aws/rds/data-plane.ts';
import type { Report } from '../report/types.ts';

/** A data plane of real servers, with what a rehearsal asks of it beside what RDS does. */
export interface RehearsedPlane extends DataPlane {
  /** The server's own address, which clients that keep an old answer of the name server use. */
  hostOf(resourceId: string): Promise<{ port: number }>;
  /** Whether any name leads applications to this database. */
  isReachable(resourceId: string): boolean;
  listenerAt(address: string): Target | undefined;
  /** How the cut of a deployment went; undefined without one. */
  cutOf(deployment: string): { windowMs: number; sequences?: PostgresCut['sequences'] } | undefined;
  /** Whether both sides held the same rows at the cut. */
  comparisonAtCut(deployment: string): Promise<Comparison[]>;
  dispose(): Promise<void>;
}

/** Undoes what was made to go wrong. */
export interface Healing {
  heal(): Promise<void>;
}

/** Everything of a rehearsal that depends on the family of its servers: a new one is one more of these. */
export interface Servers {
  plane: RehearsedPlane;
  /** Exact versions, by what stands behind `--from` and `--to`. */
  versions: ReadonlyMap<string, string>;
  /** Fills an empty blue with the rows of the workload, and with a user's dump. Returns warnings, and why RDS would build no green of it. */
  fill(
    blue: string,
    options: { rows: number; dump: string | undefined },
  ): Promise<{ warnings: string[]; uncopyable?: string }>;
  /** Runs the setup file on blue, as its owner would, and lets functions sign in to servers on this machine. */
  prepareWayBack(blue: string): Promise<void>;
  /** Signs in and asks for nothing: how promptly this machine answers. */
  probe(resourceId: string): Promise<void>;
  /** Reads the keys of both tables that each write goes to. */
  findKeys(resourceId: string): Promise<FoundKeys>;
  /** What the server says of itself. */
  readVersion(resourceId: string): Promise<string>;
  /** Whether every counter stands at or past what it has filled. */
  checkSequences(resourceId: string): Promise<{ name: string; ahead: boolean }[]>;
  /** Everything on a server that has to do with replication. */
  findReplication(resourceId: string): Promise<string[]>;
  /** Tables and their statistics; null where an upgrade keeps them. */
  readStatistics(resourceId: string): Promise<NonNullable<Report['statistics']>['tables'] | null>;
  /** A change on new production that blue cannot follow. */
  breakReverseStream(production: string): Promise<void>;
  /** What can be made to go wrong in the servers themselves; a family need not have them all. */
  troubles: {
    /** Breaks the replication of a deployment to green. */
    breakReplication?(deployment: string): Promise<Healing>;
    /** Leaves a writing transaction open behind an endpoint. */
    openLongTransaction?(port: number): Promise<Healing>;
    /** Makes every write behind an endpoint wait, so that metrics become sick. */
    slowDown?(port: number): Promise<unknown>;
  };
  /** Signs in as the application and counts accounts, as a test of green would. */
  countAccounts(
    at: { host: string; port: number },
    all: boolean,
  ): Promise<{ count: number; version: string }>;
  /** Metrics that are measured, by CloudWatch's names. */
  metrics: readonly string[];
  /** How writers sign in, and the kinds of clients that they are. */
  writers: { user: string; database: string; kinds: readonly string[] };
}
