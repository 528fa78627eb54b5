import { readFileSync } from 'node:fs';
import { lchown, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';

/** The account that servers run under. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * PostgreSQL refuses to run as root, so under root its processes get an existing account without rights.
 * No account is created: `initdb` only needs a uid that has a passwd entry.
 *
 * @returns `undefined` when this process is not root and servers can simply run as its own user.
 */
export function unprivilegedAccount(passwd = '/etc/passwd'): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync(passwd, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['nobody', 'postgres']) {
    const entry = accounts.find((fields) => fields[0] === name);
    if (entry) return { name, uid: Number(entry[2]), gid: Number(entry[3]) };
  }
  throw new CannotStart(
    'PostgreSQL does not run as root, and there is neither an account "nobody" nor "postgres": start the rehearsal as another user.',
  );
}

/**
 * Gives a whole folder to the servers' account; does nothing when servers run as ourselves. Asynchronous, like all work on
 * data directories: the endpoints live in this process, and clients would feel it.
 */
export async function handOver(path: string): Promise<void> {
  const account = unprivilegedAccount();
  if (!account) return;
  const inside = (await readdir(path, { recursive: true })).map((name) => join(path, name));
  for (const each of [path, ...inside]) await lchown(each, account.uid, account.gid);
}
