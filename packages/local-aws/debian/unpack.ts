import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { arch } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Apt, CannotUnpack, OutOfReach, whyNoDebian } from './apt.ts';
import { cacheFolder } from './cache-folder.ts';
import { bindPrograms } from './programs.ts';

const run = promisify(execFile);

/** Packages that are wanted of one suite of Debian. */
export interface DebianRequest {
  /** For example `trixie`. */
  suite: string;
  /** Packages by name; the libraries that they need come along by themselves. */
  packages: readonly string[];
  /** Folders of the packages whose programs are to run, for example `usr/sbin`. */
  programs: readonly string[];
  /** Libraries that are needed for nothing that is wanted here, as the compiler that PostgreSQL keeps for queries. */
  without?: RegExp;
}

/**
 * Unpacks packages of a suite of Debian, with the libraries that they need, into a folder of the cache. It needs no right of root and changes
 * nothing of the system: it installs nothing and runs no script of a package. apt verifies the signature of the index and the hash of each
 * package. Programs run with the libraries and the loader of their own suite, so trixie's run on bookworm and on Ubuntu. A folder that
 * is there is used as it is, without any look at the network; delete it to get newer packages.
 *
 * @param told is given a line when something is going to be downloaded
 * @returns the folder, in which everything lies as the packages have it; programs of `programs` can be started by their path
 * @throws CannotUnpack when there is no such package or it is not whole; OutOfReach when there is no apt or no network
 */
export async function unpackDebian(
  request: DebianRequest,
  told: (line: string) => void = () => {},
  cache = cacheFolder(),
): Promise<string> {
  const root = join(cache, 'debian', nameOf(request));
  if (existsSync(root)) return root;
  const because = whyNoDebian();
  if (because) throw new OutOfReach(because);
  told(`downloading ${request.packages.join(', ')} of Debian ${request.suite} into ${root}`);
  const aside = makeAside(cache);
  try {
    const tree = await fetchTree(request, aside);
    await bindPrograms(tree, request.programs);
    keep(tree, root);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return root;
}

/** Another request of the same suite has a folder of its own: what it holds is what it was asked for. */
function nameOf({ suite, packages, programs, without }: DebianRequest): string {
  const asked = JSON.stringify([packages, programs, `${without ?? ''}`]);
  const digest = createHash('sha256').update(asked).digest('hex').slice(0, 8);
  return `${suite}-${arch()}-${packages[0]}-${digest}`;
}

function makeAside(cache: string): string {
  try {
    mkdirSync(join(cache, 'debian'), { recursive: true, mode: 0o755 });
    return mkdtempSync(join(cache, 'debian', '.unpacking-'));
  } catch (failure) {
    throw new CannotUnpack(`${cache} cannot be written: ${(failure as Error).message}`);
  }
}

async function fetchTree(request: DebianRequest, aside: string): Promise<string> {
  const [downloads, tree] = [join(aside, 'downloads'), join(aside, 'tree')];
  for (const folder of [downloads, tree]) mkdirSync(folder);
  const apt = new Apt(join(aside, 'apt'), request.suite);
  await apt.update();
  const dependencies = await apt.dependencies(request.packages);
  await apt.download(withLibraries(request, dependencies), downloads);
  for (const file of readdirSync(downloads)) await run('dpkg', ['-x', join(downloads, file), tree]);
  chmodSync(tree, 0o755);
  return tree;
}

/** The packages that are wanted and every library below them; what only an installation needs, such as Perl, is left. */
export function withLibraries(
  { packages, without }: Pick<DebianRequest, 'packages' | 'without'>,
  dependencies: ReadonlyMap<string, readonly string[]>,
): string[] {
  const wanted = new Set(packages);
  for (const name of wanted) {
    const libraries = (dependencies.get(name) ?? []).filter(
      (need) => isLibrary(need) && !without?.test(need),
    );
    for (const library of libraries) wanted.add(library);
  }
  return [...wanted].sort();
}

const isLibrary = (name: string) => /^z?lib/.test(name) && !/-(perl|data|common|bin|runtime)$/.test(name);

/** Two processes that unpack at the same time make one tree each, and the first stays. */
function keep(tree: string, root: string): void {
  try {
    renameSync(tree, root);
  } catch (failure) {
    if (!existsSync(root)) throw failure;
  }
}
