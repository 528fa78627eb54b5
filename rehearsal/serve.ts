import { parseArgs } from 'node:util';
import { readVersion } from '../commands/arguments.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import { CannotStart } from '../packages/local-aws/servers/cannot-start.ts';
import { databaseName, targetOf } from './blue.ts';
import { printFailure } from './failure.ts';
import { UsageError } from './options.ts';
import { type Stage, setStage } from './stage.ts';
import { onStopSignal } from './stop-signal.ts';

const usage = `Serves the local AWS endpoint for other clients, with a running
PostgreSQL database and the state machine, until Ctrl-C.

  npm run local -- [options]

  --port N    where it listens on 127.0.0.1 (default 4566)
  -h, --help  this text
  --version   the version of Viridian
`;

const print = (line: string) => void process.stdout.write(`${line}\n`);

function readPort(args: string[]): number | undefined {
  const { port, help } = parseFlags(args);
  if (help) return undefined;
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port ${port}: give a port from 0 to 65535`);
  return Number(port);
}

function parseFlags(args: string[]) {
  const options = {
    port: { type: 'string', default: '4566' },
    help: { type: 'boolean', default: false, short: 'h' },
  } as const;
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('\n')[0]} (npm run local -- --help lists the options)`,
    );
  }
}

function describe({ account, plane, blue, clock, versions }: Stage, url: string): string[] {
  const endpoint = `aws --endpoint-url ${url}`;
  const input = JSON.stringify({
    database: databaseName,
    target: targetOf(blue.engine, versions),
    bake: { minutes: 2 },
  });
  return [
    '',
    `  database       ${databaseName} (PostgreSQL ${versions.from} at 127.0.0.1:${plane.endpoint(blue.endpoint).port}, user app)`,
    `  state machine  ${account.stateMachineArn}`,
    `  announcements  ${account.topics.announcements}`,
    `  approvals      ${account.topics.approvals}`,
    `  runs           ${url}/runs in a browser`,
    `  functions      ${url}/2015-03-31/functions/{name}/invocations, as the state machine names them`,
    `  time           ticks, timeouts and metric periods go ${clock.scale} times faster than on AWS`,
    '',
    '  Any credentials and the region eu-west-1 will do:',
    '  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=eu-west-1',
    `  ${endpoint} rds describe-db-instances`,
    `  ${endpoint} stepfunctions start-execution --state-machine-arn ${account.stateMachineArn} \\`,
    `    --input '${input}'`,
    `  npm run preflight -- --endpoint ${url} --database ${databaseName} --to ${versions.to} --login viridian`,
    '  Another Step Functions engine can run the state machine: start this with AWS_ENDPOINT_URL_SFN set to where it listens.',
    '',
  ];
}

async function main(): Promise<void> {
  if (process.argv.includes('--version')) {
    print(`viridian ${readVersion()}`);
    return;
  }
  const port = readPort(process.argv.slice(2));
  if (port === undefined) {
    print(usage);
    return;
  }
  useLogSink(() => {});
  const stop = onStopSignal((signal) => print(`${signal}: stopping every server`));
  const stage = await setStage(
    {
      engine: 'postgres',
      from: '15',
      to: '17',
      endpoint: 'rds',
      fault: undefined,
      wayBack: true,
      wayBackEndpoint: 'rename',
      readRamp: false,
      keep: false,
      reachesOtherHosts: true,
    },
    stop.track,
  );
  try {
    await stage.servers.fill(stage.blue.database, { rows: 1_000 });
    await stage.servers.prepareWayBack(stage.blue.database);
    const url = await stage.listen(port).catch((error: Error) => {
      throw new CannotStart(error.message, { cause: error });
    });
    stage.account.sns.onMessage(({ subject, message }) => print(`\n[${subject}]\n${message}`));
    print(`ready ${url}`);
    for (const line of describe(stage, url)) print(line);
  } catch (error) {
    await stage.dispose();
    throw error;
  }
}

try {
  await main();
} catch (error) {
  process.exitCode = printFailure(error);
}
