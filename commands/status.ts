/** Says where one execution stands: `npm run status`. */
import { readOptions, runCommand } from './arguments.ts';
import { momentOf, readOne, useRegionOf } from './read-one.ts';
import { showStanding } from './run-status.ts';

const usage = `Says where a run stands, or an execution that goes back: phase, state, since
when and until when, what it waits for and why, what comes next, what runs
beside production and for how long. npm run watch goes on until the run ends.

  npm run status -- --execution ARN

  --execution ARN   the run
  -h, --help        this text
  --version         the version of Viridian

Needs states:DescribeExecution and GetExecutionHistory.
`;

await runCommand(usage, async (args) => {
  const { execution } = readOptions(args, ['execution'], ['execution']);
  useRegionOf(execution);
  const facts = await readOne(execution);
  process.stdout.write(`${showStanding(facts, momentOf(facts)).join('\n')}\n`);
  return 0;
});
