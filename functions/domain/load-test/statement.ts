import { createHash } from 'node:crypto';
import type { EngineFamily } from '../model/engine.ts';
import { foreignText, oneLine } from '../model/text.ts';
import { longestText } from './progress.ts';
import { lineOf, readTokens, type Token, UnreadableSql } from './sql-text.ts';

/** A statement of the user. Its text goes to the databases and nowhere else: it may hold values. */
export interface Statement {
  text: string;
  /** By which people and programs know it again: of its text without values, 16 hexadecimal digits. */
  digest: string;
  /** Its text without values, on one line, cut. */
  shown: string;
  /** It has parameters whose values are not known. */
  hasParameters: boolean;
}

/** Words of which a statement that only reads has none, unless as a function: `REPLACE(…)`. */
const writing = ['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'REPLACE', 'INTO', 'CALL'];
const reading = ['SELECT', 'WITH', 'VALUES', 'TABLE'];

const isWord = (token: Token | undefined, ...words: string[]): boolean =>
  token?.kind === 'word' && words.includes(token.text.toUpperCase());
const isMark = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'mark' && token.text === text;

/** Why these tokens are no statement that only reads, as far as a text shows it: the server has the last say. Undefined: they are one. */
function findFault(tokens: readonly Token[]): string | undefined {
  const first = tokens.find((token) => !isMark(token, '('));
  if (!isWord(first, ...reading))
    return `begins with ${first?.kind === 'word' ? foreignText(first.text.toUpperCase(), 20) : 'no word of SQL'}, and only SELECT, WITH, VALUES and TABLE are run; take it out`;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (isWord(token, 'FOR') && isWord(next, 'UPDATE', 'SHARE', 'NO', 'KEY'))
      return 'locks rows (FOR UPDATE, FOR SHARE), which applications would wait for; take the lock out';
    if (isWord(token, 'LOCK') && isWord(next, 'IN'))
      return 'locks rows (LOCK IN SHARE MODE), which applications would wait for; take the lock out';
    const isColumn = isMark(tokens[index - 1], '.');
    if (isWord(token, ...writing) && !isMark(next, '(') && !isColumn)
      return `holds the word ${token.text.toUpperCase()}, as statements that write do; take it out, or put a name between quotation marks`;
  }
  return undefined;
}

/**
 * Reads one statement.
 * @returns a text: why it cannot be run, and what to do
 */
export function readStatement(text: string, family: EngineFamily): Statement | string {
  if (text.length > longestFile) return `is longer than ${longestFile / 1_024} KiB; shorten it`;
  try {
    const tokens = readTokens(text, family);
    const end = tokens.findIndex((token) => isMark(token, ';'));
    const own = end < 0 ? tokens : tokens.slice(0, end);
    if (own.length < tokens.length - 1) return 'is more than one statement; run one at a time';
    return findFault(own) ?? describe(text.slice(0, end < 0 ? undefined : tokens[end]?.at), own, family);
  } catch (error) {
    if (error instanceof UnreadableSql) return `${error.message}; close it or take it out`;
    throw error;
  }
}

function describe(text: string, tokens: readonly Token[], family: EngineFamily): Statement {
  const plain = withoutValues(tokens, family);
  return {
    text,
    digest: createHash('sha256').update(`${family}\n${plain}`).digest('hex').slice(0, 16),
    shown: oneLine(plain, longestText),
    hasParameters: tokens.some(({ kind }) => kind === 'parameter'),
  };
}

/** A statement with a question mark for each value, and one for a list of them. Lengths of lists would make many statements of one. */
function withoutValues(tokens: readonly Token[], family: EngineFamily): string {
  const pieces = tokens.map((token, index) => {
    const before = tokens[index - 1];
    // An operator of several characters is one, and a bracket right behind a name belongs to a function: `<>`, `count(*)`.
    const isJoined =
      before !== undefined &&
      before.at + before.text.length === token.at &&
      ((isOperator(before) && isOperator(token)) || (before.kind === 'word' && isMark(token, '(')));
    return `${index > 0 && !isJoined ? ' ' : ''}${plainText(token, family)}`;
  });
  return pieces
    .join('')
    .replace(/\?(?: ?, \?)+/g, '?, …')
    .replace(/ ?\. ?/g, '.')
    .replace(/ ([,)])/g, '$1')
    .replace(/\( /g, '(');
}

const isOperator = ({ kind, text }: Token): boolean => kind === 'mark' && !/[(),.;]/.test(text);

function plainText({ kind, text }: Token, family: EngineFamily): string {
  if (kind === 'text' || kind === 'number') return '?';
  return kind === 'parameter' && family === 'mysql' ? '?' : text;
}

/** Of a file: the most bytes, and the most statements. */
export const longestFile = 65_536;
export const mostStatements = 25;

/** Statements of a file, or everything that is wrong with it, each as a sentence with the number and the line of its statement. */
export type FileReading = { statements: Statement[] } | { problems: string[] };

/** Takes a file apart at its semicolons. What it holds is told by numbers, lines and words of SQL, never by values. */
export function readFile(sql: string, family: EngineFamily): FileReading {
  let tokens: Token[];
  try {
    tokens = readTokens(sql, family);
  } catch (error) {
    if (!(error instanceof UnreadableSql)) throw error;
    return { problems: [`line ${lineOf(sql, error.at)}: ${error.message}; close it or take it out`] };
  }
  const pieces = piecesOf(sql, tokens);
  const read = pieces.map(({ text, at }, index): Statement | string => {
    const where = `statement ${index + 1} (line ${lineOf(sql, at)})`;
    const statement = readStatement(text, family);
    if (typeof statement === 'string') return `${where} ${statement}`;
    return statement.hasParameters
      ? `${where} has a parameter, whose value nobody knows; write a value, or take "statements": "top"`
      : statement;
  });
  const problems = read.filter((one) => typeof one === 'string');
  if (pieces.length === 0)
    problems.push('it holds no statement; write SELECT statements, each with a ; behind it');
  if (pieces.length > mostStatements)
    problems.push(`it holds ${pieces.length} statements; keep the ${mostStatements} that matter most`);
  return problems.length > 0
    ? { problems: problems.slice(0, 12) }
    : { statements: read.filter((one) => typeof one !== 'string') };
}

function piecesOf(sql: string, tokens: readonly Token[]): { text: string; at: number }[] {
  const pieces: { text: string; at: number }[] = [];
  let at: number | undefined;
  for (const token of tokens) {
    if (!isMark(token, ';')) at ??= token.at;
    else if (at !== undefined) {
      pieces.push({ text: sql.slice(at, token.at), at });
      at = undefined;
    }
  }
  if (at !== undefined) pieces.push({ text: sql.slice(at), at });
  return pieces;
}
