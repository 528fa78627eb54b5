import { chmod, lstat, mkdir, open, readdir, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { CannotUnpack } from './apt.ts';

/**
 * Lets the programs of these folders run by their path. Each is put behind a script of the same name that starts it with the loader and the
 * libraries of the tree: a program of a newer suite does not run with an older C library, and a loader never with one that is not
 * its own. Paths in the scripts are relative, so the whole tree may be moved or copied. A program learns the script's path as its own name, so it
 * finds its neighbours and its files.
 */
export async function bindPrograms(tree: string, folders: readonly string[]): Promise<void> {
  const loader = await findLoader(tree);
  const libraries = await findLibraries(tree);
  for (const folder of folders) {
    const programs = join(tree, folder);
    const behind = join(dirname(programs), `${basename(programs)}.elf`);
    const names = await programsIn(programs);
    if (names.length > 0) await mkdir(behind);
    for (const name of names) {
      await rename(join(programs, name), join(behind, name));
      const up = relative(programs, tree);
      await writeFile(
        join(programs, name),
        scriptOf(up, loader, libraries, join(relative(tree, behind), name)),
      );
      await chmod(join(programs, name), 0o755);
    }
  }
}

/** A single `exec`, so the process that was started is the program. */
function scriptOf(up: string, loader: string, libraries: string[], program: string): string {
  const path = libraries.map((folder) => `$tree/${folder}`).join(':');
  return `#!/bin/sh
tree=\${0%/*}/${up}
exec "$tree/${loader}" --library-path "${path}" --argv0 "$0" "$tree/${program}" "$@"
`;
}

async function programsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if ((await lstat(path)).isFile() && (await isProgram(path))) found.push(name);
  }
  return found;
}

async function isProgram(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === '\x7fELF';
  } finally {
    await file.close();
  }
}

/** Folders in which a Debian package keeps libraries; since trixie everything is below `usr`. */
const LIBRARY_FOLDERS = ['usr/lib', 'lib'];

async function findLibraries(tree: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of LIBRARY_FOLDERS)
    for (const name of await readdir(join(tree, folder)).catch(() => []))
      if (/-linux-gnu/.test(name)) found.push(join(folder, name));
  return found;
}

/** The loader itself, not one of the links to it: those are absolute in some suites and would lead to the host's. */
async function findLoader(tree: string): Promise<string> {
  for (const folder of await findLibraries(tree))
    for (const name of await readdir(join(tree, folder)))
      if (/^ld-linux-.*\.so/.test(name)) return join(folder, name);
  throw new CannotUnpack('the packages hold no loader (libc6)');
}
