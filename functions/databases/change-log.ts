import { randomUUID } from 'node:crypto';
import { type Change, type Ending, recordChange } from '../runtime/changes.ts';
import type { Ask, Input, Place, Reply } from '../sql/contract.ts';

/** Which questions change something in a database. */
export const changing: Record<Ask, boolean> = {
  preconditions: false,
  facts: false,
  'analyze-step': true,
  'load-step': false,
  distinguish: true,
  'hold-writes': true,
  'release-writes': true,
  'takes-writes': false,
  'compare-schema': false,
  'read-side': false,
  'long-transactions': false,
  'end-transactions': true,
  'ended-replication': false,
  secure: true,
  attach: true,
  watch: true,
  'read-streams': false,
  fence: true,
  drained: false,
  'foreign-writers': false,
  compare: false,
  detach: true,
  'set-sequences': true,
  open: true,
  'probe-write': true,
  close: true,
  leftovers: false,
};

/** Asks, and records it where the question changes something. */
export function askOnRecord<A extends Ask>(
  ask: A,
  input: Input<A>,
  send: () => Promise<Reply<A>>,
): Promise<Reply<A>> {
  if (!changing[ask]) return send();
  const change: Change = { call: `SQL ${ask}`, resource: namePlaces(input), id: randomUUID() };
  return recordChange(change, send, { answered: judge, failed: () => ({ outcome: 'unknown' }) });
}

type Places = Partial<Place & Record<'green' | 'blue' | 'production' | 'target' | 'open' | 'closed', Place>>;

function namePlaces({ resourceId, green, blue, production, target, open, closed }: Places): string {
  const asked = {
    database: resourceId,
    green: green?.resourceId,
    blue: blue?.resourceId,
    production: production?.resourceId,
    target: target?.resourceId,
    open: open?.resourceId,
    closed: closed?.resourceId,
  };
  return Object.entries(asked)
    .filter(([, id]) => id !== undefined)
    .map(([role, id]) => `${role}=${id}`)
    .join(' ');
}

function judge(reply: Reply<Ask>): Ending {
  if (reply.kind === 'answer') return { outcome: 'accepted' };
  return { outcome: reply.kind === 'refused' ? 'refused' : 'unknown', error: reply.code };
}
