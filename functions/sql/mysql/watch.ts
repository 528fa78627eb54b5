import type { StreamFacts } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { bytesSince, type LogFile, readLogFiles } from './log.ts';
import { ownSchema } from './names.ts';
import { isOurs, type Replica, readReplica } from './replica.ts';
import { readOne, type Session, withKeptSession } from './session.ts';

/** Both ends of the stream, and one beat that travels through it: that is the proof that rows arrive. One stream carries all schemas. */
export function watch(input: Input<'watch'>): Promise<Answer<'watch'>> {
  return readBothEnds(input, async (session) => {
    await session.query(
      `UPDATE ${ownSchema}.heartbeat SET run = ?, beat = beat + 1, at = NOW(6) WHERE name = 'beat'`,
      [input.executionArn],
    );
    return (await readBeat(session)).beat;
  });
}

/** The same without a beat. */
export function readStreams(input: Input<'read-streams'>): Promise<Answer<'read-streams'>> {
  return readBothEnds(input, async (session) => (await readBeat(session)).beat);
}

async function readBothEnds(
  { production, target, login, databases }: Input<'watch'>,
  beatOf: (session: Session) => Promise<number>,
): Promise<Answer<'watch'>> {
  const sent = await withKeptSession({ ...production, login }, async (session) => ({
    beat: await beatOf(session),
    files: await readLogFiles(session),
  }));
  const arrived = await withKeptSession({ ...target, login }, async (session) => ({
    ...(await readBeat(session)),
    replica: await readReplica(session),
  }));
  const replica = arrived.replica && isOurs(arrived.replica, production) ? arrived.replica : undefined;
  const stream = {
    slot: describeLog(sent.files, replica),
    subscription: replica ? describeApplying(replica) : null,
    beat: { sent: sent.beat, arrived: arrived.beat, arrivedAgeSeconds: arrived.age },
  };
  return { streams: databases.map((database) => ({ database, ...stream })) };
}

async function readBeat(session: Session): Promise<{ beat: number; age: number }> {
  const row = await readOne<{ beat: number; age: number }>(
    session,
    `SELECT beat, TIMESTAMPDIFF(MICROSECOND, at, NOW(6)) / 1000000 AS age FROM ${ownSchema}.heartbeat WHERE name = 'beat'`,
  );
  return { beat: Number(row.beat), age: Number(row.age) };
}

/** The log that new production keeps for the stream: from what is applied on. Null where the file is gone. */
function describeLog(files: LogFile[], replica: Replica | undefined): StreamFacts['slot'] {
  const kept = replica && bytesSince(files, replica.applied);
  if (!replica || kept === undefined) return null;
  return {
    active: replica.fetching === 'Yes',
    walStatus: 'reserved',
    retainedBytes: kept,
    confirmed: replica.applied,
    lagBytes: kept,
  };
}

function describeApplying({
  fetching,
  applying,
  fetchError,
  applyError,
  fetched,
}: Replica): StreamFacts['subscription'] {
  // A half that has stopped with an error does not start again by itself.
  const error = (applying === 'No' && applyError) || (fetching === 'No' && fetchError) || 0;
  return {
    enabled: error === 0,
    workerAlive: applying === 'Yes',
    received: fetched,
    applyErrors: null,
    tablesNotReady: 0,
    ...(error !== 0 && { because: adviceOn(error) }),
  };
}

/** What stops a stream from a newer server into an older one, by the number. Sources: tried on real servers; the manuals' lists of errors. */
const advice: Record<number, string> = {
  22: 'a session on new production used a collation that blue does not know',
  1032: 'a row that was changed is not there in blue',
  1062: 'a row with the same key was there in blue before',
  1064: 'blue does not understand a statement of new production',
  1146: 'a table is missing in blue',
  1236: 'new production no longer has the log',
  1273: 'a collation of new production is not known in blue',
  1524: 'a sign-in plugin of new production is not known in blue',
  1594: 'blue cannot read the log of new production: compression or partial JSON is on there',
  4161: 'a type of new production is not known in blue',
};

export function adviceOn(error: number): string {
  return `error ${error}${advice[error] ? `: ${advice[error]}` : ''}`;
}
