import { unpackDebian } from '../../packages/local-aws/debian/unpack.ts';
import { whyLeftOut } from '../../packages/local-aws/test/debian/left-out.ts';

/** The program of Debian's PgBouncer, unpacked into the cache: its path; undefined where its hook is left out. */
export async function findPgBouncer(): Promise<string | undefined> {
  const request = { suite: 'trixie', packages: ['pgbouncer'], programs: ['usr/sbin'] };
  let root = '';
  const missing = await whyLeftOut(async () => {
    root = await unpackDebian(request, console.log);
  });
  return missing === undefined ? `${root}/usr/sbin/pgbouncer` : undefined;
}
