import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Sample } from '../metric-store.ts';
import { type ClientRoles, Endpoint, type Only, type Target } from '../postgres/proxy/endpoint.ts';
import { Endpoints } from '../postgres/proxy/endpoints.ts';
import { HostEndpoint } from '../postgres/proxy/host-endpoint.ts';
import { lateAfter, realClock } from '../postgres/real-clock.ts';
import type { DataPlane } from '../rds/data-plane.ts';
import { ConnectionRecorder } from './connection-recorder.ts';
import { type Cut, cutOver } from './cut-over.ts';
import { type Database, makeAuroraProcedures, openDatabase } from './database.ts';
import { copyFrozen } from './frozen-copy.ts';
import { findGuardrails } from './guardrails.ts';
import { type Link, readLink, startLink, stopLink } from './link.ts';
import { endClients, isLocked, isReadOnly, setReadOnly } from './read-only.ts';
import type { MysqlServer } from './server/server.ts';
import { type FindPrograms, MysqlWorkspace } from './server/workspace.ts';
import { mysqlSignIn } from './sign-in.ts';
import { compareSides, type TableComparison } from './verify.ts';

export interface MysqlOptions {
  /** Finds the programs of an engine version as RDS writes it. */
  find: FindPrograms;
  /** Leaves folders and logs in place at the end. */
  keep?: boolean;
  /** Clock that timeouts are counted on, real time by default; the servers themselves live in real time. */
  clock?: Clock;
  /** Users by which clients are told apart where a security group admits only some. */
  roles?: Omit<ClientRoles, 'signIn'>;
  /** The servers have the procedures of Aurora as well. */
  aurora?: boolean;
  /** An open transaction is a reason to refuse a switchover after this time. */
  longTransactionSeconds?: number;
}

/** One blue/green deployment. Its link is gone once replication has ended. */
interface Deployment {
  link: Link;
  isCutOver: boolean;
}

const rolesOf = ({ roles = {} }: MysqlOptions): ClientRoles => ({ ...roles, signIn: mysqlSignIn });

/**
 * The data plane made of real servers of the MySQL family with replication of the binary log between them. Green is born empty and follows blue
 * from its first log on, so blue must have all its logs: it was made here.
 */
export class MysqlDataPlane implements DataPlane {
  readonly workspace: MysqlWorkspace;
  readonly #endpoints: Endpoints;
  readonly #clock: Clock;
  readonly #options: MysqlOptions;
  readonly #databases = new Map<string, Database>();
  readonly #deployments = new Map<string, Deployment>();
  readonly #cuts = new Map<string, Cut>();
  readonly #comparisons = new Map<string, Promise<TableComparison[]>>();
  readonly #hosts = new Map<string, Promise<HostEndpoint>>();
  readonly #connections: ConnectionRecorder | undefined;
  #disposal: Promise<void> | undefined;

  private constructor(workspace: MysqlWorkspace, endpoints: Endpoints, options: MysqlOptions) {
    this.workspace = workspace;
    this.#endpoints = endpoints;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#connections = options.clock && new ConnectionRecorder(options.clock);
  }

  static async open(options: MysqlOptions): Promise<MysqlDataPlane> {
    const workspace = await MysqlWorkspace.open(options.find, { keep: options.keep ?? false });
    const now = () => (options.clock ?? realClock).now();
    const openOne = () => Endpoint.open({ roles: rolesOf(options) });
    return new MysqlDataPlane(workspace, await Endpoints.open(openOne, now), options);
  }

  /** Stops every server and deletes the folder, unless it is to be kept. May be called again, and in the midst of anything. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#end();
    return this.#disposal;
  }

  async #end(): Promise<void> {
    this.#connections?.stop();
    for (const { sql } of this.#databases.values()) sql.end();
    await this.#endpoints.close();
    for (const host of this.#hosts.values()) await (await host).close();
    await this.workspace.dispose();
  }

  /** What stands behind a resource id: for seeding, verification and breaking things on purpose. */
  database(resourceId: string): Database {
    const database = this.#databases.get(resourceId);
    if (!database) throw new Error(`there is no database ${resourceId}`);
    return database;
  }

  async createDatabase(resourceId: string, engineVersion: string): Promise<void> {
    if (this.#databases.has(resourceId)) throw new Error(`there is a database ${resourceId} already`);
    const server = await this.workspace.startServer(resourceId, engineVersion);
    await this.#add(resourceId, engineVersion, server);
  }

  endpoint(name: string): { address: string; port: number } {
    const { address, port } = this.#endpoints.named(name);
    return { address, port };
  }

  listenerAt(address: string): Target | undefined {
    return this.#endpoints.at(address);
  }

  /** The server's own address, which clients that keep an old answer of the name server use. */
  hostOf(resourceId: string): Promise<{ port: number }> {
    const { server } = this.database(resourceId);
    const host =
      this.#hosts.get(resourceId) ??
      HostEndpoint.of(server, () => this.#endpoints.admissionTo(resourceId), rolesOf(this.#options));
    this.#hosts.set(resourceId, host);
    return host;
  }

  /** Whether any name leads applications to this database: what none leads to, none writes to. */
  isReachable(resourceId: string): boolean {
    return this.#endpoints.admissionTo(resourceId) === 'everybody';
  }

  async pointEndpoint(
    name: string,
    resourceId: string | undefined,
    only?: 'functions',
    staleForMs = 0,
  ): Promise<void> {
    this.#lead(name, resourceId === undefined ? undefined : this.database(resourceId), only, staleForMs);
  }

  /** A copy as of storage: of the moment, without a stop, and recovered at its start. */
  async cloneDatabase(source: string, clone: string): Promise<void> {
    const { engineVersion, server } = this.database(source);
    const folder = join(this.workspace.folder, `clone-${clone}`);
    await copyFrozen(server, folder);
    const copy = await this.workspace.startServerFrom(clone, engineVersion, folder);
    await rm(folder, { recursive: true, force: true });
    await this.#add(clone, engineVersion, copy);
    await this.setWritable(clone, true);
  }

  async buildGreen(
    build: Parameters<DataPlane['buildGreen']>[0],
    onProgress: (percent: number) => void = () => {},
  ): Promise<void> {
    const blue = this.database(build.blue);
    onProgress(0);
    await this.createDatabase(build.green, build.engineVersion);
    const link = { blue, green: this.database(build.green) };
    try {
      await setReadOnly(link.green, true);
      await startLink(link, onProgress);
    } catch (failure) {
      await this.removeDatabase(build.green);
      throw failure;
    }
    this.#deployments.set(build.deployment, { link, isCutOver: false });
  }

  async replication(deployment: string): ReturnType<DataPlane['replication']> {
    const known = this.#deployments.get(deployment);
    if (!known || known.isCutOver) return { state: 'stopped', lagSeconds: null, lagBytes: null };
    return readLink(known.link);
  }

  async guardrails(deployment: string): Promise<string[]> {
    return findGuardrails(this.link(deployment), this.#options.longTransactionSeconds ?? 5);
  }

  async cutOver(cut: Parameters<DataPlane['cutOver']>[0]): ReturnType<DataPlane['cutOver']> {
    const deployment = this.#deployment(cut.deployment);
    const { link } = deployment;
    const deadline = this.#clock.now() + cut.timeoutMs;
    const result = await cutOver(link, this.#traffic(link, cut), () => this.#clock.now() > deadline);
    if (!result.done) return result;
    deployment.isCutOver = true;
    this.#cuts.set(cut.deployment, result);
    const comparison = compareSides(result.views);
    // Whoever asks gets the failure; until then it is nobody's.
    comparison.catch(() => {});
    this.#comparisons.set(cut.deployment, comparison);
    return { done: true };
  }

  /** Old blue is held by `read_only`, and nobody is kept from its address. */
  async endGuard(): Promise<void> {}

  /** How the cut went; undefined without one. Works after the deployment has ended. */
  cutOf(deployment: string): Pick<Cut, 'windowMs'> | undefined {
    return this.#cuts.get(deployment);
  }

  /** Where the log of new production stood when it was opened, as the service tells it. */
  logPosition(deployment: string): { file: string; position: number } | undefined {
    return this.#cuts.get(deployment)?.coordinates;
  }

  /** Whether old blue and new production held the same rows at the cut, table by table. */
  async comparisonAtCut(deployment: string): Promise<TableComparison[]> {
    return this.#comparisons.get(deployment) ?? [];
  }

  /** Blue and green of a deployment that has not ended. */
  link(deployment: string): Link {
    return this.#deployment(deployment).link;
  }

  async endReplication(name: string): Promise<void> {
    const deployment = this.#deployments.get(name);
    if (!deployment) return;
    const { link, isCutOver } = deployment;
    if (!isCutOver && this.#databases.has(link.green.resourceId)) {
      await stopLink(link);
      await this.setWritable(link.green.resourceId, true);
    }
    this.#deployments.delete(name);
  }

  /** Sessions that are open keep nothing of it, so they may stay; a write that is under way fails at its commit. */
  async setWritable(resourceId: string, writable: boolean): Promise<void> {
    const database = this.database(resourceId);
    if ((await isReadOnly(database)) !== writable) return;
    await setReadOnly(database, !writable);
    if (!writable) await endClients(database, lateAfter(5_000));
  }

  /** Whether applications may write: the server takes writes, and their account may sign in. */
  async isWritable(resourceId: string): Promise<boolean> {
    const database = this.database(resourceId);
    return !(await isReadOnly(database)) && !(await isLocked(database));
  }

  measured(resourceId: string, metric: string): Sample[] {
    return metric === 'DatabaseConnections' ? (this.#connections?.of(resourceId) ?? []) : [];
  }

  async removeDatabase(resourceId: string): Promise<void> {
    const database = this.#databases.get(resourceId);
    if (!database) return;
    for (const name of this.#endpoints.leadingTo(resourceId)) this.#endpoints.point(name, undefined);
    await Promise.allSettled(this.#comparisons.values());
    this.#databases.delete(resourceId);
    await (await this.#hosts.get(resourceId))?.close();
    this.#connections?.forget(resourceId);
    database.sql.end();
    await this.workspace.remove(database.server);
  }

  async takeSnapshot(resourceId: string, snapshot: string): Promise<void> {
    await copyFrozen(this.database(resourceId).server, join(this.workspace.folder, `snapshot-${snapshot}`));
  }

  async #add(resourceId: string, engineVersion: string, server: MysqlServer): Promise<void> {
    const database = await openDatabase(resourceId, engineVersion, server);
    if (this.#options.aurora) await makeAuroraProcedures(database);
    this.#databases.set(resourceId, database);
    this.#connections?.follow(database);
  }

  #lead(name: string, database: Database | undefined, only?: Only, staleForMs = 0): void {
    const to = database && { resourceId: database.resourceId, target: { port: database.server.port } };
    this.#endpoints.point(name, to, only, staleForMs);
  }

  /** As RDS does it: connections on both sides are cut, new ones refused until the names have moved. */
  #traffic({ blue, green }: Link, { pairs, staleForMs = 0 }: Parameters<DataPlane['cutOver']>[0]) {
    const before = new Map<string, Database>();
    for (const database of [blue, green])
      for (const name of this.#endpoints.leadingTo(database.resourceId)) before.set(name, database);
    const leadAll = (to: Map<string, Database | undefined>, staleFor = 0) => {
      for (const [name, database] of to) this.#lead(name, database, undefined, staleFor);
    };
    return {
      stop: () => {
        for (const name of before.keys()) this.#endpoints.named(name).point(undefined);
      },
      flip: () => {
        const after = new Map<string, Database | undefined>(before);
        for (const pair of pairs) {
          after.set(pair.green, undefined);
          after.set(pair.production, green);
          after.set(pair.oldBlue, blue);
        }
        leadAll(after, staleForMs);
      },
      putBack: () => leadAll(before),
    };
  }

  #deployment(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (!deployment) throw new Error(`no green was built for ${name}`);
    return deployment;
  }
}
