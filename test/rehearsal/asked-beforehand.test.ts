import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Started, start } from './command.ts';

const minute = 60_000;
const command = fileURLToPath(new URL('../../commands/ask-preconditions.ts', import.meta.url));

let served: Started;
let url: string;
let to: string;
let client: pg.Client;

beforeAll(async () => {
  served = await start('serve', ['--port', '0']);
  while (!served.output().includes('npm run preflight') && served.child.exitCode === null) await pause(50);
  url = /ready (\S+)/.exec(served.output())?.[1] ?? '';
  to = /--to (\S+)/.exec(served.output())?.[1] ?? '';
  const port = Number(/127\.0\.0\.1:(\d+), user/.exec(served.output())?.[1]);
  client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'app' });
  client.on('error', () => {});
  await client.connect();
}, 2 * minute);

afterAll(async () => {
  await client.end();
  served.child.kill('SIGINT');
  await served.ended;
});

interface Said {
  code: number;
  out: string;
  progress: string;
}

/** Runs the command as `npm run preflight` does. */
function ask(...more: string[]): Promise<Said> {
  const args = ['--database', 'orders', '--to', to, '--parameter-group', 'orders-postgres17', ...more];
  return new Promise((resolve) => {
    execFile(process.execPath, [command, '--endpoint', url, ...args], (error, out, progress) =>
      resolve({ code: Number(error?.code ?? 0), out, progress }),
    );
  });
}

/** The refusal of a dry run with the same request, as its execution ends with it. */
async function dryRun(): Promise<string> {
  const states = new SFNClient({
    region: 'eu-west-1',
    endpoint: url,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { stateMachines = [] } = await states.send(new ListStateMachinesCommand({}));
  const machine = stateMachines.find(({ name }) => name?.endsWith('-blue-green-deployment'));
  const input = JSON.stringify({
    database: 'orders',
    target: { engineVersion: to, parameterGroup: 'orders-postgres17' },
    wayBack: { login: {} },
    dryRun: true,
  });
  const { executionArn } = await states.send(
    new StartExecutionCommand({ stateMachineArn: machine?.stateMachineArn, input }),
  );
  for (;;) {
    const { status, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return cause ?? '';
    await pause(500);
  }
}

describe('the preconditions, asked by a person on the command line', () => {
  it('finds nothing that refuses, says what it does on the error output, and what warns', {
    timeout: minute,
  }, async () => {
    const { code, out, progress } = await ask('--login', 'viridian');
    expect(out).toMatch(/0 refuse, 0 could not be looked at/);
    expect(progress).toContain('asking the databases');
    expect(code).toBe(0);
  });

  it('names what was not checked without a login', { timeout: minute }, async () => {
    const { code, out } = await ask();
    expect(out).toMatch(/warns +sql-access/);
    expect(out).toContain('primary-keys');
    expect(code).toBe(0);
  });

  it('ends with 2 where the databases do not let it in, and for a mistake', { timeout: minute }, async () => {
    expect(await ask('--login', 'nobody_there')).toMatchObject({
      code: 2,
      out: expect.stringMatching(/UNKNOWN +sql-access/),
    });
    expect(await ask('--colour')).toMatchObject({ code: 2, progress: expect.stringContaining('--colour') });
  });

  it('finds the same as the dry run, as a table, as JSON and as lines', { timeout: 2 * minute }, async () => {
    await client.query('CREATE TABLE public.keyless (word text)');
    await client.query('CREATE UNLOGGED TABLE public.carts (id int PRIMARY KEY)');
    await client.query(`SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')`);
    const table = await ask('--login', 'viridian');
    expect(table.code).toBe(1);
    expect(table.out).toMatch(/3 refuse, 0 could not/);
    const { findings, sql } = JSON.parse((await ask('--login', 'viridian', '--json')).out);
    const refusing = findings.filter(({ severity }: { severity: string }) => severity === 'blocker');
    expect(refusing.map(({ rule }: { rule: string }) => rule)).toEqual([
      'foreign-slots',
      'primary-keys',
      'unlogged-tables',
    ]);
    expect(sql.value['primary-keys'].value).toEqual({ count: 1, names: ['public.keyless in app'] });
    const lines = (await ask('--login', 'viridian', '--lines')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.filter(({ level }) => level === 'error').map(({ ruleId }) => ruleId)).toEqual(
      refusing.map(({ rule }: { rule: string }) => rule),
    );
    const cause = await dryRun();
    for (const { rule, message } of refusing)
      expect(cause).toContain(`${rule}: ${message.replace(/\.$/, '')}`);
  });
});
