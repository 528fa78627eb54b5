/** Says where one execution stands: `npm run status`. */
import { SFNClient } from '@aws-sdk/client-sfn';
import { readOptions, runCommand, UsageError } from './arguments.ts';
import { readOne } from './read-one.ts';
import { showStanding } from './run-status.ts';

const usage = `Says where a run stands, or an execution that goes back: phase, state, since
when, what it waits for and why, what comes next, what runs beside production.

  npm run status -- --execution ARN

  --execution ARN   the run
  -h, --help        this text
  --version         the version of Viridian

Needs states:DescribeExecution and GetExecutionHistory.
`;

await runCommand(usage, async (args) => {
  const { execution } = readOptions(args, ['execution'], ['execution']);
  const region = /^arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:execution:/.exec(execution)?.[1];
  if (!region) throw new UsageError(`--execution ${execution}: give the ARN of an execution`);
  const { run, standing } = await readOne(new SFNClient({ region }), execution);
  process.stdout.write(`${showStanding(run, standing, Date.now()).join('\n')}\n`);
  return 0;
});
