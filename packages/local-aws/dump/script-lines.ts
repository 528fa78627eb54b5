const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Reads a stream line by line, and whole blocks of lines where nobody needs to see the single ones. */
export class ScriptLines {
  readonly #chunks: AsyncIterator<Buffer>;
  /** Number of the line that was read last. */
  number = 0;
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Whether lines end with CR and LF, as the first one does. In a file of other lines a CR before an LF belongs to the text. */
  #returns: boolean | undefined;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next line without its end; `undefined` at the end of the stream. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const end = this.#chunk.indexOf(NEWLINE, this.#at);
      if (end >= 0) return this.#step(end);
      if (await this.#extend()) continue;
      return this.#at < this.#chunk.length ? this.#step(this.#chunk.length) : undefined;
    }
  }

  /** Blocks of whole lines up to the line that is exactly this text; that one is read but not given. */
  async *until(text: string): AsyncGenerator<Buffer> {
    const last = Buffer.from(text);
    let begin = this.#at;
    for (;;) {
      const end = this.#chunk.indexOf(NEWLINE, this.#at);
      if (end >= 0) {
        const start = this.#at;
        if (!this.#step(end).equals(last)) continue;
        if (start > begin) yield this.#chunk.subarray(begin, start);
        return;
      }
      if (this.#at > begin) yield this.#chunk.subarray(begin, this.#at);
      const extended = await this.#extend();
      begin = this.#at;
      if (extended) continue;
      if (this.#step(this.#chunk.length).equals(last)) return;
      throw new Error(`the file ends before "${text}"`);
    }
  }

  /** Reads the line that ends here. */
  #step(end: number): Buffer {
    const line = this.#chunk.subarray(this.#at, end);
    this.#at = Math.min(end + 1, this.#chunk.length);
    this.number += 1;
    this.#returns ??= line.at(-1) === RETURN;
    return this.#returns && line.at(-1) === RETURN ? line.subarray(0, -1) : line;
  }

  /** Gets more of the stream behind the part of a line that is there; false at the end. */
  async #extend(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    const rest = this.#chunk.subarray(this.#at);
    this.#chunk = rest.length === 0 ? value : Buffer.concat([rest, value]);
    this.#at = 0;
    return true;
  }
}
