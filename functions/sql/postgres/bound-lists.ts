import { firstNames, namesTold } from '../../domain/model/first-names.ts';
import type { DatabaseFacts } from '../../domain/way-back/facts.ts';

/** A name may be a whole signature of a function. Statements are never longer, so they are told whole. */
const longest = 400;

/**
 * Cuts the lists of all databases of a server so that they are short together: of each kind the first dozen entries are told, in whatever
 * databases they are, and of all others how many there are. A list with entries keeps one, because an empty one says that all is well.
 */
export function boundLists(databases: DatabaseFacts[]): DatabaseFacts[] {
  const left = new Map<string, number>();
  return databases.map((database) => {
    const lists = Object.entries(database).flatMap(([kind, value]: [string, unknown]) => {
      if (!Array.isArray(value)) return [];
      const told = left.get(kind) ?? namesTold;
      left.set(kind, Math.max(0, told - value.length));
      return [[kind, firstNames(value.map(cut), told)]];
    });
    return { ...database, ...Object.fromEntries(lists) };
  });
}

function cut(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
