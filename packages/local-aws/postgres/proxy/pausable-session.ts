import type { Socket } from 'node:net';
import { Backend } from './backend.ts';
import { SYNC, sqlIn, startupParameters, startupWith, statementIn, typeOf } from './wire.ts';

/** Statements whose effect lives in the session, so that a session that ran one cannot be moved to another server. */
const SESSION_STATE =
  /(^|;)\s*(set\s+(?!local\b|transaction\b)|listen\b|prepare\b(?!\s+transaction\b)|create\s+(local\s+|global\s+)?temp|discard\b)|pg_advisory_lock|set_config\s*\(|with\s+hold\b/i;

/**
 * A client's session that can wait between two transactions and go on with another server. It counts what it asks for against what was
 * answered: it is between transactions when every request has its ReadyForQuery and the last one said "idle".
 *
 * A client between the two commits of a two-phase one is not between transactions: no server but this one can finish what it has prepared.
 *
 * Prepared statements are made again on the other server. Other session state (settings, temporary tables, LISTEN, advisory
 * locks) cannot be carried over, and neither can replication connections: such sessions are reset instead.
 */
export class PausableSession {
  readonly client: Socket;
  readonly startup: Buffer;
  readonly isReplication: boolean;
  /** The server has ended it. */
  onEnd: () => void = () => {};
  #backend: Backend;
  /** The session on the other server, ready and unused. */
  #next: Backend | undefined;
  /** Requests that are not answered yet. */
  #open = 0;
  #inTransaction = false;
  /** It has prepared a transaction and not finished it. */
  #hasPrepared = false;
  /** Parts of an extended query were passed on that no Sync has ended yet. */
  #unfinished = false;
  #isHeld = false;
  #isOver = false;
  #hasState = false;
  readonly #waiting: Buffer[] = [];
  readonly #statements = new Map<string, Buffer>();

  constructor(client: Socket, startup: Buffer, backend: Backend) {
    this.client = client;
    this.startup = startup;
    this.isReplication = startupParameters(startup).has('replication');
    this.#backend = backend;
    client.write(Buffer.concat(backend.greeting));
    client.on('drain', () => this.#backend.socket.resume());
    this.#attach(backend);
  }

  get pid(): number {
    return this.#backend.pid;
  }

  get cancelTarget(): { port: number; key: string } {
    return { port: this.#backend.port, key: this.#backend.cancelKey };
  }

  get isResting(): boolean {
    return this.#open === 0 && !this.#inTransaction && !this.#hasPrepared && !this.#unfinished;
  }

  get isMovable(): boolean {
    return !this.#hasState && !this.isReplication;
  }

  /** Passes a client's message on, or keeps it while the session is held. */
  take(message: Buffer): void {
    if (this.#isOver) return;
    if (this.#isHeld && this.isResting) this.#waiting.push(message);
    else this.#forward(message);
  }

  /** From now on nothing is passed on once the session rests. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Signs in on another server, as the same user; `writable` lifts a read-only default for this session. */
  async warm(port: number, writable: boolean): Promise<void> {
    const parameters = startupParameters(this.startup);
    if (writable) {
      const options = `${parameters.get('options') ?? ''} -c default_transaction_read_only=off`;
      parameters.set('options', options.trim());
    }
    this.#next = await Backend.open(port, startupWith(this.startup, parameters));
    this.#next.onClose = () => this.close();
  }

  /** Makes the prepared statements on the other server; a session where that fails is not moved. */
  async carryStatements(): Promise<void> {
    if (!this.#next || this.#statements.size === 0) return;
    await this.#next.exchange([...this.#statements.values(), SYNC], (message) => {
      if (typeOf(message) === 'E') this.#hasState = true;
    });
  }

  /** Goes on with the other server; a session that cannot is reset, and its client connects anew. */
  move(): void {
    const next = this.#next;
    if (!next || next.socket.destroyed || !this.isMovable) {
      this.close();
      return;
    }
    this.#next = undefined;
    this.#backend.end();
    this.#backend = next;
    // The other server's settings, such as its version, are news to the client.
    this.client.write(Buffer.concat(next.greeting.filter((message) => typeOf(message) === 'S')));
    this.#attach(next);
    this.#release();
  }

  /** Goes on with the same server. */
  resume(): void {
    this.#next?.end();
    this.#next = undefined;
    this.#release();
  }

  /** Gives its server session up while it is held at rest; a session that could not go on with another one is reset. */
  park(): void {
    if (this.isMovable) this.#backend.end();
    else this.close();
  }

  /** After {@link park}: signs in anew and goes on there. */
  async unpark(port: number): Promise<void> {
    this.#next = await Backend.open(port, this.startup);
    await this.carryStatements();
    this.move();
  }

  close(): void {
    this.#backend.end();
    this.#next?.end();
    this.client.resetAndDestroy();
  }

  #release(): void {
    this.#isHeld = false;
    for (const message of this.#waiting.splice(0)) this.#forward(message);
  }

  #attach(backend: Backend): void {
    backend.onMessage = (message) => this.#answer(message);
    backend.onClose = () => this.#finish();
    backend.socket.on('drain', () => this.client.resume());
  }

  /** Nothing more is read for a server that is gone, and a client that is paused would never be seen to leave. */
  #finish(): void {
    this.#isOver = true;
    this.client.end();
    this.client.resume();
    this.onEnd();
  }

  #forward(message: Buffer): void {
    this.#note(message);
    if (!this.#backend.socket.write(message)) this.client.pause();
  }

  #note(message: Buffer): void {
    const type = typeOf(message);
    if (type === 'Q' || type === 'S' || type === 'F') this.#open += 1;
    if ('PBDECH'.includes(type)) this.#unfinished = true;
    else if (type === 'S') this.#unfinished = false;
    if ((type === 'Q' || type === 'P') && SESSION_STATE.test(sqlIn(message))) this.#hasState = true;
    if (type === 'P' && statementIn(message) !== '') this.#statements.set(statementIn(message), message);
    if (type === 'C' && message[5] === 0x53) this.#statements.delete(statementIn(message));
  }

  #noteCompleted(command: string): void {
    if (command === 'PREPARE TRANSACTION') this.#hasPrepared = true;
    else if (command === 'COMMIT PREPARED' || command === 'ROLLBACK PREPARED') this.#hasPrepared = false;
  }

  #answer(message: Buffer): void {
    if (typeOf(message) === 'C') this.#noteCompleted(message.subarray(5, -1).toString('utf8'));
    if (typeOf(message) === 'Z') {
      this.#open -= 1;
      this.#inTransaction = message[5] !== 0x49;
    }
    if (!this.client.write(message)) this.#backend.socket.pause();
  }
}
