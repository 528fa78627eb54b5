/**
 * Takes each guard of test/guards/guards.ts out of a copy of the sources and
 * plays its test; fails when the test passes without it. Writes docs/guards.md.
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

/** Whether the test fails without the guard. */
function isSeenWithout({ file, guard, without, test: [testFile, title] }: Guard, copy: string): boolean {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.replaceAll(guard, without));
  try {
    const report = join(copy, 'report.json');
    const named = ['-t', title.replaceAll(/\W/g, '.')];
    const reporting = ['--reporter=json', `--outputFile=${report}`];
    spawnSync(process.execPath, [vitest, 'run', testFile, ...named, ...reporting], { cwd: copy });
    const { numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as { numFailedTests: number };
    return numFailedTests > 0;
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
      const isSeen = isSeenWithout(guard, copy);
      process.stdout.write(`${isSeen ? 'seen' : 'NOT SEEN'}: ${guard.against}\n`);
      return !isSeen;
    });
    process.stdout.write(`${chosen.length} guards, ${surviving.length} whose removal no test sees\n`);
    return chosen.length > 0 && surviving.length === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true });
  }
}

if (import.meta.main) process.exitCode = run();
