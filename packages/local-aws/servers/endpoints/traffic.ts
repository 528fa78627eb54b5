import type { IsLate } from '../../real-clock.ts';
import type { Only, Target } from './endpoint.ts';
import type { Endpoints } from './endpoints.ts';

/** A database that a name can lead to. */
export interface Led {
  readonly resourceId: string;
  readonly server: Target;
}

/** How clients are kept away during the cut and led elsewhere; the two endpoint modes differ in nothing else. */
export interface Traffic {
  /** Before writes are stopped: whatever takes time and disturbs nobody. */
  prepare(): Promise<void>;
  /** Lets no application write through any more. Rejects when that is not reached in time. */
  stop(isLate: IsLate): Promise<void>;
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
export function routes<Database extends Led>(
  endpoints: Endpoints,
  names: Names[],
  { blue, green }: Sides<Database>,
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

/** Leads a name to a database, or nowhere; perhaps for some only, and perhaps not for clients with an old answer of the name servers. */
export function lead(
  endpoints: Endpoints,
  name: string,
  database: Led | undefined,
  only?: Only,
  staleForMs = 0,
): void {
  const to = database && { resourceId: database.resourceId, target: database.server };
  endpoints.point(name, to, only, staleForMs);
}

/** The sides of a cut, and whom old blue's names lead there after it; everybody where nothing is given. */
export interface Sides<Database extends Led = Led> {
  blue: Database;
  green: Database;
  onlyToOldBlue: Only | undefined;
  /** For so long name servers still answer where the names led before. A pooler that pauses resolves no names. */
  staleForMs: number;
}

/** As RDS does it: connections on both sides are cut, new ones refused until the names have moved. */
export function cutTraffic(endpoints: Endpoints, names: Names[], sides: Sides): Traffic {
  const { before, after } = routes(endpoints, names, sides);
  const only = guardOf(names, sides);
  const leadBack = () => {
    for (const [name, database] of before) lead(endpoints, name, database);
  };
  const leadOn = () => {
    for (const [name, database] of after) lead(endpoints, name, database, only(name), sides.staleForMs);
  };
  return {
    prepare: async () => {},
    stop: async () => {
      for (const name of before.keys()) endpoints.named(name).point(undefined);
    },
    held: () => [],
    flip: leadOn,
    putBack: leadBack,
  };
}

/** Whom old blue's names admit after the cut; everybody by the other names. */
export function guardOf(names: Names[], { onlyToOldBlue }: Sides): (name: string) => Only | undefined {
  const guarded = new Set(names.map(({ oldBlue }) => oldBlue));
  return (name) => (guarded.has(name) ? onlyToOldBlue : undefined);
}
