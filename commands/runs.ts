/** Lists the open executions of a stack, and where each stands: `npm run runs`. */
import { ListExecutionsCommand, ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { readOptions, runCommand } from './arguments.ts';
import { momentOf, readOne } from './read-one.ts';
import { showStanding } from './run-status.ts';

const usage = `Lists every open run, and every open execution that goes back: phase, since
when, what it waits for and why, what comes next, what runs beside production.

  npm run runs [-- --stage NAME]

  --stage NAME   of that stack only; left out: of every stack in the
                 account and Region
  -h, --help     this text
  --version      the version of Viridian

Needs states:ListStateMachines, ListExecutions, DescribeExecution and
GetExecutionHistory. AWS_ENDPOINT_URL leads it to "npm run local".
`;

const client = () => new SFNClient({});

async function listMachines(stage: string | undefined): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client().send(new ListStateMachinesCommand({ nextToken }));
    for (const { name = '', stateMachineArn = '' } of page.stateMachines ?? [])
      if (
        /^viridian-.+-(blue-green-deployment|roll-back)$/.test(name) &&
        (!stage || name.startsWith(`viridian-${stage}-`))
      )
        found.push(stateMachineArn);
    nextToken = page.nextToken;
  } while (nextToken);
  return found;
}

async function listOpen(stateMachineArn: string): Promise<string[]> {
  const { executions = [] } = await client().send(
    new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 100 }),
  );
  return executions.map(({ executionArn = '' }) => executionArn);
}

await runCommand(usage, async (args) => {
  const { stage } = readOptions(args, ['stage'], []);
  const open = (await Promise.all((await listMachines(stage)).map(listOpen))).flat();
  for (const executionArn of open) {
    const facts = await readOne(executionArn);
    process.stdout.write(`${showStanding(facts, momentOf(facts)).join('\n')}\n\n`);
  }
  process.stdout.write(
    open.length === 0
      ? 'No execution is open.\n'
      : `${open.length} open. Stop or pause one: npm run stop, npm run pause\n`,
  );
  return 0;
});
