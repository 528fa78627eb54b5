import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { type IsLate, realClock } from '../../real-clock.ts';
import { Endpoint, type EndpointOptions, listen, type Target } from '../../servers/endpoints/endpoint.ts';
import { Backend, SessionRefused } from './backend.ts';
import { PausableSession } from './pausable-session.ts';
import { cancelKeyIn, cancelRequest, MessageStream, openingKind, startupParameters } from './wire.ts';

/** An endpoint as a pausing proxy has it: sessions wait between two transactions while the server behind them changes. */
export class PausingEndpoint extends Endpoint {
  readonly #sessions = new Set<PausableSession>();
  /** By the key that the client was given first, which it keeps after a move. */
  readonly #cancelKeys = new Map<string, PausableSession>();
  /** Clients that have come while new ones are held. */
  #arrivals: (() => void)[] | undefined;
  #isParked = false;

  static override async open({ host, roles }: EndpointOptions = {}): Promise<PausingEndpoint> {
    return new PausingEndpoint(await listen(host), roles);
  }

  /** New clients wait from now on; those that are there go on. */
  holdArrivals(): void {
    this.#arrivals ??= [];
  }

  /** Opens a session on the other server for each one that is there. `isGated`: roles that stay read-only there. */
  async warm(target: Target, isGated: (role: string) => boolean): Promise<void> {
    const sessions = [...this.#sessions].filter((session) => session.isMovable);
    const warming = sessions.map((session) => {
      const role = startupParameters(session.startup).get('user') ?? '';
      return session.warm(target.port, !isGated(role));
    });
    await Promise.all(warming);
  }

  /** Resolves when no session is inside a transaction any more, and none can begin one. */
  async pause(isLate: IsLate): Promise<void> {
    for (const session of this.#sessions) {
      if (session.isReplication) session.close();
      else session.hold();
    }
    for (let busy = this.#busy(); busy.length > 0; busy = this.#busy()) {
      if (isLate()) {
        const pids = busy.map((session) => session.pid).join(', ');
        throw new Error(`${busy.length} sessions stayed inside a transaction (server processes ${pids})`);
      }
      await realClock.sleep(1);
    }
    await Promise.all([...this.#sessions].map((session) => session.carryStatements()));
  }

  /** Server processes of the sessions that are held. */
  held(): number[] {
    return [...this.#sessions].map((session) => session.pid);
  }

  /** Everybody goes on with the other server. */
  move(target: Target): void {
    this.target = target;
    for (const session of this.#sessions) session.move();
    this.#admit();
  }

  /** Everybody goes on where they were. */
  resume(): void {
    for (const session of this.#sessions) session.resume();
    this.#admit();
  }

  /**
   * As PAUSE of a pooler: everybody waits between two transactions, and no session is left on the server. When that is not reached in
   * time everybody goes on, and it rejects. May be repeated.
   */
  async park(isLate: IsLate): Promise<void> {
    if (this.#isParked) return;
    this.holdArrivals();
    try {
      await this.pause(isLate);
    } catch (failure) {
      this.resume();
      throw failure;
    }
    this.#isParked = true;
    for (const session of this.#sessions) session.park();
  }

  /** As RESUME of a pooler: everybody signs in on the server that is there now, and goes on. May be repeated. */
  async unpark(target: Target): Promise<void> {
    this.target = target;
    if (this.#isParked) {
      const sessions = [...this.#sessions];
      await Promise.all(sessions.map((session) => session.unpark(target.port).catch(() => session.close())));
      this.#isParked = false;
    }
    this.#admit();
  }

  override point(target: Target | undefined): void {
    super.point(target);
    this.#admit();
  }

  protected override accept(client: Socket): void {
    const messages = new MessageStream(false);
    let session: PausableSession | undefined;
    client.on('data', (chunk) => {
      messages.push(chunk);
      for (let message = messages.next(); message; message = messages.next()) {
        if (session) session.take(message);
        else if (messages.typed) continue;
        else if (openingKind(message) === 'encryption') client.write('N');
        else if (openingKind(message) === 'cancel') this.#cancel(client, message);
        else {
          messages.typed = true;
          this.#signIn(client, message).then((opened) => {
            session = opened;
          });
        }
      }
    });
  }

  /** A session that was being opened while sessions were held would escape the pause; it is opened again. */
  async #signIn(client: Socket, startup: Buffer): Promise<PausableSession | undefined> {
    for (;;) {
      const { target } = this;
      if (!target) return reset(client);
      if (this.#arrivals) {
        await new Promise<void>((resolve) => this.#arrivals?.push(resolve));
        continue;
      }
      const backend = await Backend.open(target.port, startup).catch((failure: Error) => failure);
      if (backend instanceof SessionRefused) {
        client.end(backend.answer);
        return undefined;
      }
      if (backend instanceof Error || client.destroyed) return reset(client, backend);
      if (target === this.target && !this.#arrivals) return this.#begin(client, startup, backend);
      backend.end();
    }
  }

  #begin(client: Socket, startup: Buffer, backend: Backend): PausableSession {
    const session = new PausableSession(client, startup, backend);
    const key = backend.cancelKey;
    this.#sessions.add(session);
    this.#cancelKeys.set(key, session);
    const forget = () => {
      this.#sessions.delete(session);
      this.#cancelKeys.delete(key);
    };
    session.onEnd = forget;
    client.on('close', () => {
      session.close();
      forget();
    });
    return session;
  }

  /** A client cancels by the key that it knows; the server that works for it now knows another one. */
  #cancel(client: Socket, request: Buffer): void {
    const session = this.#cancelKeys.get(cancelKeyIn(request));
    client.end();
    if (!session) return;
    const { port, key } = session.cancelTarget;
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('error', () => {});
    socket.end(cancelRequest(key));
  }

  #busy(): PausableSession[] {
    return [...this.#sessions].filter((session) => !session.isResting);
  }

  #admit(): void {
    const arrivals = this.#arrivals ?? [];
    this.#arrivals = undefined;
    for (const arrival of arrivals) arrival();
  }
}

function reset(client: Socket, backend?: Backend | Error): undefined {
  if (backend instanceof Backend) backend.end();
  client.resetAndDestroy();
  return undefined;
}
