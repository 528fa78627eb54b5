import type { EngineFamily } from '../model/engine.ts';

/** A piece of a statement. Comments and blanks are none. */
export interface Token {
  kind: 'word' | 'name' | 'text' | 'number' | 'parameter' | 'mark';
  text: string;
  /** Where it begins, in characters from the beginning of the text. */
  at: number;
}

/** A text that cannot be taken apart: a quotation mark or a comment that does not end, or a comment that some servers execute. */
export class UnreadableSql extends Error {
  readonly at: number;

  constructor(what: string, at: number) {
    super(what);
    this.at = at;
  }
}

interface Form {
  kind: Token['kind'] | 'nothing';
  /** Matches at a place (sticky). */
  form: RegExp;
}

const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const number = /(?:0x[\da-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)/iy;
const blank: Form = { kind: 'nothing', form: /\s+/y };

/**
 * By the lexical rules of each family (PostgreSQL manual, "Lexical Structure", with standard_conforming_strings; MySQL manual, "Language Structure", without
 * ANSI_QUOTES). The first that matches counts. In MySQL two dashes begin a comment only before a blank.
 */
const forms: Record<EngineFamily, readonly Form[]> = {
  postgresql: [
    blank,
    { kind: 'nothing', form: /--[^\n\r]*/y },
    { kind: 'text', form: /e'(?:[^'\\]|\\[\s\S]|'')*'/iy },
    { kind: 'text', form: /(?:u&|[bxn])?'(?:[^']|'')*'/iy },
    { kind: 'text', form: /\$([\p{L}_][\p{L}\p{N}_]*)?\$[\s\S]*?\$\1\$/uy },
    { kind: 'name', form: /(?:u&)?"(?:[^"]|"")*"/iy },
    { kind: 'parameter', form: /\$\d+/y },
    { kind: 'number', form: number },
    { kind: 'word', form: word },
  ],
  mysql: [
    blank,
    { kind: 'nothing', form: /(?:--(?=[\s]|$)|#)[^\n\r]*/y },
    { kind: 'text', form: /(?:_[a-z\d]+|[bxn])?'(?:[^'\\]|\\[\s\S]|'')*'/iy },
    { kind: 'text', form: /"(?:[^"\\]|\\[\s\S]|"")*"/y },
    { kind: 'name', form: /`(?:[^`]|``)*`/y },
    { kind: 'parameter', form: /\?/y },
    { kind: 'number', form: number },
    { kind: 'word', form: word },
  ],
};

/**
 * Takes a text of SQL apart, as the server would.
 * @throws UnreadableSql where it ends within quotation marks or a comment, or holds a comment that servers execute (MySQL, `/*!`)
 */
export function readTokens(sql: string, family: EngineFamily): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const comment = endOfComment(sql, at, family);
    if (comment !== undefined) {
      at = comment;
      continue;
    }
    const found = match(sql, at, family);
    if (found.kind !== 'nothing') tokens.push({ kind: found.kind, text: found.text, at });
    at += found.text.length;
  }
  return tokens;
}

function match(sql: string, at: number, family: EngineFamily): { kind: Form['kind']; text: string } {
  for (const { kind, form } of forms[family]) {
    form.lastIndex = at;
    const [text] = form.exec(sql) ?? [];
    if (text !== undefined) return { kind, text };
  }
  const text = String.fromCodePoint(sql.codePointAt(at) ?? 0);
  if (/['"`]/.test(text)) throw new UnreadableSql('a quotation mark is not closed', at);
  return { kind: 'mark', text };
}

/** Comments nest in PostgreSQL. A hint to the planner is one like others. */
function endOfComment(sql: string, at: number, family: EngineFamily): number | undefined {
  if (!sql.startsWith('/*', at)) return undefined;
  if (family === 'mysql' && /^\/\*M?!/.test(sql.slice(at, at + 4)))
    throw new UnreadableSql('a comment /*! that servers execute is not taken', at);
  let depth = 0;
  for (let place = at; place < sql.length; ) {
    if (sql.startsWith('*/', place)) {
      depth -= 1;
      place += 2;
      if (depth === 0) return place;
    } else if (sql.startsWith('/*', place) && (depth === 0 || family === 'postgresql')) {
      depth += 1;
      place += 2;
    } else place += 1;
  }
  throw new UnreadableSql('a comment is not closed', at);
}

/** The line on which a place of a text stands, from 1. */
export const lineOf = (sql: string, at: number): number => sql.slice(0, at).split('\n').length;
