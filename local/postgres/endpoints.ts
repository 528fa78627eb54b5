import { Endpoint, type Target } from './endpoint.ts';

/** Ports that are open before a name asks for one: an address is wanted at once, opening a port takes a moment. */
const SPARES = 16;

/** All endpoints by name, and which database each leads to. */
export class Endpoints {
  readonly #named = new Map<string, Endpoint>();
  readonly #resources = new Map<string, string>();
  readonly #spares: Endpoint[] = [];
  #opening: Promise<unknown> = Promise.resolve();

  static async open(): Promise<Endpoints> {
    const endpoints = new Endpoints();
    await endpoints.#refill();
    return endpoints;
  }

  /** The endpoint of a name; its port is the name's for ever. */
  named(name: string): Endpoint {
    const known = this.#named.get(name) ?? this.#spares.pop();
    if (!known) throw new Error(`more than ${SPARES} new endpoint names at once: ${name}`);
    this.#named.set(name, known);
    this.#opening = this.#opening.then(() => this.#refill());
    return known;
  }

  /** Leads a name to a database, or nowhere. */
  point(name: string, to: { resourceId: string; target: Target } | undefined): void {
    if (to) this.#resources.set(name, to.resourceId);
    else this.#resources.delete(name);
    this.named(name).point(to?.target);
  }

  /** Names that lead to this database. */
  leadingTo(resourceId: string): string[] {
    return [...this.#resources].filter(([, resource]) => resource === resourceId).map(([name]) => name);
  }

  async close(): Promise<void> {
    await this.#opening;
    await Promise.all([...this.#named.values(), ...this.#spares].map((endpoint) => endpoint.close()));
  }

  async #refill(): Promise<void> {
    while (this.#spares.length < SPARES) this.#spares.push(await Endpoint.open());
  }
}
