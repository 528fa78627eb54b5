import { CannotUnpack } from '../../packages/local-aws/debian/apt.ts';
import { unpackDebian } from '../../packages/local-aws/debian/unpack.ts';

/**
 * The program of Debian's PgBouncer, unpacked into the cache.
 * @returns its path; undefined, after a line that says so, where it cannot be had. With `CI` set that is an error.
 */
export async function findPgBouncer(): Promise<string | undefined> {
  const request = { suite: 'trixie', packages: ['pgbouncer'], programs: ['usr/sbin'] };
  try {
    return `${await unpackDebian(request, console.log)}/usr/sbin/pgbouncer`;
  } catch (failure) {
    if (process.env.CI || !(failure instanceof CannotUnpack)) throw failure;
    console.log(`no PgBouncer, so its hook is not tried: ${failure.message}`);
    return undefined;
  }
}
