/**
 * The tools of the scans, each in a folder of its own below the cache, by the versions that stand here: none of them is a dependency of
 * the product, and `npm ci` brings none.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../packages/local-aws/debian/cache-folder.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
const cache = join(cacheFolder(), 'security');

/** Standard output is read whole, and a report of every rule on every resource is long. Bytes. */
const longestOutput = 256 * 1024 * 1024;

export type PythonTool = 'cfn-lint' | 'checkov' | 'parliament' | 'schemathesis';

/** Version of a tool, as it is pinned. */
export function pinnedVersion(tool: PythonTool): string {
  const pinned = readFileSync(join(here, 'python', `${tool}.txt`), 'utf8');
  const version = new RegExp(`^${tool}==(.+)$`, 'm').exec(pinned)?.[1];
  if (version === undefined) throw new Error(`security/tools/python/${tool}.txt pins no version of ${tool}`);
  return version;
}

/** Version of a package of npm's, as it is pinned. */
export function pinnedPackage(name: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(here, 'npm', 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  return dependencies[name] as string;
}

/** What a program has written, whatever its exit code: a scanner that finds something ends with one. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export async function runProgram(
  program: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Ran> {
  const { cwd, env = {}, timeoutMs = 600_000 } = options;
  try {
    const { stdout, stderr } = await run(program, args, {
      cwd,
      env: { ...process.env, ...env },
      timeout: timeoutMs,
      maxBuffer: longestOutput,
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** Runs a tool of Python's, which is installed first where it is not yet. */
export async function runPython(
  tool: PythonTool,
  args: string[],
  options?: Parameters<typeof runProgram>[2],
) {
  const folder = await installed(tool, [join(here, 'python', `${tool}.txt`)], async (made) => {
    await must('python3', ['-m', 'venv', made]);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
    await must(join(made, 'bin', 'python'), [...pip, '-r', join(here, 'python', `${tool}.txt`)]);
  });
  // By the interpreter, because a virtual environment that was moved into its place names its old one in its programs.
  return runProgram(join(folder, 'bin', 'python'), [join(folder, 'bin', tool), ...args], options);
}

/** Runs a program of one of npm's packages. */
export async function runNode(script: string, args: string[], options?: Parameters<typeof runProgram>[2]) {
  return runProgram(process.execPath, [join(await npmFolder(), 'node_modules', script), ...args], options);
}

/** Folder of npm's tools and their configuration. */
export function npmFolder(): Promise<string> {
  const files = ['package.json', 'package-lock.json', 'eslint.config.mjs', 'secretlint.json'];
  const paths = files.map((file) => join(here, 'npm', file));
  return installed('npm', paths, async (made) => {
    for (const [index, path] of paths.entries()) copyFileSync(path, join(made, files[index] as string));
    await must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], made);
  });
}

/**
 * Installs into a folder whose name says what it was made of. It is made beside and moved, so that one that was broken off is not taken
 * for whole.
 */
async function installed(
  name: string,
  sources: string[],
  install: (made: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256');
  for (const source of sources) digest.update(readFileSync(source));
  const folder = join(cache, `${name}-${digest.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const made = `${folder}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  try {
    process.stderr.write(`installing ${name}\n`);
    await install(made);
    renameSync(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return folder;
}

async function must(program: string, args: string[], cwd?: string): Promise<void> {
  const { code, stdout, stderr } = await runProgram(program, args, cwd === undefined ? {} : { cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr || stdout}`);
}

/** Whether this machine has the interpreter that most tools need. */
export const hasPython = (): boolean => spawnSync('python3', ['-m', 'venv', '--help']).status === 0;
