import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { DumpReport } from '../dump/progress.ts';
import type { Sample } from '../metric-store.ts';
import type { DataPlane } from '../rds/data-plane.ts';
import { type IsLate, lateAfter, realClock } from '../real-clock.ts';
import { type ClientRoles, Endpoint } from '../servers/endpoints/endpoint.ts';
import { Endpoints } from '../servers/endpoints/endpoints.ts';
import { endpointsOnOwnAddresses } from '../servers/endpoints/own-addresses.ts';
import { cutTraffic, type Traffic } from '../servers/endpoints/traffic.ts';
import { ServerDataPlane } from '../servers/server-data-plane.ts';
import type { Comparison } from '../servers/verification.ts';
import { type Cut, cutOver } from './cut-over.ts';
import {
  closeDatabase,
  createAppDatabase,
  type Database,
  openDatabase,
  serviceConnection,
  withSession,
} from './database.ts';
import { type DumpOptions, loadDump } from './dump/dump.ts';
import { admitSessions, endSessions, isReadOnly, setReadOnly } from './fence.ts';
import { type BuildLimits, followBlue } from './green/build-green.ts';
import { forgetPublication, makePhysically } from './green/physical.ts';
import { makeByStatements } from './green/statements.ts';
import { findUncopyable } from './green/uncopyable.ts';
import { UpgradeRefused } from './green/upgrade-refused.ts';
import { findGuardrails } from './guardrails.ts';
import { PairHealth } from './health.ts';
import { clearBlue, clearGreen, type Link, linkOf, linksOf, nameOf, subscribe } from './link.ts';
import { MetricRecorder } from './metric-recorder.ts';
import { pauseTraffic } from './proxy/pause-traffic.ts';
import { PausingEndpoint } from './proxy/pausing-endpoint.ts';
import { copySequences } from './sequences.ts';
import { extensionsOf, majorOf } from './server/binaries.ts';
import type { Server } from './server/server.ts';
import { copyRunning } from './server/snapshot.ts';
import { Workspace } from './server/workspace.ts';
import { postgresSignIn } from './sign-in.ts';
import { UnreplicatedChanges } from './unreplicated.ts';
import { ViewAtCut } from './view-at-cut.ts';

/** How clients experience the cut: connections reset, as RDS does it, or sessions held, as a pausing proxy does it. */
export type EndpointMode = 'rds' | 'pause';

export interface PostgresOptions {
  mode?: EndpointMode;
  /** Gives every name an address of its own, as RDS does: a CNAME can name an address, and no port. */
  addresses?: boolean;
  /** Leaves folders and logs in place at the end. */
  keep?: boolean;
  /** Clock that timeouts are counted on, real time by default; the servers themselves live in real time. */
  clock?: Clock;
  limits?: Partial<BuildLimits>;
  /**
   * Folders with the programs of majors, which can copy and upgrade a server (see `server/programs.ts`): green is made of a copy of blue, as
   * RDS makes it. Without them it is made by the statements that made blue, which is an approximation.
   */
  programs?: ReadonlyMap<number, string>;
  /** Roles by which clients are told apart where a security group, or the guard of an old blue, admits only some. */
  roles?: Omit<ClientRoles, 'signIn'>;
  /** In mode `pause`: sessions that are not between two transactions after this time end the attempt. */
  holdMs?: number;
  /** An open transaction is a reason to refuse a switchover after this time. */
  longTransactionSeconds?: number;
}

type Build = Parameters<DataPlane['buildGreen']>[0];
type MakeLimits = { slotMs: number; isLate: IsLate };

/** One blue/green deployment. Its link is gone once replication has ended. */
interface Deployment {
  link: Link;
  health: PairHealth;
  isCutOver: boolean;
  /** Why replication could not be taken apart after the cut. */
  trouble?: string;
}

const rolesOf = ({ roles = {} }: PostgresOptions): ClientRoles => ({ ...roles, signIn: postgresSignIn });

function endpointsWith(options: PostgresOptions): () => Promise<Endpoint> {
  const roles = rolesOf(options);
  return options.addresses ? endpointsOnOwnAddresses(roles) : () => Endpoint.open({ roles });
}

/** The data plane made of real PostgreSQL servers with logical replication between them. */
export class PostgresDataPlane extends ServerDataPlane<Database, Comparison> implements DataPlane {
  readonly workspace: Workspace;
  readonly #clock: Clock;
  readonly #options: PostgresOptions;
  readonly #deployments = new Map<string, Deployment>();
  readonly #cuts = new Map<string, Cut>();
  readonly #refusedUpgrades: string[] = [];
  readonly #snapshots = new Map<string, Database & { folder: string }>();

  /** Measures where the clock of a run is given. */
  readonly #metrics: MetricRecorder | undefined;

  private constructor(workspace: Workspace, endpoints: Endpoints, options: PostgresOptions) {
    super(endpoints, rolesOf(options));
    this.workspace = workspace;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#metrics = options.clock && new MetricRecorder(options.clock);
  }

  static async open(options: PostgresOptions = {}): Promise<PostgresDataPlane> {
    const workspace = await Workspace.open({
      keep: options.keep ?? false,
      ...(options.programs && { programs: options.programs }),
    });
    const openOne =
      options.mode === 'pause'
        ? () => PausingEndpoint.open({ roles: rolesOf(options) })
        : endpointsWith(options);
    const now = () => (options.clock ?? realClock).now();
    return new PostgresDataPlane(workspace, await Endpoints.open(openOne, now), options);
  }

  /** A pool's end waits for queries that are under way, so it is not waited for: the servers' end ends them. */
  protected endSessions(): void {
    this.#metrics?.stop();
    for (const database of this.databases.values()) closeDatabase(database).catch(() => {});
  }

  protected endServers(): Promise<void> {
    return this.workspace.dispose();
  }

  /** Blue and green of a deployment that has not ended. */
  link(deployment: string): Link {
    return this.#deployment(deployment).link;
  }

  async createDatabase(resourceId: string, engineVersion: string): Promise<void> {
    if (this.databases.has(resourceId)) throw new Error(`there is a database ${resourceId} already`);
    const server = await this.workspace.startServer(resourceId, majorOf(engineVersion));
    await createAppDatabase(server);
    this.#add(resourceId, engineVersion, server);
  }

  /** Starts a server on a copy of the running one's files. The copy can be written to: the worst that is possible. */
  async cloneDatabase(source: string, clone: string): Promise<void> {
    const database = this.database(source);
    const folder = join(this.workspace.folder, `clone-${clone}`);
    await copyRunning(database, folder);
    const server = await this.workspace.startServerFrom(clone, majorOf(database.engineVersion), folder);
    await rm(folder, { recursive: true, force: true });
    this.#add(clone, database.engineVersion, server, database);
    await this.setWritable(clone, true);
  }

  /** Runs statements that make a schema, and keeps them for green. Rows that they insert are not kept. */
  async loadSchema(resourceId: string, sql: string): Promise<void> {
    const database = this.database(resourceId);
    await withSession(serviceConnection(database), (client) => client.query(sql));
    database.schema.push({ sql });
  }

  /** Loads a dump as schema and rows. */
  loadDump(resourceId: string, file: string, options?: DumpOptions): Promise<DumpReport> {
    return loadDump(this.database(resourceId), file, options);
  }

  /** Every reason for which RDS builds no green of this database at this version; empty when it can. */
  async whyNoGreen(resourceId: string, engineVersion: string): Promise<string[]> {
    const major = majorOf(engineVersion);
    const extensions = extensionsOf(await this.workspace.binaries(major));
    return findUncopyable(this.database(resourceId), { major, extensions });
  }

  async buildGreen(build: Build, onProgress: (percent: number) => void = () => {}): Promise<void> {
    const blue = this.database(build.blue);
    const copies = await this.#canCopy(blue, build.engineVersion);
    const reasons = copies
      ? await findUncopyable(blue, undefined)
      : await this.whyNoGreen(build.blue, build.engineVersion);
    if (reasons.length > 0) throw new Error(reasons.join(' '));
    onProgress(0);
    const limits = { buildMs: 30 * 60_000, slotMs: 60_000, ...this.#options.limits };
    const isLate = lateAfter(limits.buildMs);
    try {
      const changes = await UnreplicatedChanges.of(blue);
      const make = copies ? this.#makeCopy : this.#makeAnew;
      const link = await make.call(this, build, { slotMs: limits.slotMs, isLate }, onProgress);
      await followBlue(link, isLate);
      this.#deployments.set(build.deployment, {
        link,
        health: new PairHealth(link, changes),
        isCutOver: false,
      });
    } catch (failure) {
      if (failure instanceof UpgradeRefused) this.#refusedUpgrades.push(failure.message);
      await this.removeDatabase(build.green);
      await clearBlue({ blue, name: nameOf(build.deployment) });
      throw failure;
    }
    onProgress(100);
  }

  /** What pg_upgrade has said to builds that it refused, in their order. */
  get refusedUpgrades(): readonly string[] {
    return this.#refusedUpgrades;
  }

  /** Whether the programs of both majors are there that copy a server as RDS does. */
  async #canCopy(blue: Database, engineVersion: string): Promise<boolean> {
    if (!this.#options.programs) return false;
    const target = await this.workspace.binaries(majorOf(engineVersion));
    return blue.server.binaries.isComplete && target.isComplete;
  }

  async #makeCopy(build: Build, limits: MakeLimits, onProgress: (percent: number) => void): Promise<Link> {
    const blue = this.database(build.blue);
    const green = { name: build.green, major: majorOf(build.engineVersion), link: nameOf(build.deployment) };
    const { server, position } = await makePhysically(this.workspace, blue, green, limits, onProgress);
    this.#add(build.green, build.engineVersion, server, blue);
    const link = linkOf(build.deployment, blue, this.database(build.green));
    await setReadOnly(link.green, true);
    await forgetPublication(link);
    for (const part of linksOf(link)) await subscribe(part, position);
    return link;
  }

  async #makeAnew(build: Build, limits: MakeLimits, onProgress: (percent: number) => void): Promise<Link> {
    await this.createDatabase(build.green, build.engineVersion);
    const link = linkOf(build.deployment, this.database(build.blue), this.database(build.green));
    await makeByStatements(link, limits, onProgress);
    await copySequences(link.blue, link.green);
    return link;
  }

  async replication(deployment: string): ReturnType<DataPlane['replication']> {
    const known = this.#deployments.get(deployment);
    const trouble = known?.trouble ? { message: known.trouble } : {};
    if (!known || known.isCutOver) return { state: 'stopped', lagSeconds: null, lagBytes: null, ...trouble };
    return known.health.read();
  }

  async guardrails(deployment: string): Promise<string[]> {
    const { link, health } = this.#deployment(deployment);
    return findGuardrails(link, health, {
      longTransactionSeconds: this.#options.longTransactionSeconds ?? 5,
      readersToo: this.#options.mode === 'pause',
    });
  }

  async cutOver(cut: Parameters<DataPlane['cutOver']>[0]): ReturnType<DataPlane['cutOver']> {
    const deployment = this.#deployment(cut.deployment);
    const { link, health } = deployment;
    const deadline = this.#clock.now() + cut.timeoutMs;
    const isLate = () => this.#clock.now() > deadline;
    const view = new ViewAtCut(link);
    const result = await cutOver(link, health, this.#traffic(link, cut), view, isLate);
    if (!result.done) {
      await view.release();
      return result;
    }
    deployment.isCutOver = true;
    this.#cuts.set(cut.deployment, result);
    this.keepComparison(cut.deployment, view.compare());
    // The cut has happened, whatever becomes of this; ending replication tries it again.
    await this.#settle(deployment).catch((failure: Error) => {
      deployment.trouble = failure.message;
    });
    return { done: true };
  }

  /** How the cut went; undefined without one. Works after the deployment has ended. */
  cutOf(deployment: string): Cut | undefined {
    return this.#cuts.get(deployment);
  }

  async endReplication(name: string): Promise<void> {
    const deployment = this.#deployments.get(name);
    if (!deployment) return;
    const { link, isCutOver } = deployment;
    await (isCutOver ? this.#settle(deployment) : this.#disconnect(deployment));
    if (!isCutOver && this.databases.has(link.green.resourceId)) {
      await this.setWritable(link.green.resourceId, true);
    }
    this.#deployments.delete(name);
  }

  /** Sessions that are open keep what they began with, so they are ended when it changes. */
  async setWritable(resourceId: string, writable: boolean): Promise<void> {
    const database = this.database(resourceId);
    if ((await isReadOnly(database)) !== writable) return;
    await setReadOnly(database, !writable);
    await endSessions(database, lateAfter(5_000));
  }

  async isWritable(resourceId: string): Promise<boolean> {
    return !(await isReadOnly(this.database(resourceId)));
  }

  /** Sessions of our own that broke are replaced by the next query. */
  async failOver(resourceId: string): Promise<void> {
    const { server } = this.database(resourceId);
    await server.crash();
    await server.start();
  }

  measured(resourceId: string, metric: string): Sample[] {
    return this.#metrics?.of(resourceId, metric) ?? [];
  }

  async removeDatabase(resourceId: string): Promise<void> {
    const database = await this.forget(resourceId);
    if (!database) return;
    this.#metrics?.forget(resourceId);
    await closeDatabase(database);
    await this.workspace.remove(database.server);
  }

  /** Copies the running database's files; {@link restoreSnapshot} starts a server from them. */
  async takeSnapshot(resourceId: string, snapshot: string): Promise<void> {
    const database = this.database(resourceId);
    const folder = join(this.workspace.folder, `snapshot-${snapshot}`);
    await copyRunning(database, folder);
    this.#snapshots.set(snapshot, { ...database, folder });
  }

  /** Makes a database out of a snapshot. It is as writable, or not, as the original was then. */
  async restoreSnapshot(snapshot: string, resourceId: string): Promise<void> {
    const kept = this.#snapshots.get(snapshot);
    if (!kept) throw new Error(`there is no snapshot ${snapshot}`);
    const server = await this.workspace.startServerFrom(resourceId, majorOf(kept.engineVersion), kept.folder);
    this.#add(resourceId, kept.engineVersion, server, kept);
  }

  #add(resourceId: string, engineVersion: string, server: Server, known?: Database): void {
    const database = openDatabase(resourceId, engineVersion, server, known);
    this.databases.set(resourceId, database);
    this.#metrics?.follow(database);
  }

  #traffic(
    { blue, green }: Link,
    { pairs, guardOldBlue, staleForMs = 0 }: Parameters<DataPlane['cutOver']>[0],
  ): Traffic {
    const sides = { blue, green, onlyToOldBlue: guardOldBlue ? ('service' as const) : undefined, staleForMs };
    return this.#options.mode === 'pause'
      ? pauseTraffic(this.endpoints, pairs, sides, this.#options.holdMs ?? 5_000)
      : cutTraffic(this.endpoints, pairs, sides);
  }

  /** Either side may have been removed before its replication was ended. */
  async #disconnect({ link }: Deployment): Promise<void> {
    if (this.databases.has(link.green.resourceId)) await clearGreen(link);
    if (this.databases.has(link.blue.resourceId)) await clearBlue(link);
  }

  /** After the cut: replication is taken apart, and old blue admits sessions again, read-only as it is. */
  async #settle(deployment: Deployment): Promise<void> {
    const { blue } = deployment.link;
    if (this.databases.has(blue.resourceId)) await admitSessions(blue, true);
    await this.#disconnect(deployment);
  }

  #deployment(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (!deployment) throw new Error(`no green was built for ${name}`);
    return deployment;
  }
}
