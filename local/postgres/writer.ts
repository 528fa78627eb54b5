import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  ACCOUNTS,
  ADD_ITEMS,
  CHARGE_ACCOUNT,
  LOG_ORDER,
  PLACE_ORDER,
  SINGLE_WRITE,
} from './workload-schema.ts';
import type { FromWriters, ToWriters, WriterOptions } from './writer-messages.ts';

/**
 * The process of the writers: clients of an application, in a process of their own so that nothing that the rehearsal
 * computes delays them. It ends with its parent: a writer that survives would write into the next run.
 */
class Writer {
  readonly #id: number;
  readonly #options: WriterOptions;
  readonly #report: (message: FromWriters) => void;
  #client: pg.Client | undefined;
  #stopping = false;

  constructor(id: number, options: WriterOptions, report: (message: FromWriters) => void) {
    this.#id = id;
    this.#options = options;
    this.#report = report;
  }

  /** Writes one key after the other until told to stop; the key in hand is brought to its end. */
  async run(): Promise<void> {
    for (let n = 1; !this.#stopping; n += 1) {
      await this.#writeUntilAcknowledged(n);
      await sleep(this.#options.thinkMs);
    }
    await this.#client?.end().catch(() => {});
  }

  stop(): void {
    this.#stopping = true;
  }

  /**
   * Whatever error came, the same key is tried again on a new connection. When it is found then, an earlier attempt
   * was committed although the client was told otherwise.
   */
  async #writeUntilAcknowledged(n: number): Promise<void> {
    for (;;) {
      try {
        this.#client ??= await this.#connect();
        const isNew =
          n % 2 === 0 ? await this.#transaction(this.#client, n) : await this.#single(this.#client, n);
        this.#report({ kind: 'acknowledged', writer: this.#id, n, at: now(), wasThere: !isNew });
        return;
      } catch (failure) {
        const code = (failure as { code?: string }).code ?? 'connection lost';
        this.#report({ kind: 'error', writer: this.#id, code, at: now() });
        this.#client?.end().catch(() => {});
        this.#client = undefined;
        await sleep(this.#options.reconnectMs);
      }
    }
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...this.#options.connection, application_name: `writer ${this.#id}` });
    client.on('error', () => {});
    await client.connect();
    return client;
  }

  async #single(client: pg.Client, n: number): Promise<boolean> {
    const { rowCount } = await client.query(SINGLE_WRITE, [this.#id, n, this.#account(n)]);
    return rowCount === 1;
  }

  async #transaction(client: pg.Client, n: number): Promise<boolean> {
    await client.query('BEGIN');
    const placed = await client.query<{ id: string }>(PLACE_ORDER, [this.#id, n, this.#account(n)]);
    const order = placed.rows[0]?.id;
    if (order === undefined) {
      await client.query('ROLLBACK');
      return false;
    }
    await client.query(ADD_ITEMS, [order]);
    await client.query(CHARGE_ACCOUNT, [this.#account(n)]);
    await client.query(LOG_ORDER, [this.#id, n, order]);
    await client.query('COMMIT');
    return true;
  }

  #account(n: number): number {
    return 1 + ((this.#id * 7919 + n * 104729) % ACCOUNTS);
  }
}

/** Real time with a resolution below a millisecond, the same in both processes. */
const now = () => performance.timeOrigin + performance.now();

/** Messages are sent in bundles: one a write would cost the writers more than the write itself. */
const bundle: FromWriters[] = [];
const flush = () => {
  // When the parent is gone nobody misses the message, and 'disconnect' follows.
  if (bundle.length > 0 && process.connected) process.send?.(bundle.splice(0), () => {});
};

const writers: Writer[] = [];

async function start(options: WriterOptions): Promise<void> {
  for (let id = options.firstWriter; id < options.firstWriter + options.writers; id += 1) {
    writers.push(new Writer(id, options, (message) => bundle.push(message)));
  }
  const timer = setInterval(flush, 50);
  await Promise.all(writers.map((writer) => writer.run()));
  clearInterval(timer);
  flush();
  process.disconnect();
}

process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToWriters) => {
  if (message.kind === 'start') void start(message.options);
  else for (const writer of writers) writer.stop();
});
