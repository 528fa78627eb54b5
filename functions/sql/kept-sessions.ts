/**
 * Milliseconds that a session waits for the next question. The steps of the cut and of going back follow each other within seconds, and
 * signing in is most of what a short question costs. A sandbox that was asleep longer finds a connection that nobody answers for.
 */
export const keptFor = 30_000;

/** What a driver can do with its sessions. */
interface Driver<Client> {
  /** Whether the server at the other end still answers; a rejection is a no. */
  answers(client: Client): Promise<unknown>;
  /** Says goodbye without waiting for the server to go: that would take as long as a short question. */
  end(client: Client): void;
  /** Whether the session keeps the process alive. */
  hold(client: Client, alive: boolean): void;
}

interface Kept<Client> {
  client: Client;
  /** By the wall clock: it goes on while the sandbox sleeps. */
  since: number;
}

/** Sessions of one driver that questions leave to each other. */
export class KeptSessions<Client> {
  readonly #driver: Driver<Client>;
  readonly #idle = new Map<string, Kept<Client>>();

  constructor(driver: Driver<Client>) {
    this.#driver = driver;
  }

  /** A session that an earlier question of this sandbox has left and that still answers. It is nobody else's until it is kept again. */
  async take(key: string): Promise<Client | undefined> {
    const kept = this.#idle.get(key);
    if (!kept) return undefined;
    this.#idle.delete(key);
    const { client, since } = kept;
    this.#driver.hold(client, true);
    const answers = Date.now() - since < keptFor && (await this.#answers(client));
    if (answers) return client;
    this.end(client);
    return undefined;
  }

  /** Leaves a session to the next question, without keeping the process alive for it. */
  keep(key: string, client: Client): void {
    const other = this.#idle.get(key);
    if (other) this.end(other.client);
    this.#idle.set(key, { client, since: Date.now() });
    this.#driver.hold(client, false);
  }

  /** Ends every session that is kept and meant: no question follows it, and it would look like a client of a database that is left alone. */
  endAll(isMeant: (key: string) => boolean): void {
    for (const [key, { client }] of this.#idle) {
      if (!isMeant(key)) continue;
      this.#idle.delete(key);
      this.end(client);
    }
  }

  end(client: Client): void {
    this.#driver.hold(client, false);
    this.#driver.end(client);
  }

  async #answers(client: Client): Promise<boolean> {
    try {
      await this.#driver.answers(client);
      return true;
    } catch {
      return false;
    }
  }
}
