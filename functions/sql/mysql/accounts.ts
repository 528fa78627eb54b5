import { serviceUsers, workingUsers } from './names.ts';
import { accountName, literals } from './quoting.ts';
import type { Session } from './session.ts';

/** An account that may sign in and is neither the service's nor one that we work with. */
export interface Account {
  user: string;
  host: string;
  locked: boolean;
  plugin: string;
}

/** Rights that pass `read_only`. MySQL writes them with an underscore, MariaDB with a space. */
const strongRights = ['SUPER', 'CONNECTION_ADMIN', 'CONNECTION ADMIN', 'READ_ONLY ADMIN', 'READ ONLY ADMIN'];

const notForeign = literals([...serviceUsers, ...workingUsers]);

/** Accounts of applications and of people. Roles sign in nowhere. */
export function readAccounts(session: Session): Promise<Account[]> {
  return readAll(session, `user NOT IN (${notForeign})`);
}

function readAll(session: Session, which: string): Promise<Account[]> {
  const from =
    session.flavour === 'mariadb'
      ? `SELECT user AS user, host AS host, COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) IN ('1', 'true') AS locked,
                COALESCE(JSON_VALUE(priv, '$.plugin'), '') AS plugin
           FROM mysql.global_priv WHERE COALESCE(JSON_VALUE(priv, '$.is_role'), 0) NOT IN ('1', 'true') AND user <> '' AND ${which}`
      : `SELECT user AS user, host AS host, account_locked = 'Y' AS locked, plugin AS plugin FROM mysql.user WHERE ${which}`;
  return session
    .query<Omit<Account, 'locked'> & { locked: number }>(`${from} ORDER BY user, host`)
    .then((rows) => rows.map((row) => ({ ...row, locked: Number(row.locked) === 1 })));
}

/** Accounts of applications and of people that `read_only` does not bind, as statements name them. */
export async function readStrongAccounts(session: Session): Promise<string[]> {
  const rows = await session.query<{ grantee: string }>(
    `SELECT DISTINCT grantee FROM information_schema.user_privileges WHERE privilege_type IN (${literals(strongRights)})`,
  );
  const strong = new Set(rows.map(({ grantee }) => grantee));
  const accounts = await readAccounts(session);
  return accounts.filter((account) => !account.locked && strong.has(accountName(account))).map(accountName);
}

/** Keeps an account from signing in, on both sides of a stream: the statement travels as it stands. */
export async function setLocked(session: Session, account: string, locked: boolean): Promise<void> {
  await session.query(`ALTER USER ${account} ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`);
}

/** A login of one of ours, under its plugin. */
export async function readOwnAccount(session: Session, user: string): Promise<Account | undefined> {
  const [account] = await readAll(session, `user = ${literals([user])}`);
  return account;
}
