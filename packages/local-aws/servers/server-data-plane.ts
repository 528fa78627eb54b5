import type { ClientRoles, Target } from './endpoints/endpoint.ts';
import type { Endpoints } from './endpoints/endpoints.ts';
import { HostEndpoint } from './endpoints/host-endpoint.ts';
import { type Led, lead } from './endpoints/traffic.ts';

/** Databases on real servers, the names that lead to them, and how rows compared at each cut; the rest is a family's own. */
export abstract class ServerDataPlane<Database extends Led, Comparison> {
  protected readonly endpoints: Endpoints;
  protected readonly databases = new Map<string, Database>();
  readonly #roles: ClientRoles;
  readonly #hosts = new Map<string, Promise<HostEndpoint>>();
  readonly #comparisons = new Map<string, Promise<Comparison[]>>();
  #disposal: Promise<void> | undefined;

  /** @param roles by which a closed endpoint tells clients apart */
  protected constructor(endpoints: Endpoints, roles: ClientRoles) {
    this.endpoints = endpoints;
    this.#roles = roles;
  }

  /** Ends what the family holds beside the endpoints; its servers are ended by {@link endServers}. */
  protected abstract endSessions(): void;
  protected abstract endServers(): Promise<void>;

  /** Stops every server and deletes the folder, unless it is to be kept. May be called again, and in the midst of anything. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#end();
    return this.#disposal;
  }

  async #end(): Promise<void> {
    this.endSessions();
    await this.endpoints.close();
    for (const host of this.#hosts.values()) await (await host).close();
    await this.endServers();
  }

  /** The database of a resource id: for seeding, verification and breaking things on purpose. */
  database(resourceId: string): Database {
    const database = this.databases.get(resourceId);
    if (!database) throw new Error(`there is no database ${resourceId}`);
    return database;
  }

  endpoint(name: string): { address: string; port: number } {
    const { address, port } = this.endpoints.named(name);
    return { address, port };
  }

  /** Where connections to an address go, as a client does that has resolved a name to it. */
  listenerAt(address: string): Target | undefined {
    return this.endpoints.at(address);
  }

  /** The server's own address, which clients that keep an old answer of the name server use. */
  hostOf(resourceId: string): Promise<{ port: number }> {
    const { server } = this.database(resourceId);
    const host =
      this.#hosts.get(resourceId) ??
      HostEndpoint.of(server, () => this.endpoints.admissionTo(resourceId), this.#roles);
    this.#hosts.set(resourceId, host);
    return host;
  }

  /** Whether any name leads applications to this database: a database that no name leads to is not written to. */
  isReachable(resourceId: string): boolean {
    return this.endpoints.admissionTo(resourceId) === 'everybody';
  }

  async pointEndpoint(
    name: string,
    resourceId: string | undefined,
    only?: 'functions',
    staleForMs = 0,
  ): Promise<void> {
    const database = resourceId === undefined ? undefined : this.database(resourceId);
    lead(this.endpoints, name, database, only, staleForMs);
  }

  async endGuard(resourceId: string): Promise<void> {
    this.endpoints.endGuard(resourceId);
  }

  /** Whether old blue and new production held the same rows at the cut, table by table. Works after the deployment has ended; empty without a cut. */
  async comparisonAtCut(deployment: string): Promise<Comparison[]> {
    return this.#comparisons.get(deployment) ?? [];
  }

  /** Who asks for the comparison gets its failure; until then nobody does. */
  protected keepComparison(deployment: string, comparison: Promise<Comparison[]>): void {
    comparison.catch(() => {});
    this.#comparisons.set(deployment, comparison);
  }

  /** Lets no name lead to a database any more, and forgets it once no comparison reads it; undefined when it is gone already. */
  protected async forget(resourceId: string): Promise<Database | undefined> {
    const database = this.databases.get(resourceId);
    if (!database) return undefined;
    for (const name of this.endpoints.leadingTo(resourceId)) this.endpoints.point(name, undefined);
    await Promise.allSettled(this.#comparisons.values());
    this.databases.delete(resourceId);
    await (await this.#hosts.get(resourceId))?.close();
    return database;
  }
}
