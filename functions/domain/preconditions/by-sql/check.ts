import type { EngineId, Replication } from '../../model/engine.ts';
import { isMajorUpgrade } from '../../model/engine-version.ts';
import type { Reading } from '../../model/reading.ts';

/** What is to be done to the database, as far as a check by SQL has to know it. */
export interface UpgradePlan {
  engine: string;
  replication: Replication;
  /** Versions as RDS writes them. */
  from: string;
  to: string;
}

/** What one check found in a server: how many things, and the names of the first of them. */
export interface SqlFound {
  count: number;
  names: string[];
}

/** What the databases said: by the id of a check what it found, or why it could not look. */
export type SqlLook = Record<string, Reading<SqlFound>>;

/** A precondition that only the database itself can answer. */
export interface SqlCheck {
  id: string;
  engines: readonly EngineId[];
  /** Where the query is asked: once in the server, or in every database of it. */
  of: 'server' | 'database';
  /** Looks at, in one sentence: for docs/preconditions.md. */
  looksAt: string;
  /** A SELECT of one column of text: a row for each thing that is in the way. */
  query: string | ((plan: UpgradePlan) => string);
  /** What a finding means for this plan; null where it means nothing, and then nothing is asked. */
  severity: (plan: UpgradePlan) => 'blocker' | 'warning' | null;
  /** What was seen; a colon and the names follow. */
  seen: string;
  /** What it means, and how to mend it: whole sentences. */
  means: string;
  mend: string;
  /** Where the rule comes from. */
  source: string;
}

export const postgresEngines = ['aurora-postgresql', 'postgres'] as const satisfies readonly EngineId[];

/** Green follows blue row by row, so everything that replication does not carry is missing from it. */
export const whereLogical = ({ replication }: UpgradePlan) => replication === 'logical';

export const isMajor = ({ engine, from, to }: UpgradePlan) => isMajorUpgrade(engine, from, to);

/** The first number of a version: the major version, from PostgreSQL 10 on. */
export const majorOf = (version: string) => Number.parseInt(version, 10);

/** Whether a check has anything to ask. */
export const applies = ({ engines, severity }: SqlCheck, plan: UpgradePlan): boolean =>
  engines.some((engine) => engine === plan.engine) && severity(plan) !== null;

/** The part of the facts that says what is planned. */
export interface PlannedFacts {
  database: { engine: string };
  replication: Replication;
  blue: { engineVersion: string };
  targetVersion: string;
}

export const planOf = ({ database, replication, blue, targetVersion }: PlannedFacts): UpgradePlan => ({
  engine: database.engine,
  replication,
  from: blue.engineVersion,
  to: targetVersion,
});
