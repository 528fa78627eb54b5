import type { Sample } from '../metric-store.ts';

/**
 * What stands behind the local RDS control plane: the databases themselves. Databases are known by resource id
 * (`db-…` for an instance, `cluster-…` for an Aurora cluster), which never changes; names move.
 * `packages/local-aws/rds/simulated-data-plane.ts` keeps everything in memory, `packages/local-aws/postgres/` runs real servers.
 */
export interface DataPlane {
  /** Makes a new, empty, writable database of this version; its address is reached through `pointEndpoint`. */
  createDatabase(resourceId: string, engineVersion: string): Promise<void>;

  /** Makes a copy of a running database, which stays as it is. Nothing is promised of whether the copy is as closed as its source. */
  cloneDatabase(source: string, clone: string): Promise<void>;

  /** Address that clients use for a name. The same name keeps its address for ever; the database behind it changes. */
  endpoint(name: string): { address: string; port: number };
  /**
   * Lets connections to `name` reach this database; `undefined`: the name is gone, connections are refused.
   * @param only `functions`: those of the functions alone that operate the database, as a security group may have it
   * @param staleForMs for so long name servers still answer what the name led to before, also where that is gone
   */
  pointEndpoint(
    name: string,
    resourceId: string | undefined,
    only?: 'functions',
    staleForMs?: number,
  ): Promise<void>;

  /**
   * Makes green as a read-only copy of blue at `engineVersion`. Resolves when everything is copied and changes flow;
   * rejects with the reason when that is impossible. `onProgress` gets 0..100.
   */
  buildGreen(
    build: { deployment: string; blue: string; green: string; engineVersion: string },
    onProgress?: (percent: number) => void,
  ): Promise<void>;

  /** How the replication blue → green does. `lagBytes`/`lagSeconds` are null when they cannot be read. */
  replication(deployment: string): Promise<{
    state: 'replicating' | 'degraded' | 'stopped';
    lagSeconds: number | null;
    lagBytes: number | null;
    message?: string;
  }>;

  /** Reasons for which a switchover would be refused now (long transactions, broken replication, writes on green …). */
  guardrails(deployment: string): Promise<string[]>;

  /**
   * The cut: fences blue, drains, sets sequences, swaps the endpoints of each pair of names, opens green for writes and
   * leaves old blue read-only. `pairs` gives for every endpoint the name that production keeps and the name that old
   * blue gets. When it cannot finish within the timeout everything is put back and the reason is returned.
   * `guardOldBlue`: nobody but roles of the service and of the functions reaches old blue, until {@link endGuard}. `staleForMs`: for so long
   * name servers still answer where the names led before.
   */
  cutOver(cut: {
    deployment: string;
    timeoutMs: number;
    guardOldBlue?: boolean;
    staleForMs?: number;
    pairs: {
      production: string;
      green: string;
      oldBlue: string;
      blueResource: string;
      greenResource: string;
    }[];
  }): Promise<{ done: true } | { done: false; reason: string }>;

  /** Where the binary log of new production stood when it was opened; undefined where there is none, or none that is real. */
  logPosition?(deployment: string): { file: string; position: number } | undefined;

  /** Lets applications reach an old blue again that the cut has guarded; what security groups keep out stays out. */
  endGuard(resourceId: string): Promise<void>;

  /**
   * Ends blue → green replication and forgets the deployment. A green that was not cut over is promoted; one that was
   * removed before is not looked for, and blue is cleared of what replication left there.
   */
  endReplication(deployment: string): Promise<void>;

  /** Whether applications may write. Replication into a read-only database goes on. */
  setWritable(resourceId: string, writable: boolean): Promise<void>;
  isWritable(resourceId: string): Promise<boolean>;

  /**
   * The server of a database ends without a word, and another one goes on with its storage, as a standby does that takes over. Resolves when
   * that one answers.
   */
  failOver(resourceId: string): Promise<void>;

  /**
   * What was measured of a database under this CloudWatch name, a point a minute, such as `DatabaseConnections`; from `start` until before
   * `end`, at least. Empty where it cannot be measured here. It answers for databases that were removed, too.
   */
  measured(resourceId: string, metric: string, start: number, end: number): Sample[];

  /** Stops and deletes a database. */
  removeDatabase(resourceId: string): Promise<void>;
  /** Keeps a copy for a snapshot; resolves when it is complete. */
  takeSnapshot(resourceId: string, snapshot: string): Promise<void>;
}
