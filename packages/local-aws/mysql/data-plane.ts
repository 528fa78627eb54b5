import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Sample } from '../metric-store.ts';
import type { DataPlane } from '../rds/data-plane.ts';
import { lateAfter, realClock } from '../real-clock.ts';
import { type ClientRoles, Endpoint } from '../servers/endpoints/endpoint.ts';
import { Endpoints } from '../servers/endpoints/endpoints.ts';
import { endpointsOnOwnAddresses } from '../servers/endpoints/own-addresses.ts';
import { cutTraffic } from '../servers/endpoints/traffic.ts';
import { ServerDataPlane } from '../servers/server-data-plane.ts';
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
  /** Gives every name an address of its own, as RDS does: a CNAME can name an address, and no port. */
  addresses?: boolean;
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
export class MysqlDataPlane extends ServerDataPlane<Database, TableComparison> implements DataPlane {
  readonly workspace: MysqlWorkspace;
  readonly #clock: Clock;
  readonly #options: MysqlOptions;
  readonly #deployments = new Map<string, Deployment>();
  readonly #cuts = new Map<string, Cut>();
  readonly #connections: ConnectionRecorder | undefined;

  private constructor(workspace: MysqlWorkspace, endpoints: Endpoints, options: MysqlOptions) {
    super(endpoints, rolesOf(options));
    this.workspace = workspace;
    this.#options = options;
    this.#clock = options.clock ?? realClock;
    this.#connections = options.clock && new ConnectionRecorder(options.clock);
  }

  static async open(options: MysqlOptions): Promise<MysqlDataPlane> {
    const workspace = await MysqlWorkspace.open(options.find, { keep: options.keep ?? false });
    const now = () => (options.clock ?? realClock).now();
    const roles = rolesOf(options);
    const openOne = options.addresses ? endpointsOnOwnAddresses(roles) : () => Endpoint.open({ roles });
    return new MysqlDataPlane(workspace, await Endpoints.open(openOne, now), options);
  }

  protected endSessions(): void {
    this.#connections?.stop();
    for (const { sql } of this.databases.values()) sql.end();
  }

  protected endServers(): Promise<void> {
    return this.workspace.dispose();
  }

  async createDatabase(resourceId: string, engineVersion: string): Promise<void> {
    if (this.databases.has(resourceId)) throw new Error(`there is a database ${resourceId} already`);
    const server = await this.workspace.startServer(resourceId, engineVersion);
    await this.#add(resourceId, engineVersion, server);
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
    // Old blue is held by `read_only`, and nobody is kept from its address.
    const sides = { ...link, onlyToOldBlue: undefined, staleForMs: cut.staleForMs ?? 0 };
    const traffic = cutTraffic(this.endpoints, cut.pairs, sides);
    const result = await cutOver(link, traffic, () => this.#clock.now() > deadline);
    if (!result.done) return result;
    deployment.isCutOver = true;
    this.#cuts.set(cut.deployment, result);
    this.keepComparison(cut.deployment, compareSides(result.views));
    return { done: true };
  }

  /** How the cut went; undefined without one. Works after the deployment has ended. */
  cutOf(deployment: string): Pick<Cut, 'windowMs'> | undefined {
    return this.#cuts.get(deployment);
  }

  /** Where the log of new production stood when it was opened, as the service tells it. */
  logPosition(deployment: string): { file: string; position: number } | undefined {
    return this.#cuts.get(deployment)?.coordinates;
  }

  /** Blue and green of a deployment that has not ended. */
  link(deployment: string): Link {
    return this.#deployment(deployment).link;
  }

  async endReplication(name: string): Promise<void> {
    const deployment = this.#deployments.get(name);
    if (!deployment) return;
    const { link, isCutOver } = deployment;
    if (!isCutOver && this.databases.has(link.green.resourceId)) {
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

  /** What the service sets by the parameter group is in force from the first moment on the other server, too: no name leads there meanwhile. */
  async failOver(resourceId: string): Promise<void> {
    const database = this.database(resourceId);
    const readOnly = await isReadOnly(database);
    await database.server.crash();
    database.sql.end();
    await database.server.start();
    database.sql = await database.server.connect();
    await setReadOnly(database, readOnly);
  }

  measured(resourceId: string, metric: string): Sample[] {
    return metric === 'DatabaseConnections' ? (this.#connections?.of(resourceId) ?? []) : [];
  }

  async removeDatabase(resourceId: string): Promise<void> {
    const database = await this.forget(resourceId);
    if (!database) return;
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
    this.databases.set(resourceId, database);
    this.#connections?.follow(database);
  }

  #deployment(name: string): Deployment {
    const deployment = this.#deployments.get(name);
    if (!deployment) throw new Error(`no green was built for ${name}`);
    return deployment;
  }
}
