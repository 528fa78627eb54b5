import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connectTo } from '../../../packages/local-aws/mysql/connection.ts';

/** Clients that write one key after the other, each until it is acknowledged, and look first whether an attempt before has written it. */
export class Writers {
  readonly acknowledged: string[] = [];
  #port: number;
  #stopping = false;
  #paused = false;
  #running: Promise<unknown> = Promise.resolve();

  private constructor(port: number) {
    this.#port = port;
  }

  static async start(port: number, count: number): Promise<Writers> {
    const writers = new Writers(port);
    writers.#running = Promise.all(Array.from({ length: count }, (_, index) => writers.#write(index + 1)));
    await writers.until(1);
    return writers;
  }

  /** From the next key on, or the next error. */
  goTo(port: number): void {
    this.#port = port;
  }

  /** Nobody begins another key until {@link goOn}. */
  pause(): void {
    this.#paused = true;
  }

  goOn(): void {
    this.#paused = false;
  }

  /** Waits until so many keys are acknowledged. The test's own timeout ends it. */
  async until(count: number): Promise<void> {
    while (this.acknowledged.length < count) await sleep(10);
  }

  async stop(): Promise<{ acknowledged: string[] }> {
    this.#stopping = true;
    await this.#running;
    return { acknowledged: this.acknowledged };
  }

  async #write(writer: number): Promise<void> {
    let open: { port: number; session: Connection } | undefined;
    for (let n = 1; !this.#stopping; ) {
      if (this.#paused) {
        await sleep(5);
        continue;
      }
      try {
        if (open?.port !== this.#port) {
          open?.session.end();
          const port = this.#port;
          open = { port, session: await connectTo({ port, user: 'app', database: 'app' }) };
        }
        const { session } = open;
        const there = await session.query('SELECT id FROM orders WHERE writer = ? AND n = ?', [writer, n]);
        if (there.length === 0) {
          await session.query('START TRANSACTION');
          await session.query('INSERT INTO orders (writer, n, note) VALUES (?, ?, ?)', [
            writer,
            n,
            `${writer}-${n}`,
          ]);
          await session.query('INSERT INTO items (code, part, price, data) VALUES (?, ?, ?, ?)', [
            `w${writer}`,
            n,
            (n * 1.25).toFixed(2),
            JSON.stringify({ n }),
          ]);
          await session.query('COMMIT');
        }
        this.acknowledged.push(`${writer}/${n}`);
        n += 1;
        await sleep(5);
      } catch {
        open?.session.end();
        open = undefined;
        await sleep(20);
      }
    }
    open?.session.end();
  }
}
