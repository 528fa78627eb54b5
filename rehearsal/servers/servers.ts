import type { handler } from '../../functions/sql/postgres.ts';
import type { Cut as PostgresCut } from '../../packages/local-aws/postgres/cut-over.ts';
import type { DataPlane } from '../../packages/local-aws/rds/data-plane.ts';
import type { Target } from '../../packages/local-aws/servers/endpoints/endpoint.ts';
import type { Comparison, FoundKeys } from '../../packages/local-aws/servers/verification.ts';
import type { FaultName, RehearsalOptions } from '../options.ts';
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

/** What blue is filled with. */
export interface Filling
  extends Pick<RehearsalOptions, 'rows'>,
    Partial<Pick<RehearsalOptions, 'dump' | 'source' | 'rowsPerTable' | 'skipExtensions'>> {
  /** Hears how far a large file has come. */
  told?: (line: string) => void;
}

/** Undoes what was made to go wrong. */
export interface Healing {
  heal(): Promise<void>;
}

/** An application that changes rows of the user's own tables and takes everything back. */
export interface Touching {
  /** @returns the tables that could no longer be changed, and what the server said */
  stop(): Promise<Report['unchangeable']>;
}

/** A session of a reader. */
export interface ReaderSession {
  /** Resource id of the database that answers, and the age of the newest row that it shows, in milliseconds. */
  readNewest(): Promise<{ server: string; ageMs: number }>;
  /** Says goodbye without waiting. */
  end(): void;
}

/** Everything of a rehearsal that depends on the family of its servers: a new one is one more of these. */
export interface Servers {
  plane: RehearsedPlane;
  /** Exact versions, by what stands behind `--from` and `--to`. */
  versions: ReadonlyMap<string, string>;
  /** How green is made. */
  green: Report['green'];
  /** The function that speaks SQL to this family, as it is deployed. */
  sql: { name: 'sqlMysql' | 'sqlPostgres'; handler: typeof handler };
  /** At which statement the function is killed where going back is: of two questions on both sides of the point of no return. */
  deaths: { 'set-sequences': number; open: number };
  /** Fills an empty blue with a user's database, when there is one, and with the rows of the workload. Returns warnings, and what came from the user. */
  fill(blue: string, filling: Filling): Promise<{ warnings: string[]; own: Report['own'] }>;
  /** Every reason for which RDS builds no green of this database at this version. */
  whyNoGreen(blue: string, engineVersion: string): Promise<string[]>;
  /** Upgrades of a copy that its programs have refused so far, in their words. */
  refusedUpgrades(): readonly string[];
  /** Statements that make blue a database that is refused, by the fault. */
  defects: Partial<Record<FaultName, string>>;
  /** Runs the setup file on blue, as its owner would, and lets functions sign in to servers on this machine. */
  prepareWayBack(blue: string): Promise<void>;
  /** Signs in and asks for nothing: how promptly this machine answers. */
  probe(resourceId: string): Promise<void>;
  /** Runs one statement as the service. */
  run(resourceId: string, statement: string): Promise<unknown>;
  /** Touches the user's own tables of blue through the port of the application's endpoint. */
  touchOwn(blue: string, port: number): Promise<Touching>;
  /** Reads the keys of both tables that each write goes to. */
  findKeys(resourceId: string): Promise<FoundKeys>;
  /** What the server says of itself. */
  readVersion(resourceId: string): Promise<string>;
  /** Whether every counter stands at or past what it has filled. */
  checkSequences(resourceId: string): Promise<{ name: string; ahead: boolean }[]>;
  /** Everything on a server that has to do with replication, such as `publication orders_feed`. */
  findReplication(resourceId: string): Promise<string[]>;
  /** Tables and their statistics; null where an upgrade keeps them. */
  readStatistics(resourceId: string): Promise<NonNullable<Report['statistics']>['tables'] | null>;
  /** A statement on new production that blue cannot follow. */
  breaksReverseStream: string;
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
  /** Signs in as the application, as a reader does that asks for the newest row again and again. */
  openReader(at: { host: string; port: number }): Promise<ReaderSession>;
  /** Old blue lets sessions in that cannot write; where it does not, they meet the workflow's own fence once RDS guards it no longer. */
  admitsToOldBlue: boolean;
  /** Metrics that are measured, by CloudWatch's names. */
  metrics: readonly string[];
  /** How writers sign in, and the kinds of clients that they are. */
  writers: { user: string; database: string; kinds: readonly string[] };
}
