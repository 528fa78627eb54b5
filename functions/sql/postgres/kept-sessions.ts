import type pg from 'pg';

/**
 * Milliseconds that a session waits for the next question. The steps of the cut and of going back follow each other within seconds, and
 * signing in is most of what a short question costs. A sandbox that was asleep longer finds a connection that nobody answers for.
 */
export const keptFor = 30_000;

/** What the driver has and its types lack: whether the socket keeps the process alive. */
export type Client = pg.Client & { ref(): void; unref(): void };

interface Kept {
  client: Client;
  /** By the wall clock: it goes on while the sandbox sleeps. */
  since: number;
}

const idle = new Map<string, Kept>();

/** A session that an earlier question of this sandbox has left and that still answers. It is nobody else's until it is kept again. */
export async function takeSession(key: string): Promise<Client | undefined> {
  const kept = idle.get(key);
  if (!kept) return undefined;
  idle.delete(key);
  kept.client.ref();
  const answers = Date.now() - kept.since < keptFor && (await kept.client.query('SELECT').catch(() => false));
  if (answers) return kept.client;
  endSession(kept.client);
  return undefined;
}

/** Leaves a session to the next question, without keeping the process alive for it. */
export function keepSession(key: string, client: Client): void {
  const other = idle.get(key);
  if (other) endSession(other.client);
  idle.set(key, { client, since: Date.now() });
  client.unref();
}

/** Ends every session that is kept and meant: no question follows it, and it would look like a client of a database that is left alone. */
export function endKeptSessions(isMeant: (key: string) => boolean): void {
  for (const [key, { client }] of idle) {
    if (!isMeant(key)) continue;
    idle.delete(key);
    endSession(client);
  }
}

/** Says goodbye without waiting for the server to go: that would take as long as a short question. */
export function endSession(client: Client): void {
  client.unref();
  client.end().catch(() => {});
}
