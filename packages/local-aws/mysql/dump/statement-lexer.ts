/** Where text is not plain: in a quote, which its own sign ends, or in a comment. */
type Inside = 'plain' | 'comment' | "'" | '"' | '`';

/** Blanks of ASCII only: in a line that is read byte by byte, a blank of another kind is a part of a letter. */
const AROUND = /^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g;

/** Comments whose text a server of a version runs are plain text; those that say version 99 are run by none. */
const COMMENT = String.raw`\/\*(?!M?!)|\/\*M?!99\d{4}|--(?=[ \t]|$)|#`;

/**
 * Cuts a dump into statements, line by line, as the client of MySQL and MariaDB does: the delimiter ends a statement unless it stands in a quote or in a
 * comment, and `DELIMITER` sets another one. Lines are bytes as one letter each: no encoding in which such a dump is written (UTF-8, latin1 and others that
 * `SET NAMES` takes) uses the signs that matter here within a letter, except for sjis, gbk and big5, which the loader refuses.
 */
export class StatementLexer {
  /** Whether a backslash escapes in strings: not under `NO_BACKSLASH_ESCAPES`. */
  escapes = true;
  #delimiter = ';';
  #token = tokenFor(';');
  #inside: Inside = 'plain';
  #pieces: string[] = [];

  /** Nothing of a statement has been read yet. */
  get isBetween(): boolean {
    return this.#pieces.length === 0 && this.#inside !== 'comment';
  }

  /** Takes a line; gives the statements that it ends, without their delimiters. Comments between statements belong to none. */
  take(line: string): string[] {
    const set = this.isBetween ? /^\s*DELIMITER\s+(\S+)/i.exec(line)?.[1] : undefined;
    if (set !== undefined) {
      this.#delimiter = set;
      this.#token = tokenFor(set);
      return [];
    }
    const ended: string[] = [];
    // Text from `start` on has not been kept yet.
    let start = 0;
    for (let at = 0; at < line.length; ) {
      const inside = this.#inside;
      if (inside !== 'plain') {
        at = this.#leave(line, at);
        // A comment that nothing stands before belongs to no statement.
        if (inside === 'comment' && this.#pieces.length === 0) start = at;
        continue;
      }
      const found = this.#next(line, at);
      if (!found) break;
      const { text, begin } = found;
      at = begin + text.length;
      if (text === this.#delimiter) {
        this.#keep(line.slice(start, begin));
        ended.push(this.#pieces.join('').replace(AROUND, ''));
        this.#pieces = [];
        start = at;
      } else if (text === '--' || text === '#') {
        this.#keep(line.slice(start, begin));
        start = line.length;
        break;
      } else {
        this.#inside = text.startsWith('/*') ? 'comment' : (text as Inside);
        if (this.#inside === 'comment') {
          this.#keep(line.slice(start, begin));
          start = begin;
        }
      }
    }
    const isComment = this.#inside === 'comment' && this.#pieces.length === 0;
    if (!isComment) this.#keep(`${line.slice(start)}\n`);
    return ended.filter((statement) => statement !== '');
  }

  /** Blanks between two statements belong to neither. */
  #keep(piece: string): void {
    if (this.#pieces.length > 0 || piece.replace(AROUND, '') !== '') this.#pieces.push(piece);
  }

  #next(line: string, from: number): { text: string; begin: number } | undefined {
    this.#token.lastIndex = from;
    const match = this.#token.exec(line);
    return match ? { text: match[0], begin: match.index } : undefined;
  }

  /** @returns where what we are inside of ends in this line, or the line's own end */
  #leave(line: string, from: number): number {
    const end = this.#inside === 'comment' ? '*/' : this.#inside;
    if (this.#inside === 'comment' || this.#inside === '`' || !this.escapes) {
      const found = line.indexOf(end, from);
      if (found < 0) return line.length;
      this.#inside = 'plain';
      return found + end.length;
    }
    const pattern = this.#inside === "'" ? /\\.|'/g : /\\.|"/g;
    pattern.lastIndex = from;
    for (let match = pattern.exec(line); match; match = pattern.exec(line)) {
      if (match[0] !== end) continue;
      this.#inside = 'plain';
      return pattern.lastIndex;
    }
    return line.length;
  }
}

/** What matters in plain SQL: beginnings of quotes and comments, and the delimiter. */
function tokenFor(delimiter: string): RegExp {
  return new RegExp(`${delimiter.replaceAll(/\W/g, '\\$&')}|['"\`]|${COMMENT}`, 'g');
}
