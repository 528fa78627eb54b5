import type { Verdict } from './deployment.ts';
import type { CompareProgress, DrainedDatabase, TableComparison } from './way-back-facts.ts';

/** Whether everything that was written before the fence has arrived, by the positions of the fence. */
export function judgeDrained(
  databases: DrainedDatabase[],
  wanted: string[],
): Verdict<{ positions: Record<string, string> }> {
  if (wanted.length === 0) return { kind: 'no', because: 'no database was named, so nothing is proved' };
  const missing = wanted.filter((name) => !databases.some(({ database }) => database === name));
  if (missing.length > 0) return { kind: 'not-yet', because: `nothing is known of ${missing.join(', ')}` };
  const gone = databases.find(({ confirmed }) => confirmed === null);
  if (gone) {
    return { kind: 'no', because: `the slot of ${gone.database} is gone: nothing can be proved any more` };
  }
  const behind = databases.find(({ drained }) => !drained);
  if (behind) {
    return {
      kind: 'not-yet',
      because: `${behind.database} has arrived until ${behind.confirmed}, wanted is ${behind.position}`,
    };
  }
  const positions = Object.fromEntries(databases.map(({ database, position }) => [database, position]));
  return { kind: 'ready', facts: { positions } };
}

/** Whether both sides hold the same rows, as far as was asked for. Nothing compared is nothing proved. */
export function judgeComparison(progress: CompareProgress | undefined): Verdict<{ tables: number }> {
  if (!progress) return { kind: 'not-yet', because: 'nothing was compared yet' };
  if (progress.differing > 0) {
    const named = progress.examples.map(describe).join('; ');
    return { kind: 'no', because: `${progress.differing} tables differ: ${named}` };
  }
  return progress.done
    ? { kind: 'ready', facts: { tables: progress.tables } }
    : { kind: 'not-yet', because: `${progress.tables} tables are compared` };
}

function describe({ database, table, rows }: TableComparison): string {
  if (rows.production === null) return `${table} in ${database} is on one side only, or its columns differ`;
  return `${table} in ${database} has ${rows.production} rows on new production and ${rows.target} on the target`;
}
