import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNTS } from '../../packages/local-aws/servers/workload.ts';
import { type Client, type Kind, now } from './clients/client.ts';
import { kindOf } from './clients/client-kinds.ts';
import type { FromWriters, ToWriters, WriterOptions } from './writer-messages.ts';

/**
 * The process of the writers: clients of an application, in a process of their own so that nothing that the rehearsal
 * computes delays them. It ends with its parent: a writer that survives would write into the next run.
 */
class Writer {
  readonly #id: number;
  readonly #kind: Kind;
  readonly #options: WriterOptions;
  readonly #report: (message: FromWriters) => void;
  /** The client and the port that it has connected to. */
  #opened: { port: number; client: Promise<Client> } | undefined;
  #oldPort: number | null = null;
  #stopping = false;

  constructor(id: number, options: WriterOptions, report: (message: FromWriters) => void) {
    this.#id = id;
    this.#kind = kindOf(id, options.kinds);
    this.#options = options;
    this.#report = report;
  }

  /** Writes until told to stop; the keys in hand are brought to their end. */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#kind.lanes }, (_, lane) => this.#runLane(lane)));
    await this.#leave();
  }

  stop(): void {
    this.#stopping = true;
  }

  /** From the next key on; a client does not resolve a name again while its connection is good, so this one gives it up. */
  goTo(oldPort: number | null): void {
    this.#oldPort = oldPort;
  }

  /** One logical client, that writes one key after the other. */
  async #runLane(lane: number): Promise<void> {
    const { lanes } = this.#kind;
    for (let n = 1 + lane; !this.#stopping; n += lanes) {
      await this.#writeUntilAcknowledged(n);
      await sleep(this.#options.thinkMs);
    }
  }

  /**
   * Whatever error came, the same key is tried again on a new connection. When it is found then, an earlier attempt
   * was committed although the client was told otherwise.
   */
  async #writeUntilAcknowledged(n: number): Promise<void> {
    const writer = this.#id;
    for (;;) {
      const opened = await this.#reach();
      const atOld = opened.port !== this.#options.connection.port;
      try {
        const client = await opened.client;
        const { isNew, server, askedAt } = await client.write({ writer, n, account: accountOf(writer, n) });
        const wasThere = !isNew;
        this.#report({ kind: 'acknowledged', writer, n, at: now(), wasThere, server, askedAt, atOld });
        return;
      } catch (failure) {
        const code = codeOf(failure as Error & { code?: string });
        this.#report({ kind: 'error', writer, code, at: now(), atOld });
        // A pool gives up its broken connection by itself.
        if (this.#kind.lanes === 1 && this.#opened === opened) await this.#leave();
        await sleep(this.#options.reconnectMs);
      }
    }
  }

  /** The connection that is there, unless the address has changed meanwhile. */
  async #reach(): Promise<{ port: number; client: Promise<Client> }> {
    const { connection } = this.#options;
    const port = this.#oldPort ?? connection.port;
    if (this.#opened && this.#opened.port !== port) await this.#leave();
    if (!this.#opened) {
      const client = this.#kind.connect({ ...connection, port, application_name: `writer ${this.#id}` });
      // Its failure is told to each that waits for it.
      client.catch(() => {});
      this.#opened = { port, client };
    }
    return this.#opened;
  }

  /** What still waits in it fails, and is tried again. A connection that is broken may never say that it has ended, so nobody waits. */
  async #leave(): Promise<void> {
    const left = this.#opened;
    this.#opened = undefined;
    const client = await left?.client.catch(() => undefined);
    client?.end().catch(() => {});
  }
}

/** Its SQLSTATE or network code. Drivers give none for a connection that ended, nor for what they gave up themselves, which is named by their words. */
function codeOf({ code, message }: Error & { code?: string }): string {
  if (code) return code;
  return /timeout/i.test(message) ? message : 'connection lost';
}

function accountOf(writer: number, n: number): number {
  return 1 + ((writer * 7919 + n * 104729) % ACCOUNTS);
}

/** Messages are sent in bundles: one a write would cost the writers more than the write itself. */
const bundle: FromWriters[] = [];
const flush = () => {
  // When the parent is gone nobody misses the message, and 'disconnect' follows.
  if (bundle.length > 0 && process.connected) process.send?.(bundle.splice(0), () => {});
};

const writers = new Map<number, Writer>();

/** Every second writer keeps old addresses; over the list of kinds that are those which override a read-only default, and one of the others. */
const keepsOldAddresses = (id: number) => id % 2 === 0;

async function start(options: WriterOptions): Promise<void> {
  for (let id = options.firstWriter; id < options.firstWriter + options.writers; id += 1) {
    writers.set(id, new Writer(id, options, (message) => bundle.push(message)));
  }
  const timer = setInterval(flush, 50);
  await Promise.all([...writers.values()].map((writer) => writer.run()));
  clearInterval(timer);
  flush();
  process.disconnect();
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWriters) => {
  if (message.kind === 'start') void start(message.options);
  else
    for (const [id, writer] of writers) {
      if (message.kind === 'stop') writer.stop();
      else if (keepsOldAddresses(id)) writer.goTo(message.port);
    }
});
