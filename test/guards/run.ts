/**
 * Takes each guard of test/guards/guards.ts out of a copy of the sources and
 * plays its test by itself; fails when the test passes without the guard, or
 * does not pass with it. Writes docs/guards.md.
 *
 *   npm run guards [-- PART]
 *
 *   PART        only guards whose file has this in its path, such as mysql
 *   -h, --help  this text
 *   --version   the version of Viridian
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeGuards, type Guard, guards } from './guards.ts';

const root = resolve(import.meta.dirname, '..', '..');
const vitest = 'node_modules/vitest/vitest.mjs';

/** The files that git knows, with the packages of this folder. */
function copySources(): string {
  const copy = mkdtempSync(join(tmpdir(), 'guards-'));
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  for (const file of files) cpSync(join(root, file), join(copy, file));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

interface Played {
  numPassedTests: number;
  numFailedTests: number;
}

/** Plays the one test by itself. */
function play([file, title]: Guard['test'], copy: string): Played {
  const report = join(copy, 'report.json');
  const named = ['-t', title.replaceAll(/\W/g, '.')];
  const reporting = ['--reporter=json', `--outputFile=${report}`];
  spawnSync(process.execPath, [vitest, 'run', file, ...named, ...reporting], { cwd: copy });
  return JSON.parse(readFileSync(report, 'utf8')) as Played;
}

/** What the test says: it passes with the guard, also by itself, and fails without. */
function look({ file, guard, without, test }: Guard, copy: string): 'seen' | 'NOT SEEN' | 'FAILS WITH IT' {
  const { numPassedTests, numFailedTests } = play(test, copy);
  if (numPassedTests === 0 || numFailedTests > 0) return 'FAILS WITH IT';
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replaceAll(guard, without));
  try {
    return play(test, copy).numFailedTests > 0 ? 'seen' : 'NOT SEEN';
  } finally {
    writeFileSync(path, whole);
  }
}

function run(): number {
  writeFileSync(join(root, 'docs', 'guards.md'), describeGuards());
  const [part = ''] = process.argv.slice(2);
  const chosen = guards.filter(({ file }) => file.includes(part));
  const copy = copySources();
  try {
    const surviving = chosen.filter((guard) => {
      const seen = look(guard, copy);
      process.stdout.write(`${seen}: ${guard.against}\n`);
      return seen !== 'seen';
    });
    process.stdout.write(`${chosen.length} guards, ${surviving.length} whose removal no test sees\n`);
    return chosen.length > 0 && surviving.length === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

if (import.meta.main) process.exitCode = run();
