import type { StreamFacts } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { bytesSince, type LogFile, readLogFiles } from './log.ts';
import { ownSchema } from './names.ts';
import { isOurs, type Replica, readReplica } from './replica.ts';
import { readOne, type Session, withKeptSession } from './session.ts';
import { findStop } from './stop.ts';

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

function describeApplying(replica: Replica): StreamFacts['subscription'] {
  const because = findStop(replica);
  return {
    enabled: because === undefined,
    workerAlive: replica.applying === 'Yes',
    received: replica.fetched,
    applyErrors: null,
    tablesNotReady: 0,
    ...(because && { because }),
  };
}
