import type { Replica } from './replica.ts';

/** What stops a stream between two servers, by the number. Sources: tried on real servers; the manuals' lists of errors. */
const advice: Record<number, string> = {
  22: 'a session used a collation that is not known there',
  1032: 'a row that was changed is not there',
  1062: 'a row with the same key was there before',
  1064: 'a statement is not understood there',
  1146: 'a table is missing there',
  1236: 'the log that it needs is not kept any more',
  1273: 'a collation is not known there',
  1524: 'a sign-in plugin is not known there',
  1594: 'the log cannot be read there: compression or partial JSON is on',
  4161: 'a type is not known there',
};

/** At which error a half of a stream has stopped; undefined while both run. It does not start again by itself. */
export function findStop({ fetching, applying, fetchError, applyError }: Replica): string | undefined {
  const error = (applying === 'No' && applyError) || (fetching === 'No' && fetchError) || 0;
  return error === 0 ? undefined : adviceOn(error);
}

/** An error by its number, and what it means where that is known. */
export const adviceOn = (error: number): string =>
  `error ${error}${advice[error] ? `: ${advice[error]}` : ''}`;
