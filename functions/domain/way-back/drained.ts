import type { Verdict } from '../model/deployment.ts';
import { notYet } from '../model/not-yet.ts';
import type { DrainedDatabase } from './facts.ts';

const askTheStream = 'the log of blue says at which error its subscription stands';

/** Whether everything that was written before the fence has arrived, by the positions of the fence. */
export function judgeDrained(
  databases: DrainedDatabase[],
  wanted: string[],
): Verdict<{ positions: Record<string, string> }> {
  if (wanted.length === 0) return { kind: 'no', because: 'no database was named, so nothing is proved' };
  const missing = wanted.filter((name) => !databases.some(({ database }) => database === name));
  if (missing.length > 0) return notYet(`nothing is known of ${missing.join(', ')}`, askTheStream);
  const gone = databases.find(({ confirmed }) => confirmed === null);
  if (gone) {
    return { kind: 'no', because: `the slot of ${gone.database} is gone: nothing can be proved any more` };
  }
  const behind = databases.find(({ drained }) => !drained);
  if (behind) {
    return notYet(
      `${behind.database} has arrived until ${behind.confirmed}, wanted is ${behind.position}`,
      askTheStream,
    );
  }
  const positions = Object.fromEntries(databases.map(({ database, position }) => [database, position]));
  return { kind: 'ready', facts: { positions } };
}
