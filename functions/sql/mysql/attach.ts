import { firstNames } from '../../domain/model/first-names.ts';
import type { SecuredDatabase } from '../../domain/way-back/facts.ts';
import type { Answer, Input } from '../contract.ts';
import { makePassword } from '../password.ts';
import { Refused } from '../refused.ts';
import { usesTls } from '../settings.ts';
import { requireClosed } from './closed.ts';
import { splitPosition } from './log.ts';
import { replicationUser } from './names.ts';
import { literal } from './quoting.ts';
import { isReadOnly } from './read-only.ts';
import { follow, isOurs, readReplica, runs, startReplica } from './replica.ts';
import { readOne, type Session, withSession } from './session.ts';

/** How long the first connection of the stream may take, in milliseconds. */
const startWithin = 10_000;

/**
 * Lets the closed target follow new production from the boundary. Its applier passes `read_only`, which stays against everybody else. A stream
 * of ours that is there goes on from where it stands: beginning again would bring rows twice.
 */
export async function attach(input: Input<'attach'>): Promise<Answer<'attach'>> {
  const target = { ...input.target, login: input.login };
  await withSession(target, async (session) => {
    if (!(await isReadOnly(session)))
      throw new Refused(
        'not-fenced',
        `${target.host} is not read-only: its applications could write beside the stream`,
      );
    await requireClosed(session, target.host);
    const there = await readReplica(session);
    if (there && !isOurs(there, input.production))
      throw new Refused(
        'foreign',
        `${target.host} follows ${there.host} already: reset that replication first`,
      );
    if (!there) await begin(session, input);
    await run(session, target.host);
  });
  return { attached: input.databases };
}

async function begin(session: Session, input: Input<'attach'>): Promise<void> {
  const [secured] = input.secured ?? [];
  if (!secured)
    throw new Refused('not-secured', 'no beginning of the stream was found in the log of new production');
  await refuseSilentLoss(session);
  await refuseEarly(session, secured);
  // MySQL takes 32 characters for a stream, and says 3056 to a longer one.
  const password = makePassword(192);
  await withSession({ ...input.production, login: input.login }, (production) =>
    production.query(
      `ALTER USER ${literal(replicationUser)}@'%' IDENTIFIED BY ${literal(password)} ACCOUNT UNLOCK`,
    ),
  );
  await follow(session, input.production, password, splitPosition(secured.start), usesTls());
}

/** What makes an applier pass over rows without a word. */
async function refuseSilentLoss(session: Session): Promise<void> {
  const modes = await readOne<{ execMode: string; skipped: string }>(
    session,
    `SELECT @@GLOBAL.slave_exec_mode AS execMode, @@GLOBAL.slave_skip_errors AS skipped`,
  );
  const problems = [
    ...(modes.execMode === 'STRICT'
      ? []
      : [`slave_exec_mode is ${modes.execMode}, which passes over rows that are missing`]),
    ...(['OFF', ''].includes(String(modes.skipped)) ? [] : [`slave_skip_errors is ${modes.skipped}`]),
  ];
  if (problems.length > 0) throw new Refused('overridden', firstNames(problems).join('; '));
}

/**
 * From an early beginning new production sends back rows that the target has. It passes over those that it wrote itself, by the server id; another
 * server stops at them, or doubles rows of a table without key.
 */
async function refuseEarly(session: Session, { early, origin }: SecuredDatabase): Promise<void> {
  if (!early) return;
  const id = session.serverId;
  if (id !== origin)
    throw new Refused(
      'not-secured',
      `where new production began to write is not certain, and the target has server id ${id}, not blue's (${origin ?? 'not known'}): rows would come twice`,
    );
}

/** Starts both halves and waits until they run. */
async function run(session: Session, host: string): Promise<void> {
  const until = performance.now() + startWithin;
  const before = await readReplica(session);
  if (before && !runs(before)) await startReplica(session);
  for (;;) {
    const replica = await readReplica(session);
    if (!replica) throw new Refused('not-secured', `the stream into ${host} is gone`);
    if (runs(replica)) return refuseFilters(replica.filters);
    const error = replica.fetchError || replica.applyError;
    if (error && replica.fetching !== 'Connecting')
      throw new Refused('not-secured', `the stream into ${host} has stopped with error ${error}`);
    if (performance.now() > until)
      throw new Refused(
        'not-secured',
        `the stream into ${host} does not run (${replica.fetchError || 'no error'})`,
      );
    await session.query('DO SLEEP(0.05)');
  }
}

/** Parameters of the service apply to this stream as well, and rows would be missing without an error. */
function refuseFilters(filters: string[]): void {
  if (filters.length > 0)
    throw new Refused('overridden', `replication is filtered: ${firstNames(filters).join(', ')}`);
}
