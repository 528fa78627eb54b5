import { StaleNames } from '../../rds/stale-names.ts';
import type { Admission, Endpoint, Only, Target } from './endpoint.ts';

/** Ports that are open before a name asks for one: an address is wanted at once, opening a port takes a moment. */
const SPARES = 16;

/** All endpoints by name, and which database each leads to. */
export class Endpoints {
  readonly #openOne: () => Promise<Endpoint>;
  readonly #named = new Map<string, Endpoint>();
  readonly #resources = new Map<string, string>();
  readonly #targets = new Map<string, Target>();
  readonly #old = new StaleNames<string>();
  readonly #now: () => number;
  /** Names behind which applications reach nothing, and who does. */
  readonly #closed = new Map<string, Only>();
  readonly #spares: Endpoint[] = [];
  #opening: Promise<unknown> = Promise.resolve();

  private constructor(openOne: () => Promise<Endpoint>, now: () => number) {
    this.#openOne = openOne;
    this.#now = now;
  }

  /**
   * @param openOne makes the kind of endpoint that is wanted.
   * @param now of the clock by which old answers of name servers end
   */
  static async open(openOne: () => Promise<Endpoint>, now: () => number): Promise<Endpoints> {
    const endpoints = new Endpoints(openOne, now);
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

  /** The endpoint that has an address of its own; none where all share one. */
  at(address: string): Endpoint | undefined {
    return [...this.#named.values()].find((endpoint) => endpoint.address === address);
  }

  /**
   * Leads a name to a database, or nowhere; perhaps for some only.
   * @param staleForMs for so long new connections go where the name led before, which is all that is left of an old answer here
   */
  point(
    name: string,
    to: { resourceId: string; target: Target } | undefined,
    only?: Only,
    staleForMs = 0,
  ): void {
    const before = this.#resources.get(name);
    if (before !== to?.resourceId) this.#old.keep(name, before, this.#now(), staleForMs);
    this.assign(name, to?.resourceId);
    if (to) this.#targets.set(to.resourceId, to.target);
    if (to && only) this.#closed.set(name, only);
    const endpoint = this.named(name);
    endpoint.point(to?.target, only);
    endpoint.answerBy(() => this.#oldAnswer(name));
  }

  /** A client comes in there as its names admit it: a security group is one of the server and not of a name. */
  #oldAnswer(name: string): { target: Target; admission: Admission } | undefined {
    const resourceId = this.#old.of(name, this.#now());
    const target = resourceId === undefined ? undefined : this.#targets.get(resourceId);
    return resourceId !== undefined && target
      ? { target, admission: this.admissionTo(resourceId) }
      : undefined;
  }

  /** Notes where a name leads, when its endpoint is moved by other means than `point`. */
  assign(name: string, resourceId: string | undefined): void {
    this.#closed.delete(name);
    if (resourceId === undefined) this.#resources.delete(name);
    else this.#resources.set(name, resourceId);
  }

  /** Ends the guard of a database: by the names that were open to the service only, applications come in as well. */
  endGuard(resourceId: string): void {
    for (const name of this.leadingTo(resourceId)) {
      if (this.#closed.get(name) !== 'service') continue;
      this.#closed.delete(name);
      this.named(name).admitEverybody();
    }
  }

  /** Whom the names of a database admit together. */
  admissionTo(resourceId: string): Admission {
    const admissions = this.leadingTo(resourceId).map((name) => this.#closed.get(name) ?? 'everybody');
    const order = ['everybody', 'service', 'functions'] as const;
    return order.find((one) => admissions.includes(one)) ?? 'nobody';
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
    while (this.#spares.length < SPARES) this.#spares.push(await this.#openOne());
  }
}
