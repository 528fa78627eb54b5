/** Where SQL text is not plain: inside which kind of quote or comment. */
type Inside =
  | { kind: 'plain' }
  | { kind: 'quote'; end: string }
  | { kind: 'escaped-quote' }
  | { kind: 'comment'; depth: number };

const PLAIN: Inside = { kind: 'plain' };

/** What matters in plain SQL: beginnings of quotes and comments, brackets, the end of a statement, words, commands of psql. */
const TOKEN =
  /[eE]'|'|"|--|\/\*|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|[();\\]|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/g;

/** Blanks of ASCII only: in a line that is read byte by byte, a blank of another kind is a part of a letter. */
const AROUND = /^[ \t\r\n\f\v]+|[ \t\r\n\f\v]+$/g;

/** A command of psql stands behind a statement on its line, such as `SELECT 1 \gexec`. The message is the command. */
export class CommandInStatement extends Error {}

/**
 * Cuts SQL into statements, line by line, as psql does: a semicolon ends a statement unless it stands in a quote, a comment,
 * brackets, or the body of a function that begins with BEGIN ATOMIC. Lines may be text, or bytes as one letter each: every
 * encoding in which a server keeps text has the letters of ASCII for themselves only.
 */
export class StatementLexer {
  /** Whether a backslash escapes in every string: `standard_conforming_strings` is off, as dumps before PostgreSQL 9.1 have it. */
  escapesInStrings = false;
  #inside: Inside = PLAIN;
  #brackets = 0;
  #blocks = 0;
  #pieces: string[] = [];
  #words: string[] = [];
  #lastWord = '';

  /** Nothing of a statement has been read yet. */
  get isBetween(): boolean {
    return this.#pieces.length === 0 && this.#inside.kind === 'plain';
  }

  /**
   * Takes a line; gives the statements that it ends, without their semicolons and comments.
   * @throws CommandInStatement
   */
  take(line: string): string[] {
    const ended: string[] = [];
    // Text from `start` on has not been kept yet. A comment is stepped over.
    let start = this.#inside.kind === 'comment' ? line.length : 0;
    for (let token = this.#nextToken(line, 0); token; token = this.#nextToken(line, token.end)) {
      if (token.text === '--' || token.text === '/*') {
        this.#keep(line.slice(start, token.end - 2));
        start = line.length;
        if (token.text === '--') break;
      } else if (token.text === '*/') {
        start = token.end;
      } else if (token.text === '\\') {
        throw new CommandInStatement(line.slice(token.end - 1));
      } else if (token.text === ';' && this.#brackets <= 0 && this.#blocks === 0) {
        this.#keep(line.slice(start, token.end - 1));
        ended.push(this.#begin());
        start = token.end;
      }
    }
    this.#keep(`${line.slice(start)}\n`);
    return ended.filter((statement) => statement !== '');
  }

  /** Blanks between two statements belong to neither. */
  #keep(piece: string): void {
    if (this.#pieces.length > 0 || piece.replace(AROUND, '') !== '') this.#pieces.push(piece);
  }

  /** @returns the statement that has ended; the next one begins. */
  #begin(): string {
    const statement = this.#pieces.join('').replace(AROUND, '');
    this.#pieces = [];
    this.#words = [];
    this.#lastWord = '';
    this.#brackets = 0;
    this.#blocks = 0;
    return statement;
  }

  /** The next thing that may matter, or `undefined` when the rest of the line holds none. */
  #nextToken(line: string, from: number): { text: string; end: number } | undefined {
    if (this.#inside.kind !== 'plain') return this.#leave(line, from);
    TOKEN.lastIndex = from;
    const match = TOKEN.exec(line);
    if (!match) return undefined;
    const [text] = match;
    this.#enter(text);
    return { text, end: TOKEN.lastIndex };
  }

  #enter(token: string): void {
    if (token === "'" && this.escapesInStrings) this.#inside = { kind: 'escaped-quote' };
    else if (token === "'" || token === '"') this.#inside = { kind: 'quote', end: token };
    else if (token.startsWith('$')) this.#inside = { kind: 'quote', end: token };
    else if (token.endsWith("'")) this.#inside = { kind: 'escaped-quote' };
    else if (token === '/*') this.#inside = { kind: 'comment', depth: 1 };
    else if (token === '(') this.#brackets += 1;
    else if (token === ')') this.#brackets -= 1;
    else if (token !== ';' && token !== '--' && token !== '\\') this.#noteWord(token.toUpperCase());
  }

  /**
   * Only functions have bodies with semicolons of their own; CASE ends with END as well. Words in brackets count for nothing: an argument
   * may be named begin, and what a bracket opens it also closes.
   */
  #noteWord(word: string): void {
    const before = this.#lastWord;
    this.#lastWord = word;
    if (this.#words.length < 4) this.#words.push(word);
    const [create, ...kinds] = this.#words;
    if (create !== 'CREATE' || !kinds.some((kind) => kind === 'FUNCTION' || kind === 'PROCEDURE')) return;
    if (this.#brackets > 0) return;
    if ((word === 'ATOMIC' && before === 'BEGIN') || (word === 'CASE' && this.#blocks > 0)) this.#blocks += 1;
    else if (word === 'END' && this.#blocks > 0) this.#blocks -= 1;
  }

  #leave(line: string, from: number): { text: string; end: number } | undefined {
    const inside = this.#inside;
    if (inside.kind === 'quote') {
      const end = line.indexOf(inside.end, from);
      if (end < 0) return undefined;
      this.#inside = PLAIN;
      return { text: '', end: end + inside.end.length };
    }
    const pattern = inside.kind === 'escaped-quote' ? /\\.|'/g : /\/\*|\*\//g;
    pattern.lastIndex = from;
    const match = pattern.exec(line);
    if (!match) return undefined;
    if (inside.kind === 'comment')
      return { text: this.#nest(inside.depth, match[0]), end: pattern.lastIndex };
    if (match[0] === "'") this.#inside = PLAIN;
    return { text: '', end: pattern.lastIndex };
  }

  /** Comments may stand in comments; only the end of the outermost one is an end. */
  #nest(depth: number, mark: string): string {
    const inner = depth + (mark === '/*' ? 1 : -1);
    this.#inside = inner === 0 ? PLAIN : { kind: 'comment', depth: inner };
    return inner === 0 ? mark : '';
  }
}
