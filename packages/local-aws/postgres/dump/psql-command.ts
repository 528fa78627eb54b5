import { unquote } from './dump-statement.ts';

/** What a line for psql asks for. */
export type PsqlCommand =
  /** Guards or decorates psql itself. */
  | { kind: 'none' }
  | { kind: 'connect'; database: string }
  | { kind: 'encoding'; name: string }
  /** Another script. `beside`: relative to the script that names it. */
  | { kind: 'include'; file: string; beside: boolean }
  /** `COPY … FROM stdin` whose rows are in a file of their own. */
  | { kind: 'copy'; sql: string; file: string }
  /** The same with the rows on the lines that follow. */
  | { kind: 'copy-here'; sql: string }
  /** Carries data, structure or conditions that nobody but psql can follow. */
  | { kind: 'refused'; because: string };

/** They change how psql prints or asks, and nothing in a database. */
const WITHOUT_EFFECT = new Set([
  ...['restrict', 'unrestrict', 'echo', 'qecho', 'warn', 'pset', 'timing', 'a', 'C', 'f', 'H', 't', 'T', 'x'],
  ...['errverbose', 'conninfo', 'prompt', 'set', 'unset', 'encoding', 'p', 'r', 'reset', 'print'],
]);

/** Reads a line that begins with a backslash. */
export function readCommand(line: string): PsqlCommand {
  const [, word = '', rest = ''] = /^\\(\S+)\s*(.*?)\s*$/s.exec(line) ?? [];
  if (word === 'connect' || word === 'c') return readConnect(rest);
  if (word === 'i' || word === 'include') return readInclude(rest, false);
  if (word === 'ir' || word === 'include_relative') return readInclude(rest, true);
  if (word === 'copy') return readCopy(rest);
  if (word === 'encoding' && rest) return { kind: 'encoding', name: bare(rest) };
  if (word === 'set' && isVariable(rest)) return refuse('variables of psql are not followed');
  if (WITHOUT_EFFECT.has(word)) return { kind: 'none' };
  return refuse(`psql's \\${word} is not followed`);
}

const refuse = (because: string): PsqlCommand => ({
  kind: 'refused',
  because: `${because}; run the script with psql into a database and give a dump of that one (pg_dump)`,
});

/** psql's own variables are in capitals, and change nothing but psql. Without a value it prints them. */
const isVariable = (rest: string) => /^[^\sA-Z]\S*\s+\S/.test(rest);

/** Takes a name, or the connection string that pg_dump writes for a name with awkward letters. */
function readConnect(rest: string): PsqlCommand {
  const text = rest.replace(/^-reuse-previous=\w+\s+/, '');
  const named = /\bdbname='((?:[^'\\]|\\.)*)'/.exec(text)?.[1]?.replace(/\\(.)/g, '$1');
  const database = named ?? (text.startsWith('"') ? unquote(text) : bare(text.split(/\s+/)[0] ?? ''));
  // It stays with the database that it has.
  if (database === '-') return { kind: 'none' };
  if (database === '') return refuse('\\connect names no database');
  return { kind: 'connect', database };
}

function readInclude(rest: string, beside: boolean): PsqlCommand {
  const file = bare(rest);
  return file ? { kind: 'include', file, beside } : refuse('\\i names no file');
}

/** `\copy table (columns) FROM 'file' options`, as SQL that reads the file's rows from the session. */
function readCopy(rest: string): PsqlCommand {
  const match = /^(.*?)\s+from\s+('(?:[^']|'')*'|\S+)\s*(.*)$/is.exec(rest);
  if (!match) return /\bto\b/i.test(rest) ? { kind: 'none' } : refuse('this \\copy is not understood');
  const [, table = '', place = '', options = ''] = match;
  const sql = `COPY ${table} FROM STDIN ${options.replace(/;$/, '')}`.trim();
  if (/^p?stdin$/i.test(place)) return { kind: 'copy-here', sql };
  if (/^program$/i.test(place)) return refuse('\\copy from a program is not followed');
  return { kind: 'copy', sql, file: bare(place) };
}

const bare = (text: string) =>
  text.replace(/^'(.*)'$/s, (_all, inner: string) => inner.replaceAll("''", "'"));
