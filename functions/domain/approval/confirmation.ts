import type { Database } from '../model/deployment.ts';

type Named = Pick<Database, 'id' | 'account'>;

/** Parts of names that a program would try, because forms and test data are full of them. */
const commonParts = new Set(
  'app aurora backend data database db demo dev example foo main master my mysql name new old pg postgres prod production rds sample stage staging test user'.split(
    ' ',
  ),
);

/**
 * What a person types to decide: the name of the database, which the message says and the page does not. A name that could
 * be guessed without the message (short, one plain word, or made of common parts) is followed by the last four digits of the account.
 */
export function confirmationFor({ id, account }: Named): string {
  const parts = id.toLowerCase().match(/[a-z]+/g) ?? [];
  const plain = /^[a-z]+\d*$/i.test(id) || parts.every((part) => commonParts.has(part));
  return id.length < 6 || plain ? `${id} ${account.slice(-4)}` : id;
}

/** Whether what was typed is what the message asks for. Case and the number of spaces do not matter. */
export function isConfirmed(typed: string, database: Named): boolean {
  return normalize(typed) === normalize(confirmationFor(database));
}

function normalize(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

/**
 * A text without what a person has to type: every name that begins like the database's, its endpoints and green's name among
 * them, and its account. Names of under four letters stay where they are: the digits of the account are what guards them.
 */
export function hideName(text: string, { id, account }: Named): string {
  const hidden = hideWord(text, account, '(the account)');
  return id.length < 4 ? hidden : hideWord(hidden, id, '(the database)');
}

function hideWord(text: string, word: string, instead: string): string {
  const escaped = word.replace(/[^A-Za-z0-9]/g, '\\$&');
  return text.replace(new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, 'gi'), instead);
}
