import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
  version: string;
};
/** What operators run: each prints its usage and its version, and says what is missing. */
const commands = [
  ...['approve', 'runs', 'status', 'watch', 'pages', 'stop', 'pause', 'resume', 'request', 'go-back'],
  ...['preflight', 'what-stands'],
];
/** What is run by Node alone, for maintenance too. */
const ours = Object.keys(scripts).filter((name) => /^node .*\.ts\b/.test(scripts[name] ?? ''));

const start = (args: string[]) =>
  promisify(execFile)(process.execPath, args).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

/** The last step of a script is the program; those before it only look whether it can run. */
const run = (name: string, ...args: string[]) => {
  const [, ...words] = (scripts[name] ?? '').split(' && ').at(-1)?.split(' ') ?? [];
  return start([...words, ...args]);
};

describe.each(ours)('npm run %s', (name) => {
  it('-h says what it does, readable at 80 columns, and does nothing', async () => {
    const { code, stdout, stderr } = await run(name, '-h');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/\w+ \w+ \w+/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('--version is that of the package', async () => {
    expect((await run(name, '--version')).stdout).toBe(`viridian ${version}\n`);
  });

  it('is one sentence where Node is too old for it', () => {
    expect(scripts[name]).toMatch(/^node (-r \.\/)?commands\/(check-system|print-help)\.cjs /);
  });
});

describe.each(commands)('npm run %s', (name) => {
  it('--help is its usage', async () => {
    expect((await run(name, '--help')).stdout).toContain(`npm run ${name}`);
  });

  it('a wrong option ends with 2, and one sentence before the usage', async () => {
    const { code, stderr } = await run(name, '--exeution', 'x');
    expect(code).toBe(2);
    expect(stderr.split('\n')[0]).toContain('--exeution');
  });
});

it.each([
  ['20.20.2', 'linux', [], /^Viridian needs Node 22\.18 or newer, and this is Node 20\.20\.2: .*\.\n$/],
  ['24.1.0', 'win32', ['--servers'], /^The rehearsal has PostgreSQL servers for Linux and macOS, .*\.\n$/],
  ['24.1.0', 'win32', [], /^$/],
])('on Node %s of %s with %j says what to do instead', async (node, platform, args, said) => {
  const pretend = `Object.defineProperty(process.versions, 'node', { value: '${node}' });
    Object.defineProperty(process, 'platform', { value: '${platform}' }); require('./commands/check-system.cjs');`;
  const { code, stderr } = await start(['-e', pretend, '--', ...args]);
  expect(stderr).toMatch(said);
  expect(code).toBe(stderr === '' ? 0 : 1);
});
