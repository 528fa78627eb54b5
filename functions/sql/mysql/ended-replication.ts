import type { Answer, Input } from '../contract.ts';
import { readReplica } from './replica.ts';
import { withSession } from './session.ts';
import { findStop } from './stop.ts';

/** A half of green's replication that has stopped with an error does not start again by itself. */
export async function endedReplication({
  green,
  login,
}: Input<'ended-replication'>): Promise<Answer<'ended-replication'>> {
  const replica = await withSession({ ...green, login }, readReplica);
  const stopped = replica && findStop(replica);
  return { because: stopped ? `replication into green has stopped with ${stopped}` : null };
}
