import { once } from 'node:events';
import { connect, createServer, type Server as Listener, type Socket } from 'node:net';

/** Only the functions that operate the database, or only the clients that the local RDS admits to an old blue that it guards. */
export type Only = 'functions' | 'service';
export type Admission = 'everybody' | Only | 'nobody';

/** A security group looks at where a client comes from; on one machine all come from one address, so it is told by its sign-in. */
export interface ClientRoles {
  /** Roles that the functions sign in as. */
  functions?: readonly string[];
  /** Roles that a replication between the two sides signs in as. A guarded old blue admits them, and a security group for functions does not. */
  replication?: readonly string[];
  /** How the family's clients sign in. A closed endpoint admits nobody without it. */
  signIn?: SignIn;
}

/** How a client signs in, as far as it is read who it is. */
export interface SignIn {
  /** The server speaks first, so it is reached before it is known who comes. */
  serverFirst: boolean;
  /** The user that the first thing names that a client says. */
  userIn(first: Buffer): string;
  /** Roles of the service itself, which a guarded old blue admits. */
  ownRoles: readonly string[];
}

/** How an endpoint is opened. */
export interface EndpointOptions {
  /** Its address; 127.0.0.1 by default. */
  host?: string;
  /** Roles that a closed endpoint lets through; none by default. */
  roles?: ClientRoles;
}

function admittedRoles({
  functions = [],
  replication = [],
  signIn,
}: ClientRoles): Record<Only, readonly string[]> {
  return { functions, service: [...(signIn?.ownRoles ?? []), ...functions, ...replication] };
}

/** Where an endpoint leads: a loopback port, of 127.0.0.1 where no address is given. */
export interface Target {
  readonly port: number;
  readonly address?: string;
}

/** Opens a free port of a loopback address. */
export async function listen(host = '127.0.0.1'): Promise<Listener> {
  const listener = createServer({ noDelay: true });
  listener.listen(0, host);
  await once(listener, 'listening');
  return listener;
}

/**
 * An endpoint as RDS has it: a port that stays while the server behind it changes. Connections are passed on byte by
 * byte. Leading it elsewhere resets the connections that are open.
 */
export class Endpoint {
  readonly port: number;
  readonly address: string;
  protected target: Target | undefined;
  #only: Only | undefined;
  #oldAnswer: () => { target: Target; admission: Admission } | undefined = () => undefined;
  readonly #listener: Listener;
  readonly #clients = new Set<Socket>();
  readonly #admitted: Record<Only, readonly string[]>;
  readonly #signIn: SignIn | undefined;

  protected constructor(listener: Listener, roles: ClientRoles = {}) {
    this.#listener = listener;
    this.#admitted = admittedRoles(roles);
    this.#signIn = roles.signIn;
    const address = listener.address();
    this.port = typeof address === 'object' && address ? address.port : 0;
    this.address = typeof address === 'object' && address ? address.address : '';
    listener.on('connection', (client) => this.#meet(client));
  }

  /** Opens a port that leads nowhere yet. */
  static async open({ host, roles }: EndpointOptions = {}): Promise<Endpoint> {
    return new Endpoint(await listen(host), roles);
  }

  /**
   * Resets what is open; new connections lead to `target`, and are refused when there is none.
   * @param only nobody else is let through
   */
  point(target: Target | undefined, only?: Only): void {
    this.target = target;
    this.#only = only;
    for (const client of this.#clients) client.resetAndDestroy();
  }

  /** New connections go by an old answer of the name servers, as long as one is given. */
  answerBy(oldAnswer: () => { target: Target; admission: Admission } | undefined): void {
    this.#oldAnswer = oldAnswer;
  }

  /** From now on everybody is let through; who is there stays. */
  admitEverybody(): void {
    this.#only = undefined;
  }

  /** Who is let through. */
  protected admission(): Admission {
    return this.#only ?? 'everybody';
  }

  async close(): Promise<void> {
    this.point(undefined);
    await new Promise((resolve) => this.#listener.close(resolve));
  }

  #meet(client: Socket): void {
    client.on('error', () => {});
    const now = { target: this.target, admission: this.admission() };
    const { target, admission } = this.#oldAnswer() ?? now;
    const signIn = this.#signIn;
    if (!target || admission === 'nobody' || (admission !== 'everybody' && !signIn)) {
      client.resetAndDestroy();
      return;
    }
    this.#clients.add(client);
    client.on('close', () => this.#clients.delete(client));
    if (admission === 'everybody' || !signIn) this.accept(client, target);
    else this.#admit(client, target, signIn, this.#admitted[admission]);
  }

  #admit(client: Socket, target: Target, signIn: SignIn, roles: readonly string[]): void {
    const server = signIn.serverFirst ? this.#reach(client, target) : undefined;
    server?.pipe(client);
    client.once('data', (first) => {
      if (!roles.includes(signIn.userIn(first))) {
        client.resetAndDestroy();
        return;
      }
      client.pause();
      client.unshift(first);
      if (server) client.pipe(server);
      else this.accept(client, target);
    });
  }

  /** Connects a client with the server that the endpoint leads to. */
  protected accept(client: Socket, target: Target): void {
    client.pipe(this.#reach(client, target)).pipe(client);
  }

  #reach(client: Socket, target: Target): Socket {
    const server = connect({ port: target.port, host: target.address ?? '127.0.0.1', noDelay: true });
    client.on('close', () => server.destroy());
    server.on('error', () => client.resetAndDestroy());
    server.on('close', () => client.end());
    return server;
  }
}
