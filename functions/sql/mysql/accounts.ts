import { serviceUsers, workingUsers } from './names.ts';
import { accountName, literals } from './quoting.ts';
import { isFrom, type Session } from './session.ts';

/** An account that may sign in and is neither the service's nor one that we work with. */
export interface Account {
  user: string;
  host: string;
  locked: boolean;
}

/** Rights that pass `read_only`. MySQL writes them with an underscore, MariaDB with a space. */
const strongRights = ['SUPER', 'CONNECTION_ADMIN', 'CONNECTION ADMIN', 'READ_ONLY ADMIN', 'READ ONLY ADMIN'];

const notForeign = literals([...serviceUsers, ...workingUsers]);

/** Accounts of applications and of people. Roles sign in nowhere. */
export async function readAccounts(session: Session): Promise<Account[]> {
  const from =
    session.flavour === 'mariadb'
      ? `SELECT user AS user, host AS host, COALESCE(JSON_VALUE(priv, '$.account_locked'), 0) IN ('1', 'true') AS locked
           FROM mysql.global_priv WHERE COALESCE(JSON_VALUE(priv, '$.is_role'), 0) NOT IN ('1', 'true') AND user <> '' AND user`
      : `SELECT user AS user, host AS host, account_locked = 'Y' AS locked FROM mysql.user WHERE user`;
  const rows = await session.query<Omit<Account, 'locked'> & { locked: number }>(
    `${from} NOT IN (${notForeign}) ORDER BY user, host`,
  );
  return rows.map((row) => ({ ...row, locked: Number(row.locked) === 1 }));
}

/** Accounts of applications and of people that `read_only` does not bind, by rights of their own or of a role, as statements name them. */
export async function readStrongAccounts(session: Session): Promise<string[]> {
  const strong = await readStrong(session);
  const accounts = await readAccounts(session);
  return accounts.filter((account) => !account.locked && strong.has(accountName(account))).map(accountName);
}

/** Everybody that `read_only` does not bind, also who may not sign in. */
export async function readStrong(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ grantee: string }>(
    `SELECT DISTINCT grantee FROM information_schema.user_privileges WHERE privilege_type IN (${literals(strongRights)})`,
  );
  const given = await readGivenRoles(session);
  const strong = new Set([...rows.map(({ grantee }) => grantee), ...(await readStrongRoles(session, given))]);
  // A role may be given to a role: each round finds those that are one step further away.
  for (let before = -1; before < strong.size; ) {
    before = strong.size;
    for (const { role, to } of given) if (strong.has(role)) strong.add(to);
  }
  return strong;
}

interface GivenRole {
  /** As rights name it: quoted, and on MySQL with a host. */
  role: string;
  to: string;
}

/** Who was given which role. There are no roles before MySQL 8.0. */
async function readGivenRoles(session: Session): Promise<GivenRole[]> {
  if (session.flavour === 'mysql' && !isFrom(session, '8.0')) return [];
  return session.query<GivenRole>(
    session.flavour === 'mariadb'
      ? `SELECT QUOTE(role) AS role, CONCAT('''', user, '''@''', host, '''') AS \`to\` FROM mysql.roles_mapping`
      : `SELECT CONCAT('''', from_user, '''@''', from_host, '''') AS role, CONCAT('''', to_user, '''@''', to_host, '''') AS \`to\` FROM mysql.role_edges`,
  );
}

/** MySQL lists the rights of roles among those of users. MariaDB does not, and shows with a role what it has from others. */
async function readStrongRoles(session: Session, given: GivenRole[]): Promise<string[]> {
  if (session.flavour === 'mysql') return [];
  const strong: string[] = [];
  for (const role of new Set(given.map((one) => one.role))) {
    const rows = await session.query<Record<string, unknown>>(`SHOW GRANTS FOR ${role}`);
    if (rows.some((row) => isStrong(String(Object.values(row)[0])))) strong.push(role);
  }
  return strong;
}

function isStrong(grant: string): boolean {
  const [, rights = ''] = /^GRANT (.*) ON \*\.\* TO/.exec(grant) ?? [];
  return ['ALL PRIVILEGES', ...strongRights].some((right) => rights.split(', ').includes(right));
}

/** Keeps an account from signing in, on both sides of a stream: the statement travels as it stands. */
export async function setLocked(session: Session, account: string, locked: boolean): Promise<void> {
  await session.query(`ALTER USER ${account} ACCOUNT ${locked ? 'LOCK' : 'UNLOCK'}`);
}
