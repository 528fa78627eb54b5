import { Refused } from '../failure.ts';
import type { Answer, Input, Place } from '../operations.ts';
import { connectionString } from '../quoting.ts';
import { eachDatabase, type Server, type Session, withSession } from '../session.ts';
import { usesTls } from '../settings.ts';
import { requireClosed } from './closed.ts';
import { replicationRole } from './names.ts';
import { readNote } from './publication.ts';
import { makePassword, scramVerifier } from './scram.ts';
import { requireSlot } from './slot.ts';
import { enable, readSubscription, reconnect, subscribe, unsubscribe } from './subscription.ts';

/** Subscribes the fenced target. The apply worker ignores the fence, so it stays against everybody else. */
export async function attach(input: Input<'attach'>): Promise<Answer<'attach'>> {
  const { databases, executionArn: run, login } = input;
  const production = { ...input.production, login };
  const target = { ...input.target, login };
  await eachDatabase(production, databases, (session, database) => requireSecured(session, database, run));
  await eachDatabase(target, databases, (session, database) => requireClosed(session, target, database));
  const password = await setOneTimePassword(production, databases);
  await eachDatabase(target, databases, async (session, database) => {
    const source = sourceOf(input.production, database, password);
    const known = await readSubscription(session);
    if (known?.run === run) {
      await reconnect(session, source);
    } else {
      await unsubscribe(session);
      await subscribe(session, database, source, run);
    }
    await enable(session);
  });
  return { attached: databases };
}

async function requireSecured(session: Session, database: string, run: string): Promise<void> {
  const note = await readNote(session, run);
  if (note?.start === undefined) {
    throw new Refused('not-secured', `database ${database} of new production was not secured by this run`);
  }
  await requireSlot(session, database, note.asked);
}

/** The password is known to this call and to the subscription. Every attach makes a new one. */
async function setOneTimePassword(production: Server, [database = 'postgres']: string[]): Promise<string> {
  const password = makePassword();
  await withSession(production, database, (session) =>
    session.query('SELECT viridian.set_replication_password($1)', [scramVerifier(password)]),
  );
  return password;
}

/** `require` encrypts; the target's server has no certificate bundle that it could verify new production with. */
function sourceOf({ host, port }: Place, database: string, password: string): string {
  return connectionString({
    host,
    port: String(port),
    dbname: database,
    user: replicationRole,
    password,
    sslmode: usesTls() ? 'require' : 'disable',
    application_name: 'viridian_way_back',
    connect_timeout: '10',
  });
}
