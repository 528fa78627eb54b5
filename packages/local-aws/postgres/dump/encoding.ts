import { type Client, escapeLiteral } from 'pg';

/** Encodings of which the second byte of a letter can be a letter of ASCII, so that nothing can be cut without knowing them. */
const CLIENT_ONLY = new Set([
  'SJIS',
  'SHIFTJIS',
  'MSKANJI',
  'WIN932',
  'WINDOWS932',
  'SHIFTJIS2004',
  'SHIFT_JIS_2004',
  'BIG5',
  'WIN950',
  'WINDOWS950',
  'GBK',
  'WIN936',
  'WINDOWS936',
  'UHC',
  'WIN949',
  'WINDOWS949',
  'GB18030',
  'JOHAB',
]);

const UTF8 = new Set(['UTF8', 'UNICODE']);

const strict = new TextDecoder('utf-8', { fatal: true });

/** Text that cannot be read as the dump says it is. The message says why and what helps. */
export class NotThisEncoding extends Error {}

/**
 * The encoding of a script, as its own `SET client_encoding` says it. Statements are decoded here and sent as UTF-8; rows of COPY are sent as
 * they stand, and the COPY says their encoding. Both ways it is the server's own tables that convert.
 */
export class ScriptEncoding {
  readonly #client: Client;
  #name = 'UTF8';

  constructor(client: Client) {
    this.#client = client;
  }

  /** Name as PostgreSQL writes it. */
  get name(): string {
    return this.#name;
  }

  get isUtf8(): boolean {
    return UTF8.has(plain(this.#name));
  }

  /** @throws NotThisEncoding for one that cannot be cut into statements, or that the server does not know. */
  async set(name: string): Promise<void> {
    if (CLIENT_ONLY.has(plain(name)))
      throw new NotThisEncoding(
        `the encoding ${name} is none in which a server keeps text; make the dump with --encoding=UTF8`,
      );
    const known = await this.#client.query('SELECT pg_char_to_encoding($1) >= 0 AS known', [name]);
    if (!known.rows[0]?.known)
      throw new NotThisEncoding(`PostgreSQL knows no encoding "${name}"; make the dump with --encoding=UTF8`);
    this.#name = name;
  }

  /**
   * Text of a statement that was read byte by byte.
   * @throws NotThisEncoding when the bytes are none of this encoding
   */
  async decode(bytes: string): Promise<string> {
    if (isAscii(bytes)) return bytes;
    const buffer = Buffer.from(bytes, 'latin1');
    if (this.isUtf8 || plain(this.#name) === 'SQLASCII') return this.#readUtf8(buffer);
    try {
      const { rows } = await this.#client.query<{ text: string }>('SELECT convert_from($1, $2) AS text', [
        buffer,
        this.#name,
      ]);
      return rows[0]?.text ?? '';
    } catch (failure) {
      throw new NotThisEncoding((failure as Error).message);
    }
  }

  #readUtf8(buffer: Buffer): string {
    try {
      return strict.decode(buffer);
    } catch {
      throw new NotThisEncoding(
        `this is not UTF-8, and the dump names no other encoding before it${this.isUtf8 ? '' : ` (${this.#name} says nothing of letters beyond ASCII)`}; put SET client_encoding = '…' at its beginning, or make it with --encoding=UTF8`,
      );
    }
  }

  /** A COPY whose rows are in this encoding. Its own text is sent as UTF-8, like every statement, so that names are what they are. */
  ofCopy(sql: string): string {
    if (this.isUtf8 || /\bENCODING\s+'/i.test(sql)) return sql;
    const option = `ENCODING ${escapeLiteral(this.#name)}`;
    if (/\bFROM\s+stdin$/i.test(sql)) return `${sql} WITH (${option})`;
    return sql.endsWith(')') ? sql.replace(/\)$/, `, ${option})`) : `${sql} ${option}`;
  }
}

const plain = (name: string) => name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');

function isAscii(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte of ASCII is meant
  return /^[\x00-\x7f]*$/.test(text);
}
