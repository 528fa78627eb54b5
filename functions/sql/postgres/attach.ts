import type { Answer, Input } from '../contract.ts';
import { makePassword } from '../password.ts';
import { Refused } from '../refused.ts';
import { inTurn } from '../side-by-side.ts';
import { requireClosed } from './closed.ts';
import { refuseOwnersCode } from './owner-code.ts';
import { readNote } from './publication.ts';
import { scramVerifier } from './scram.ts';
import { eachDatabase, type Server, type Session, withSession } from './session.ts';
import { requireSlot } from './slot.ts';
import { readSubscription, subscribe, unsubscribe } from './subscription.ts';

/** Subscribes the fenced target. The apply worker ignores the fence, so it stays against everybody else. */
export async function attach(input: Input<'attach'>): Promise<Answer<'attach'>> {
  const { databases, executionArn: run, login } = input;
  const production = { ...input.production, login };
  const target = { ...input.target, login };
  await eachDatabase(production, databases, (session, database) => requireSecured(session, database, run));
  const known = await eachDatabase(target, databases, async (session, database) => {
    await requireClosed(session, target, database);
    await refuseOwnersCode(session);
    return readSubscription(session);
  });
  const others = [...known].filter(([, found]) => found && found.run !== run);
  await inTurn(others, ([database]) => withSession(target, database, unsubscribe));
  const password = await setOneTimePassword(production, databases);
  await eachDatabase(target, databases, (session, database) =>
    subscribe(session, database, input.production, run, password),
  );
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
