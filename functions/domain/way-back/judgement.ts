import type { Replication } from '../model/engine.ts';
import { firstNames } from '../model/first-names.ts';
import type { Request } from '../request/request.ts';
import type { ServerFacts } from './facts.ts';
import type { MysqlFacts } from './mysql/facts.ts';

/** What is known when the question is asked. `null` facts: the server could not be asked. */
export interface WayBackCase {
  enabled: boolean;
  engine: string;
  /** How green follows blue: a physical copy cannot be changed before the cut. */
  replication: Replication;
  /** The request names a hook that stops the application's writes. */
  stopsWrites: boolean;
  applicationRoles: string[];
  compare: Request['wayBack']['compare'];
  /** Of the MySQL family: why the service could not let blue be written again; undefined when it could. */
  readOnlyObstacle?: string | undefined;
  /** Why the stream back would not survive how the schema of green was changed. */
  schemaObstacles?: string[];
  /** Green begins without statistics, and the run refreshes them. */
  losesStatistics: boolean;
  blue: ServerFacts | MysqlFacts | null;
  /** Known once green is built; new production is made of it. */
  green?: ServerFacts | MysqlFacts | null;
}

/** Facts of both sides; those of green are there once it is built. */
export interface BothFacts<Facts> {
  blue: Facts;
  green: Facts | undefined;
}

/** What a family says: why not, and what belongs into the approval. */
export interface Judgement {
  because: string[];
  warnings: string[];
}

export function named(names: string[], what: string): string[] {
  return names.length === 0 ? [] : [`${what}: ${firstNames(names).join(', ')}`];
}
