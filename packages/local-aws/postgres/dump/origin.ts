import { type Database, partsOf, type SchemaStatement } from '../database.ts';
import { headOf } from './dump-statement.ts';

/** A statement as a message names it: where it stands, and how it begins. */
export const describeOrigin = ({ sql, place }: SchemaStatement): string =>
  `${place ? `${place}: ` : ''}${headOf(sql)}`;

/** How many statements a message names. */
const namedAtMost = 5;

/**
 * Where the things come from that a message of PostgreSQL names in quotes or with their schema, such as `public.jobs.call`: of each the first statement
 * of the user's file that names it, too. Empty where the database came from no file, or no statement names any of them.
 */
export function findOrigins(database: Database, message: string): string[] {
  const statements = partsOf(database)
    .flatMap(({ schema }) => schema)
    .filter(({ place }) => place);
  const found = namesIn(message).flatMap(
    (words) => statements.find(({ sql }) => words.every((word) => hasWord(sql, word))) ?? [],
  );
  return [...new Set(found)].slice(0, namedAtMost).map(describeOrigin);
}

/** Each name as the words that a statement must have; the schema of a column may be left out there, as it may be set before. */
function namesIn(message: string): string[][] {
  const quoted = [...message.matchAll(/"([^"]+)"/g)].map(([, name = '']) => [name]);
  const dotted = [...message.matchAll(/(?<![\w$./])[\w$]+(?:\.[\w$]+)+(?![\w$./])/g)].map(([name]) =>
    name.split('.').slice(-2),
  );
  return [...dotted, ...quoted];
}

const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\w$])${word.replaceAll(/\W/g, '\\$&')}(?![\\w$])`, 'i').test(text);
