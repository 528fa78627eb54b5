import type { Database } from './database.ts';
import type { Endpoints } from './endpoints.ts';

/** How clients are kept away during the cut and led elsewhere; the two endpoint modes differ in nothing else. */
export interface Traffic {
  /** Before writes are stopped: whatever takes time and disturbs nobody. */
  prepare(): Promise<void>;
  /** Lets no application write through any more. Rejects when that is not reached before the deadline. */
  stop(deadline: number): Promise<void>;
  /** Server processes on blue of sessions that are held: alive, but proved to be between two transactions. */
  held(): number[];
  /** Leads production to green and old blue's names to blue. From here on there is no way to put it back. */
  flip(): void;
  /** Leads everybody back to where they were. */
  putBack(): void;
}

/** The names of one endpoint: the one production keeps, green's until the cut, and old blue's after it. */
export interface Names {
  production: string;
  green: string;
  oldBlue: string;
}

/** Which name leads where before the cut, and after it. */
export function routes(
  endpoints: Endpoints,
  names: Names[],
  blue: Database,
  green: Database,
): { before: Map<string, Database>; after: Map<string, Database | undefined> } {
  const before = new Map<string, Database>();
  for (const database of [blue, green]) {
    for (const name of endpoints.leadingTo(database.resourceId)) before.set(name, database);
  }
  const after = new Map<string, Database | undefined>(before);
  for (const pair of names) {
    after.set(pair.green, undefined);
    after.set(pair.production, green);
    after.set(pair.oldBlue, blue);
  }
  return { before, after };
}

/** Leads a name to a database, or nowhere. */
export function lead(endpoints: Endpoints, name: string, database: Database | undefined): void {
  const to = database && { resourceId: database.resourceId, target: database.server };
  endpoints.point(name, to);
}

/** As RDS does it: connections on both sides are cut, new ones refused until the names have moved. */
export function cutTraffic(endpoints: Endpoints, names: Names[], blue: Database, green: Database): Traffic {
  const { before, after } = routes(endpoints, names, blue, green);
  const leadAll = (to: Map<string, Database | undefined>) => {
    for (const [name, database] of to) lead(endpoints, name, database);
  };
  return {
    prepare: async () => {},
    stop: async () => {
      for (const name of before.keys()) endpoints.named(name).point(undefined);
    },
    held: () => [],
    flip: () => leadAll(after),
    putBack: () => leadAll(before),
  };
}
