import { once } from 'node:events';
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';

/** Where an endpoint leads: a server's loopback port. */
export interface Target {
  port: number;
}

/**
 * An endpoint as RDS has it: a name whose port stays while the server behind it changes. Connections are passed on
 * byte by byte. Leading it elsewhere resets the connections that are open.
 */
export class Endpoint {
  readonly port: number;
  readonly #listener: Listener;
  readonly #sockets = new Set<Socket>();
  #target: Target | undefined;

  private constructor(listener: Listener) {
    this.#listener = listener;
    const address = listener.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    listener.on('connection', (client) => this.#accept(client));
  }

  /** Opens a port that leads nowhere yet. */
  static async open(): Promise<Endpoint> {
    const listener = createServer({ noDelay: true });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Endpoint(listener);
  }

  /** Resets what is open; new connections lead to `target`, and are refused when there is none. */
  point(target: Target | undefined): void {
    this.#target = target;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.point(undefined);
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #accept(client: Socket): void {
    if (!this.#target) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ port: this.#target.port, host: '127.0.0.1', noDelay: true });
    this.#pass(client, server);
    this.#pass(server, client);
  }

  #pass(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
