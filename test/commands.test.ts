import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
  version: string;
};
/** What operators run: each prints its usage and its version, and says what is missing. */
const commands = ['approve', 'runs', 'status', 'stop', 'pause', 'resume', 'request', 'go-back'];
const fileOf = (name: string) => scripts[name]?.replace(/^node /, '') ?? '';

const run = async (name: string, ...args: string[]) =>
  promisify(execFile)(process.execPath, [fileOf(name), ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

describe.each(commands)('npm run %s', (name) => {
  it.each(['-h', '--help'])('%s is its usage, readable at 80 columns', async (flag) => {
    const { code, stdout } = await run(name, flag);
    expect(code).toBe(0);
    expect(stdout).toContain(`npm run ${name}`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('--version is that of the package', async () => {
    expect((await run(name, '--version')).stdout).toBe(`viridian ${version}\n`);
  });

  it('a wrong option ends with 2, and one sentence before the usage', async () => {
    const { code, stderr } = await run(name, '--exeution', 'x');
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toContain('--exeution');
  });
});
