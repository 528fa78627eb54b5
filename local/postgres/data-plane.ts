import { type Clock, clock as runClock } from '../../functions/runtime/clock.ts';
import type { DataPlane } from '../rds/data-plane.ts';
import { majorOf } from './binaries.ts';
import { assertCopyable, type BuildLimits, copyRows, copySchema } from './build-green.ts';
import { cutOver } from './cut-over.ts';
import { createAppDatabase, type Database, openPool } from './database.ts';
import { type DumpReport, loadDump } from './dump.ts';
import { Endpoint } from './endpoint.ts';
import { Endpoints } from './endpoints.ts';
import { admitSessions, endSessions, isReadOnly, setReadOnly } from './fence.ts';
import { findGuardrails } from './guardrails.ts';
import { LinkHealth } from './health.ts';
import { clearBlue, disconnectLink, type Link, linkOf } from './link.ts';
import { PausingEndpoint } from './pausing-endpoint.ts';
import { cutTraffic, lead, pauseTraffic } from './traffic.ts';
import { Workspace } from './workspace.ts';

/** How clients experience the cut: connections reset, as RDS does it, or sessions held, as a pausing proxy does it. */
export type EndpointMode = 'rds' | 'pause';

export interface PostgresOptions {
  mode?: EndpointMode;
  /** Leaves folders and logs in place at the end. */
  keep?: boolean;
  /** Clock that timeouts are counted on; the servers themselves live in real time. */
  clock?: Clock;
  limits?: Partial<BuildLimits>;
  /** In mode `pause`: sessions that are not between two transactions after this time end the attempt. */
  holdMs?: number;
  /** An open transaction is a reason to refuse a switchover after this time. */
  longTransactionSeconds?: number;
}

/** One blue/green deployment. Its link is gone once replication has ended. */
interface Deployment {
  link: Link;
  health: LinkHealth;
  isCutOver: boolean;
}

/** The data plane made of real PostgreSQL servers with logical replication between them. */
export class PostgresDataPlane implements DataPlane {
  readonly workspace: Workspace;
  readonly #endpoints: Endpoints;
  readonly #clock: Clock;
  readonly #options: PostgresOptions;
  readonly #databases = new Map<string, Database>();
  readonly #deployments = new Map<string, Deployment>();

  private constructor(workspace: Workspace, endpoints: Endpoints, options: PostgresOptions) {
    this.workspace = workspace;
    this.#endpoints = endpoints;
    this.#options = options;
    this.#clock = options.clock ?? runClock;
  }

  static async open(options: PostgresOptions = {}): Promise<PostgresDataPlane> {
    const workspace = await Workspace.open({ keep: options.keep ?? false });
    const kind = options.mode === 'pause' ? PausingEndpoint : Endpoint;
    return new PostgresDataPlane(workspace, await Endpoints.open(() => kind.open()), options);
  }

  /** Stops every server and deletes the folder, unless it is to be kept. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#databases.values()].map((database) => database.sql.end()));
    await this.#endpoints.close();
    await this.workspace.dispose();
  }

  /** What stands behind a resource id: for seeding, verification and breaking things on purpose. */
  database(resourceId: string): Database {
    const database = this.#databases.get(resourceId);
    if (!database) throw new Error(`there is no database ${resourceId}`);
    return database;
  }

  /** Blue and green of a deployment that has not ended. */
  link(deployment: string): Link {
    return this.#deployment(deployment).link;
  }

  async createDatabase(resourceId: string, engineVersion: string): Promise<void> {
    if (this.#databases.has(resourceId)) throw new Error(`there is a database ${resourceId} already`);
    const server = await this.workspace.startServer(resourceId, majorOf(engineVersion));
    await createAppDatabase(server);
    this.#databases.set(resourceId, {
      resourceId,
      engineVersion,
      server,
      sql: openPool(server),
      schema: [],
      afterCopy: [],
    });
  }

  endpoint(name: string): { address: string; port: number } {
    return { address: '127.0.0.1', port: this.#endpoints.named(name).port };
  }

  async pointEndpoint(name: string, resourceId: string | undefined): Promise<void> {
    lead(this.#endpoints, name, resourceId === undefined ? undefined : this.database(resourceId));
  }

  /** Runs statements that make a schema, and keeps them for green. Rows that they insert are not kept. */
  async loadSchema(resourceId: string, sql: string): Promise<void> {
    const database = this.database(resourceId);
    await database.sql.query(sql);
    database.schema.push(sql);
  }

  /** Loads a plain `pg_dump` file as schema and rows. */
  loadDump(resourceId: string, file: string): Promise<DumpReport> {
    return loadDump(this.database(resourceId), file);
  }

  async buildGreen(
    build: Parameters<DataPlane['buildGreen']>[0],
    onProgress: (percent: number) => void = () => {},
  ): Promise<void> {
    const blue = this.database(build.blue);
    await assertCopyable(blue);
    onProgress(0);
    await this.createDatabase(build.green, build.engineVersion);
    const link = linkOf(build.deployment, blue, this.database(build.green));
    const limits = { buildMs: 30 * 60_000, slotMs: 60_000, ...this.#options.limits };
    try {
      await copySchema(blue, link.green);
      await copyRows(link, limits, this.#clock, onProgress);
    } catch (failure) {
      await this.removeDatabase(build.green);
      await clearBlue(link);
      throw failure;
    }
    this.#deployments.set(build.deployment, { link, health: new LinkHealth(link), isCutOver: false });
  }

  async replication(deployment: string): ReturnType<DataPlane['replication']> {
    const known = this.#deployments.get(deployment);
    if (!known || known.isCutOver) return { state: 'stopped', lagSeconds: null, lagBytes: null };
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
    const { link } = deployment;
    const deadline = this.#clock.now() + cut.timeoutMs;
    const { blue, green } = link;
    const traffic =
      this.#options.mode === 'pause'
        ? pauseTraffic(this.#endpoints, cut.pairs, blue, green, this.#clock, this.#options.holdMs ?? 5_000)
        : cutTraffic(this.#endpoints, cut.pairs, blue, green);
    const result = await cutOver(link, traffic, deadline, this.#clock);
    if (!result.done) return result;
    deployment.isCutOver = true;
    await disconnectLink(link);
    await admitSessions(blue, true);
    return result;
  }

  async endReplication(name: string): Promise<void> {
    const deployment = this.#deployments.get(name);
    if (!deployment) return;
    await disconnectLink(deployment.link);
    if (!deployment.isCutOver) await setReadOnly(deployment.link.green, false);
    this.#deployments.delete(name);
  }

  /** Sessions that are open keep what they began with, so they are ended when writing is forbidden. */
  async setWritable(resourceId: string, writable: boolean): Promise<void> {
    const database = this.database(resourceId);
    await setReadOnly(database, !writable);
    if (!writable) await endSessions(database, 5_000);
  }

  async isWritable(resourceId: string): Promise<boolean> {
    return !(await isReadOnly(this.database(resourceId)));
  }

  async removeDatabase(resourceId: string): Promise<void> {
    const database = this.#databases.get(resourceId);
    if (!database) return;
    for (const name of this.#endpoints.leadingTo(resourceId)) this.#endpoints.point(name, undefined);
    this.#databases.delete(resourceId);
    await database.sql.end();
    await this.workspace.remove(database.server);
  }

  async takeSnapshot(resourceId: string, _snapshot: string): Promise<void> {
    this.database(resourceId);
  }

  #deployment(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (!deployment) throw new Error(`no green was built for ${name}`);
    return deployment;
  }
}
