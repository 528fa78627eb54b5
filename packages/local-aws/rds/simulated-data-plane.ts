import type { Clock } from '../clock.ts';
import type { Sample } from '../metric-store.ts';
import type { DataPlane } from './data-plane.ts';
import { StaleNames } from './stale-names.ts';

type Cut = Parameters<DataPlane['cutOver']>[0];
type Replication = Awaited<ReturnType<DataPlane['replication']>>;

/** What a scenario can set while it runs. Durations in milliseconds of the clock. */
export interface Behaviour {
  buildMs: number;
  /** Reason for which green cannot be built. */
  buildFailure: string | undefined;
  replication: Replication;
  /** Reasons for which a switchover is refused. */
  guardrails: string[];
  /** From the fence on blue to the first write on green; longer than the timeout means: put back. */
  cutMs: number;
  snapshotMs: number;
  /** What every database measures all the time, by CloudWatch name; a name that is left out is not measured. */
  metrics: Record<string, number>;
  /** So long after the end of its minute a point can be seen, as on CloudWatch. */
  metricsLateMs: number;
  /** Clients that stay with a database after production has moved away from it. */
  staleSessions: number;
}

/** A database that is neither idle nor busy, in the units of CloudWatch. */
const calm = { CPUUtilization: 30, ReadLatency: 0.002, WriteLatency: 0.004, DatabaseConnections: 40 };
const minute = 60_000;

/** One thing that changed in the simulated databases, for the invariants. */
export type Change =
  | { at: number; kind: 'writable'; resourceId: string; writable: boolean }
  | { at: number; kind: 'pointed'; name: string; resourceId: string | undefined }
  | { at: number; kind: 'removed'; resourceId: string };

/** One database: two walls keep applications from writing. */
interface Simulated {
  version: string;
  /** What the service decides. */
  takesWrites: boolean;
  /** Their accounts may not sign in: a wall of the MySQL family, which stands beside the service's. */
  locked: boolean;
}

const isOpen = ({ takesWrites, locked }: Simulated): boolean => takesWrites && !locked;

/** Databases that hold nothing but whether they can be written to. Everything that happens is kept in `history`. */
export class SimulatedDataPlane implements DataPlane {
  readonly behaviour: Behaviour;
  readonly history: Change[] = [];
  readonly #clock: Clock;
  readonly #databases = new Map<string, Simulated>();
  readonly #pointers = new Map<string, string>();
  /** What name servers still answer of names that have moved. */
  readonly #old = new StaleNames<string>();
  /** Names behind which applications reach nothing. */
  readonly #closed = new Set<string>();
  readonly #deployments = new Map<string, { blue: string; green: string; switched: boolean }>();
  readonly #snapshots = new Map<string, string>();
  /** Databases that production has moved away from, with its clients. */
  readonly #left = new Set<string>();

  constructor(clock: Clock, behaviour: Partial<Behaviour> = {}) {
    this.#clock = clock;
    this.behaviour = {
      buildMs: 0,
      buildFailure: undefined,
      replication: { state: 'replicating', lagSeconds: 0, lagBytes: 0 },
      guardrails: [],
      cutMs: 2_000,
      snapshotMs: 0,
      metrics: { ...calm },
      metricsLateMs: 2 * minute,
      staleSessions: 0,
      ...behaviour,
    };
  }

  /** Resource ids that accept an application's write now. */
  writable(): string[] {
    return [...this.#databases].filter(([, database]) => isOpen(database)).map(([resourceId]) => resourceId);
  }

  /** What a server says of itself, whoever may sign in. */
  takesWrites(resourceId: string): boolean {
    return this.#database(resourceId).takesWrites;
  }

  /** Lets the accounts of applications in, or keeps them out. */
  setLocked(resourceId: string, locked: boolean): void {
    this.#change(resourceId, { locked });
  }

  isLocked(resourceId: string): boolean {
    return this.#database(resourceId).locked;
  }

  /** As RDS writes it. */
  versionOf(resourceId: string): string {
    return this.#database(resourceId).version;
  }

  /** The database that a name leads to now. */
  leadsTo(name: string): string | undefined {
    return this.#pointers.get(name);
  }

  /** The database that answers the functions at an address. */
  answersAt(address: string): string | undefined {
    const names = [...this.#pointers.keys(), ...this.#old.names()];
    const name = names.find((known) => this.endpoint(known).address === address);
    return name && (this.#old.of(name, this.#clock.now()) ?? this.#pointers.get(name));
  }

  snapshotOf(snapshot: string): string | undefined {
    return this.#snapshots.get(snapshot);
  }

  async createDatabase(resourceId: string, engineVersion: string): Promise<void> {
    this.#add(resourceId, engineVersion);
    this.#write(resourceId, true);
  }

  endpoint(name: string): { address: string; port: number } {
    const [identifier, kind] = name.split('.');
    const domain = `${kind ? `${kind}-` : ''}c1a2b3d4e5f6.eu-west-1.rds.amazonaws.com`;
    return { address: `${identifier}.${domain}`, port: 5432 };
  }

  /** A copy can be written to: the worst that is possible. */
  async cloneDatabase(source: string, clone: string): Promise<void> {
    await this.createDatabase(clone, this.#database(source).version);
  }

  async pointEndpoint(
    name: string,
    resourceId: string | undefined,
    only?: 'functions',
    staleForMs = 0,
  ): Promise<void> {
    this.#moveName(name, resourceId, staleForMs);
    this.#point(name, resourceId, only);
  }

  async buildGreen(
    build: Parameters<DataPlane['buildGreen']>[0],
    onProgress?: (percent: number) => void,
  ): Promise<void> {
    await this.#clock.sleep(this.behaviour.buildMs);
    if (this.behaviour.buildFailure) throw new Error(this.behaviour.buildFailure);
    this.#database(build.blue);
    this.#add(build.green, build.engineVersion);
    this.#deployments.set(build.deployment, { blue: build.blue, green: build.green, switched: false });
    onProgress?.(100);
  }

  async replication(deployment: string): Promise<Replication> {
    const known = this.#deployments.get(deployment);
    const flows =
      known && !known.switched && this.#databases.has(known.blue) && this.#databases.has(known.green);
    if (!flows) return { state: 'stopped', lagSeconds: null, lagBytes: null };
    return { ...this.behaviour.replication };
  }

  async guardrails(deployment: string): Promise<string[]> {
    const { state } = await this.replication(deployment);
    const broken = state === 'replicating' ? [] : [`replication is ${state}`];
    return [...broken, ...this.behaviour.guardrails];
  }

  async cutOver(cut: Cut): Promise<{ done: true } | { done: false; reason: string }> {
    const deployment = this.#deployments.get(cut.deployment);
    if (!deployment) throw new Error(`no green was built for ${cut.deployment}`);
    this.#write(deployment.blue, false);
    await this.#clock.sleep(Math.min(this.behaviour.cutMs, cut.timeoutMs));
    if (this.behaviour.cutMs > cut.timeoutMs) {
      this.#write(deployment.blue, true);
      return { done: false, reason: 'green did not catch up within the timeout' };
    }
    for (const pair of cut.pairs) {
      this.#moveName(pair.production, pair.greenResource, cut.staleForMs ?? 0);
      this.#moveName(pair.green, undefined, cut.staleForMs ?? 0);
      this.#point(pair.production, pair.greenResource);
      this.#point(pair.oldBlue, pair.blueResource);
      this.#point(pair.green, undefined);
    }
    this.#write(deployment.green, true);
    deployment.switched = true;
    this.#left.add(deployment.blue);
    return { done: true };
  }

  /** Applications of the simulation come by production's name only, so an old blue needs no guard here. */
  async endGuard(): Promise<void> {}

  async endReplication(name: string): Promise<void> {
    const deployment = this.#deployments.get(name);
    this.#deployments.delete(name);
    if (!deployment || deployment.switched) return;
    if (this.#databases.has(deployment.green)) this.#write(deployment.green, true);
  }

  async setWritable(resourceId: string, writable: boolean): Promise<void> {
    this.#write(resourceId, writable);
  }

  async isWritable(resourceId: string): Promise<boolean> {
    return isOpen(this.#database(resourceId));
  }

  measured(resourceId: string, metric: string, start: number, end: number): Sample[] {
    const { metrics, metricsLateMs, staleSessions } = this.behaviour;
    const isLeft = metric === 'DatabaseConnections' && this.#left.has(resourceId);
    const value = isLeft ? staleSessions : metrics[metric];
    if (value === undefined) return [];
    const samples: Sample[] = [];
    const newest = Math.min(end - 1, this.#clock.now() - minute - metricsLateMs);
    for (let at = Math.ceil(start / minute) * minute; at <= newest; at += minute) samples.push({ at, value });
    return samples;
  }

  async removeDatabase(resourceId: string): Promise<void> {
    if (!this.#databases.has(resourceId)) return;
    this.#write(resourceId, false);
    this.#databases.delete(resourceId);
    this.history.push({ at: this.#clock.now(), kind: 'removed', resourceId });
  }

  async takeSnapshot(resourceId: string, snapshot: string): Promise<void> {
    this.#database(resourceId);
    await this.#clock.sleep(this.behaviour.snapshotMs);
    this.#snapshots.set(snapshot, resourceId);
  }

  #database(resourceId: string) {
    const database = this.#databases.get(resourceId);
    if (!database) throw new Error(`no database ${resourceId}`);
    return database;
  }

  #add(resourceId: string, version: string): void {
    this.#databases.set(resourceId, { version, takesWrites: false, locked: false });
  }

  #write(resourceId: string, takesWrites: boolean): void {
    this.#change(resourceId, { takesWrites });
  }

  /** The history tells whether applications can write, not which wall keeps them from it. */
  #change(resourceId: string, wall: Partial<Pick<Simulated, 'locked' | 'takesWrites'>>): void {
    const database = this.#database(resourceId);
    const before = isOpen(database);
    Object.assign(database, wall);
    const writable = isOpen(database);
    if (writable !== before)
      this.history.push({ at: this.#clock.now(), kind: 'writable', resourceId, writable });
  }

  #moveName(name: string, resourceId: string | undefined, staleForMs: number): void {
    const before = this.#pointers.get(name);
    if (before !== resourceId) this.#old.keep(name, before, this.#clock.now(), staleForMs);
  }

  /** The history tells what applications reach. */
  #point(name: string, resourceId: string | undefined, only?: 'functions'): void {
    const isClosed = only === 'functions';
    if (this.#pointers.get(name) === resourceId && this.#closed.has(name) === isClosed) return;
    if (resourceId === undefined) this.#pointers.delete(name);
    else this.#pointers.set(name, resourceId);
    if (isClosed) this.#closed.add(name);
    else this.#closed.delete(name);
    const reached = isClosed ? undefined : resourceId;
    this.history.push({ at: this.#clock.now(), kind: 'pointed', name, resourceId: reached });
  }
}
