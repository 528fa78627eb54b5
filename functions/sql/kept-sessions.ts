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

/** What a session was opened for: the server's resource id first, then everything else by which sessions differ. */
type Key = readonly [resourceId: string, ...unknown[]];

interface Kept<Client> {
  resourceId: string;
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

  /**
   * Does the work in the session that an earlier question has left, or else in a new one, and leaves it to the next question unless the work fails.
   * @param signIn opens a new one
   */
  async use<T>(key: Key, signIn: () => Promise<Client>, work: (client: Client) => Promise<T>): Promise<T> {
    const text = JSON.stringify(key);
    const client = (await this.#take(text)) ?? (await signIn());
    try {
      const result = await work(client);
      this.#keep(text, key[0], client);
      return result;
    } catch (error) {
      this.end(client);
      throw error;
    }
  }

  /** A session that an earlier question of this sandbox has left and that still answers. It is nobody else's until it is kept again. */
  async #take(key: string): Promise<Client | undefined> {
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
  #keep(key: string, resourceId: string, client: Client): void {
    const other = this.#idle.get(key);
    if (other) this.end(other.client);
    this.#idle.set(key, { resourceId, client, since: Date.now() });
    this.#driver.hold(client, false);
  }

  /** Ends every session that is kept of a server: no question follows, and it would look like a client of a database that is left alone. */
  leave(server: { resourceId: string }): void {
    for (const [key, { resourceId, client }] of this.#idle) {
      if (resourceId !== server.resourceId) continue;
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
