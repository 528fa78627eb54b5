import { connect, type Socket } from 'node:net';
import { cancelKeyOf, MessageStream, typeOf } from './wire.ts';

/** A server refused a session; `answer` is the protocol's message, which the client is to be told. */
export class SessionRefused extends Error {
  readonly answer: Buffer;

  constructor(answer: Buffer) {
    super(`the server refused the session: ${answer.subarray(5).toString('utf8').replaceAll('\0', ' ')}`);
    this.answer = answer;
  }
}

/** One session on a server, signed in. Whoever holds it sets what happens with messages and with the end. */
export class Backend {
  readonly port: number;
  readonly socket: Socket;
  /** Everything that the server said until it was ready for the first query. */
  readonly greeting: Buffer[] = [];
  pid = 0;
  cancelKey = '';
  onMessage: (message: Buffer) => void = () => {};
  onClose: () => void = () => {};

  private constructor(port: number) {
    this.port = port;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const messages = new MessageStream(true);
    this.socket.on('data', (chunk) => {
      messages.push(chunk);
      for (let message = messages.next(); message; message = messages.next()) this.onMessage(message);
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.onClose());
  }

  /** Signs in with a client's startup message. The servers trust whoever reaches their loopback port: no password is asked. */
  static async open(port: number, startup: Buffer): Promise<Backend> {
    const backend = new Backend(port);
    try {
      await backend.exchange([startup], (message) => backend.#greet(message));
      return backend;
    } catch (failure) {
      backend.end();
      throw failure;
    }
  }

  /** Sends messages and takes the answers up to and with the next ReadyForQuery. */
  exchange(messages: Buffer[], take: (message: Buffer) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.onClose = () => reject(new Error('the server ended the session'));
      this.onMessage = (message) => {
        try {
          take(message);
          if (typeOf(message) === 'Z') resolve();
        } catch (failure) {
          reject(failure);
        }
      };
      this.socket.write(Buffer.concat(messages));
    });
  }

  end(): void {
    this.onClose = () => {};
    this.onMessage = () => {};
    this.socket.destroy();
  }

  #greet(message: Buffer): void {
    this.greeting.push(message);
    if (typeOf(message) === 'E') throw new SessionRefused(message);
    if (typeOf(message) !== 'K') return;
    this.pid = message.readInt32BE(5);
    this.cancelKey = cancelKeyOf(message);
  }
}
