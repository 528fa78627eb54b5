import type { Replication } from '../model/engine.ts';
import { firstNames } from '../model/first-names.ts';
import { limits } from '../model/limits.ts';
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

/** Less is read within a minute or two also from a small volume (100 MB a second). GiB. */
const soonCompared = 10;

/** MiB a second that one session was measured to read of each side, both at once: docs/way-back.md, "Large databases". */
const throughput = { counts: 100, checksums: 30 } as const;

/** How long comparing holds writes, before anybody approves: it ends after a quarter of an hour, and then production stays where it is. */
export function warnOfComparing(compare: WayBackCase['compare'], gib: number): string[] {
  if (compare === 'none' || gib < soonCompared) return [];
  const minutes = Math.ceil((gib * 1_024) / throughput[compare] / 60);
  const given = limits.comparison / 60;
  const reads = `going back reads ${gib} GiB on each side to compare them (${compare}) while nobody can write, for about ${minutes} minutes`;
  return minutes < given
    ? [`${reads}; with wayBack.compare none it does not`]
    : [
        `${reads}, and ${given} are given: going back would hold writes so long, fail, and leave production where it is, also where onFailure is go-back. Set wayBack.compare to none, or give "compare": "none" to the execution that goes back; that everything has arrived is proved by position in any case`,
      ];
}

export function named(names: string[], what: string): string[] {
  return names.length === 0 ? [] : [`${what}: ${firstNames(names).join(', ')}`];
}
