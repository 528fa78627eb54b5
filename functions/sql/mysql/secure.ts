import type { Answer, Input } from '../contract.ts';
import { Refused } from '../refused.ts';
import { findBoundary } from './boundary.ts';
import { readPosition, splitPosition } from './log.ts';
import { keepLogs } from './retention.ts';
import { withKeptSession } from './session.ts';

/** Milliseconds for one page of the log. Both questions have it, so that the second goes on in the session of the first. */
const scanLimit = 10_000;

/** Nothing is held: where the way back begins is computed afterwards, so a position is all that has to be noted. */
export async function holdWrites(input: Input<'hold-writes'>): Promise<Answer<'hold-writes'>> {
  const position = await withKeptSession(input, readPosition, scanLimit);
  return {
    held: [],
    writers: [],
    changes: Object.fromEntries(input.databases.map((database) => [database, position])),
  };
}

export async function releaseWrites({
  applicationRoles,
}: Input<'release-writes'>): Promise<Answer<'release-writes'>> {
  return { released: applicationRoles, stillHeld: [] };
}

/**
 * Finds in the log of new production where its own writes begin, and has the service keep the log from there. Clients write meanwhile.
 * Asked again it finds the same.
 */
export async function secure(input: Input<'secure'>): Promise<Answer<'secure'>> {
  const [database = ''] = input.databases;
  const [before, after] = [input.before?.[database], input.changes[database]];
  if (before === undefined || after === undefined)
    throw new Refused(
      'not-secured',
      'the log of green was not noted before the cut, so the cut cannot be found in it',
    );
  return withKeptSession(
    input,
    async (session) => {
      await keepLogs(session);
      const { start, origin, early } = await findBoundary(session, before, after);
      const { file } = splitPosition(start);
      return {
        secured: input.databases.map((name) => ({
          database: name,
          slot: file,
          asked: before,
          start,
          origin,
          early,
        })),
      };
    },
    scanLimit,
  );
}
