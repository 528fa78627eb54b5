import type { Session } from './session.ts';

/** The server's own time in seconds. Servers live in real time, whatever clock a run uses. */
export async function serverTime(session: Session): Promise<number> {
  const { rows } = await session.query<{ now: number }>(
    'SELECT extract(epoch FROM clock_timestamp())::float8 AS now',
  );
  const now = rows[0]?.now;
  if (now === undefined) throw new TypeError('the server told no time');
  return now;
}
