/**
 * The little of the frontend/backend protocol that a proxy must understand.
 * Source: PostgreSQL documentation, "Message Formats".
 */

const SSL_REQUEST = 80877103;
const GSS_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;

/** Cuts a stream into messages; every message keeps its header. */
export class MessageStream {
  /** A client's first messages have no type byte in front of their length. */
  typed: boolean;
  #rest: Buffer = Buffer.alloc(0);

  constructor(typed: boolean) {
    this.typed = typed;
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
  }

  /** The next complete message; what is untyped is asked for one by one, as each may change the rest's form. */
  next(): Buffer | undefined {
    const header = this.typed ? 1 : 0;
    if (this.#rest.length < header + 4) return undefined;
    const length = header + this.#rest.readInt32BE(header);
    if (this.#rest.length < length) return undefined;
    const message = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return message;
  }
}

/** One-letter type of a typed message. */
export const typeOf = (message: Buffer): string => String.fromCharCode(message[0] ?? 0);

/** What a client's untyped message is. */
export function openingKind(message: Buffer): 'encryption' | 'cancel' | 'startup' {
  const code = message.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return 'encryption';
  return code === CANCEL_REQUEST ? 'cancel' : 'startup';
}

/** Process id and secret of a session, as CancelRequest and BackendKeyData both carry them. */
export const cancelKeyIn = (cancelRequest: Buffer): string => cancelRequest.subarray(8).toString('hex');
export const cancelKeyOf = (backendKeyData: Buffer): string => backendKeyData.subarray(5).toString('hex');

export function cancelRequest(key: string): Buffer {
  const body = Buffer.from(key, 'hex');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + body.length, 0);
  head.writeInt32BE(CANCEL_REQUEST, 4);
  return Buffer.concat([head, body]);
}

/** Parameters of a startup message: user, database, options and settings. */
export function startupParameters(startup: Buffer): Map<string, string> {
  const texts = startup.subarray(8).toString('utf8').split('\0');
  const parameters = new Map<string, string>();
  for (let i = 0; i + 1 < texts.length && texts[i]; i += 2)
    parameters.set(texts[i] ?? '', texts[i + 1] ?? '');
  return parameters;
}

/** The same startup message with other parameters. */
export function startupWith(startup: Buffer, parameters: Map<string, string>): Buffer {
  const text = [...parameters].map(([name, value]) => `${name}\0${value}\0`).join('');
  const body = Buffer.from(`${text}\0`, 'utf8');
  const head = Buffer.from(startup.subarray(0, 8));
  head.writeInt32BE(8 + body.length, 0);
  return Buffer.concat([head, body]);
}

export const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** Text of a Query or Parse message. */
export function sqlIn(message: Buffer): string {
  const body = message.subarray(5).toString('utf8');
  return typeOf(message) === 'Q' ? body.slice(0, -1) : (body.split('\0')[1] ?? '');
}

/** Name of the prepared statement that a Parse message makes, or that a Close message ends; empty for the unnamed one. */
export function statementIn(message: Buffer): string {
  const start = typeOf(message) === 'C' ? 6 : 5;
  return message.subarray(start, message.indexOf(0, start)).toString('utf8');
}
