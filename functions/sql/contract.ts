import type { AnalyzeProgress } from '../domain/build/analyze-plan.ts';
import type { SchemaVerdict } from '../domain/build/schema.ts';
import type { Depth, SideFacts } from '../domain/hand-over/side-facts.ts';
import type { LongTransaction } from '../domain/hold/transactions.ts';
import type { LoadProgress } from '../domain/load-test/progress.ts';
import type { LoadSource } from '../domain/load-test/source.ts';
import type { EngineFamily } from '../domain/model/engine.ts';
import type { SqlLook, UpgradePlan } from '../domain/preconditions/by-sql/check.ts';
import type {
  ChangeCounts,
  CompareProgress,
  DrainedDatabase,
  Leftovers,
  SecuredDatabase,
  ServerFacts,
  StreamFacts,
  Writer,
} from '../domain/way-back/facts.ts';
import type { Distinction, Identity } from '../domain/way-back/identity.ts';
import type { MysqlFacts } from '../domain/way-back/mysql/facts.ts';

/** A server, by RDS's own endpoint and never by a CNAME: TLS and IAM sign-in check that name. */
export interface Place {
  /** Of the instance or cluster that the address led to when it was read: renaming leads a name to another server. */
  resourceId: string;
  host: string;
  port: number;
  /**
   * What the server that answers there must show; nothing is done on another one. Null before the cut, when names have led to the same
   * servers for long.
   */
  is: Identity | null;
}

/** Who signs in: with a Secrets Manager value `{username, password}`, or without one by IAM database authentication. */
export interface Login {
  user: string;
  /** ARN. Its `username` counts when it has one. */
  secret?: string;
}

/** What every question has. `executionArn`: the run that the way back belongs to, also when another execution goes back. */
export interface Question {
  executionArn: string;
  login: Login;
  /** Which function is asked. Left out: PostgreSQL's. */
  family?: EngineFamily;
}

interface Databases {
  databases: string[];
}
/** New production publishes, the target of the way back subscribes. */
interface BothSides {
  production: Place;
  target: Place;
}

/**
 * Every operation: what it is asked with, and what it answers. Each may refuse with `not-ours`: somebody else made or changed what it touches. Each reads, does at most one bounded act, and reads again;
 * asked twice it does what it does once. None decides.
 */
export interface Operations {
  /** What stands in the way of a plan, by the id of the check; `told` names of each. Changes nothing. */
  preconditions: {
    input: Place & { plan: UpgradePlan; told: number };
    answer: SqlLook;
  };
  /** Changes nothing. Without `databases`: those that have tables or sequences. */
  facts: {
    input: Place & { applicationRoles: string[]; databases?: string[] };
    answer: ServerFacts | MysqlFacts;
  };
  /**
   * Analyzes tables of every database that have no statistics. No table is begun after `withinSeconds`, and none takes longer than
   * `tableSeconds`. `progress`: the last answer.
   */
  'analyze-step': {
    input: Place & { withinSeconds: number; tableSeconds: number; progress?: AnalyzeProgress };
    answer: AnalyzeProgress;
  };
  /**
   * Runs statements that only read on both sides, one after the other, and reads their plans; no values come back. No statement is begun after
   * `withinSeconds`, none is run for longer than `statementSeconds`, and all runs of one end after `comparedSeconds`. Refused: `no-statements`.
   * @param green left out: nothing is run; the answer's queue is what would be
   * @param reader runs them; `login` only finds those of the server
   * @param progress the last answer
   */
  'load-step': {
    input: {
      blue: Place;
      green?: Place;
      reader: Login;
      source: LoadSource;
      runs: number;
      withinSeconds: number;
      statementSeconds: number;
      comparedSeconds: number;
      progress?: LoadProgress;
    };
    answer: LoadProgress;
  };
  /**
   * Marks green as itself, where it is no physical copy, and answers by what both sides are told apart from then on. Blue is only read: DDL there
   * would break the replication to green.
   */
  distinguish: {
    input: Databases & { green: Place; blue: Place };
    answer: Distinction;
  };
  /**
   * Makes the roles read-only by default and ends the sessions that they had before. Refused on a physical copy.
   * `writers`: a dozen, those that write first. `changes` is null while something still applies a stream there.
   * MySQL family: holds nobody and only notes where the log stands; where new production began to write is computed from it.
   */
  'hold-writes': {
    input: Place & Databases & { applicationRoles: string[] };
    answer: { held: string[]; writers: Writer[]; changes: ChangeCounts | null };
  };
  /** Lifts the gate and ends the sessions that began under it, so that clients come back able to write. */
  'release-writes': {
    input: Place & Databases & { applicationRoles: string[] };
    answer: { released: string[]; stillHeld: string[] };
  };
  /**
   * Whether sessions of applications begin able to write, no stream from elsewhere writes there any more, and nobody is writing just now.
   * `because`: the first reason why not; null: so it is. `changes` is null while something still applies a stream there. Changes nothing.
   */
  'takes-writes': {
    input: Place & Databases;
    answer: { because: string | null; changes: ChangeCounts | null };
  };
  /** What differs between the catalogs of both sides before the cut, and what that means for either way. Changes nothing. */
  'compare-schema': {
    input: { green: Place; blue: Place };
    answer: SchemaVerdict;
  };
  /**
   * Who reads the changes of a server, where its log stands, and what is wrong with the replication that it receives. Changes nothing.
   * @param at a position of it of which the GTID set is wanted instead of that of the end of its log
   */
  'read-side': {
    input: Place & { depth: Depth; at?: string };
    answer: SideFacts;
  };
  /** Transactions that have written and are older than that, and prepared ones: a dozen, the oldest first. Changes nothing. */
  'long-transactions': {
    input: Place & { olderThanSeconds: number };
    answer: { left: LongTransaction[] };
  };
  /** Ends the sessions of those, and answers which are left. No prepared transaction is ended. */
  'end-transactions': {
    input: Place & { olderThanSeconds: number };
    answer: { left: LongTransaction[] };
  };
  /**
   * Why green cannot follow blue any more, however long is waited; null: nothing of that kind is seen. PostgreSQL asks blue for its slots, the
   * MySQL family green for its replication. Changes nothing.
   */
  'ended-replication': {
    input: { green: Place; blue: Place };
    answer: { because: string | null };
  };
  /**
   * Publication and slot on new production, one database after the other. To be asked while writes are held.
   * Refused: `writers`, `not-held`, `application-write`, `without-identity`, `foreign`.
   * @param changes the counts of the first `hold-writes` after the cut; a write since then refuses
   * @param applicationRoles must be held; empty when the application itself has stopped (a hook)
   * @param before the changes that `hold-writes` noted before the cut; the MySQL family looks for the cut between them and `changes`
   */
  secure: {
    input: Place & Databases & { applicationRoles: string[]; changes: ChangeCounts; before?: ChangeCounts };
    answer: { secured: SecuredDatabase[] };
  };
  /**
   * Subscribes the target from where the slots stand, under a new one-time password. Refused: `not-secured`, `owners-code` (the stream
   * would run code of others with more rights than they have).
   * @param secured where the stream begins, for the MySQL family, which has no slot that knows it
   */
  attach: {
    input: BothSides & Databases & { secured?: SecuredDatabase[] };
    answer: { attached: string[] };
  };
  /** Writes one beat a database on new production and reads both ends. */
  watch: {
    input: BothSides & Databases;
    answer: { streams: StreamFacts[] };
  };
  /** The same without a beat: changes nothing, and `sent` is the newest beat that was written. */
  'read-streams': {
    input: BothSides & Databases;
    answer: { streams: StreamFacts[] };
  };
  /**
   * Closes the databases of a place for writing and proves it; answers where the log stood then. Refused: `writers`
   * (a session or a prepared transaction that does not end), `overridden` (a role with its own setting).
   * @param side new production where nothing is said; the MySQL family closes the two by different walls
   */
  fence: {
    input: Place & Databases & { side?: 'production' | 'target' };
    answer: { positions: Record<string, string> };
  };
  /**
   * Whether the target has confirmed the positions of `fence`. Changes nothing. The place is new production, whose slots know it; servers of the MySQL
   * family ask the target.
   */
  drained: {
    input: Place & { target?: Place; positions: Record<string, string> };
    answer: { databases: DrainedDatabase[] };
  };
  /** Sessions that are not ours and prepared transactions: a dozen, those that write first. Changes nothing. */
  'foreign-writers': {
    input: Place & Databases;
    answer: { writers: Writer[]; closed: Record<string, boolean> };
  };
  /**
   * Compares tables for about `withinSeconds`, and goes on where `progress`, the answer of the last step, ends.
   * To be asked while both sides stand still.
   */
  compare: {
    input: BothSides &
      Databases & { by: 'counts' | 'checksums'; withinSeconds: number; progress?: CompareProgress };
    answer: CompareProgress;
  };
  /** Ends the stream into the target; what it needs to go on later stays. */
  detach: {
    input: Place & Databases;
    answer: { detached: string[] };
  };
  /**
   * Sets every sequence of the target to exactly where it stands on new production. `differing`: the first that do not, and how many others.
   * Refused: `not-fenced`.
   */
  'set-sequences': {
    input: BothSides & Databases;
    answer: { set: number; differing: string[] };
  };
  /**
   * Opens the databases at `open` for writing, after the proof that the same ones at `closed` are not. Refused: `not-fenced`,
   * `attached` (a subscription of ours still writes there).
   */
  open: {
    input: Databases & { open: Place; closed: Place };
    answer: { writable: string[] };
  };
  /**
   * Writes as an application would, under a user that is held together with the roles of the application: nothing overrides a fence, and
   * nothing is left behind. `held`: roles of the application that may still not write.
   */
  'probe-write': {
    input: Place & Databases & { applicationRoles: string[] };
    answer: { writable: Record<string, boolean>; held: string[] };
  };
  /** Removes everything of ours at one place; what answers, and what could not be removed. */
  close: {
    input: Place & Databases & { applicationRoles: string[] };
    answer: { left: Leftovers };
  };
  /** Everything of ours at one place. Changes nothing. */
  leftovers: {
    input: Place & Databases & { applicationRoles: string[] };
    answer: Leftovers;
  };
}

export type Ask = keyof Operations;
export type Input<A extends Ask> = Question & Operations[A]['input'];
export type Answer<A extends Ask> = Operations[A]['answer'];

/** What is sent to the function of an engine family. */
export type Asked<A extends Ask = Ask> = { [K in A]: { ask: K } & Input<K> }[A];

/** Why an operation did nothing: a rule of its own said no, and asking again changes that only when the facts change. */
export type RefusalCode =
  | 'application-write'
  | 'attached'
  | 'foreign'
  | 'no-databases'
  | 'no-statements'
  | 'not-fenced'
  | 'not-held'
  | 'not-ours'
  | 'not-secured'
  | 'other-server'
  | 'overridden'
  | 'owners-code'
  | 'read-only'
  | 'read-only-copy'
  | 'without-identity'
  | 'writers';

/**
 * What comes back. `refused`: a rule said no, and the act was not done. `failed`: the database did not answer or said no;
 * it may have been done, so ask again. Texts carry no values and no secrets.
 */
export type Reply<A extends Ask> =
  | { kind: 'answer'; facts: Answer<A> }
  | { kind: 'refused'; code: RefusalCode; because: string }
  | { kind: 'failed'; code: string; because: string };
