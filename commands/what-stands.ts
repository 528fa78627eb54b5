/** Lists what of ours stands on a database, each with what removes it: `npm run what-stands`. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../deploy/names.ts';
import type { StandingOfRun } from '../functions/events/what-stands.ts';
import { readOptions, runCommand } from './arguments.ts';

const usage = `Lists what of ours stands on a database: held roles, closed databases, slots,
subscriptions, tags and so on, each with the statement or command that removes
it, and when that is safe. Changes nothing.

  npm run what-stands -- --database NAME [--stage STAGE | --stack NAME] [--json]

  --database NAME   the name that production has
  --stage STAGE     of the deployed stack, by default dev
  --stack NAME      the name that stands before those of its functions, by
                    default viridian-STAGE
  --json            the same for programs
  -h, --help        this text
  --version         the version of Viridian

It asks the function "reconcile" of the stack, which you must be allowed to
invoke (lambda:InvokeFunction).
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

const names = ['database', 'stage', 'stack'] as const;

/** @throws when the function could not be asked, with the name of the function */
async function ask({ database, stack }: { database: string; stack: string }): Promise<StandingOfRun[]> {
  const FunctionName = functionName(stack, 'reconcile');
  const Payload = JSON.stringify({ source: 'viridian.what-stands', detail: { database } });
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload }));
  const text = new TextDecoder().decode(answer.Payload);
  if (answer.FunctionError) throw new Error(`Not asked: ${FunctionName} failed: ${text.slice(0, 500)}`);
  return (JSON.parse(text) as { runs: StandingOfRun[] }).runs;
}

function describe(database: string, runs: StandingOfRun[]): string {
  if (runs.every(({ standing }) => standing.length === 0)) return `Nothing of ours stands on ${database}.`;
  return runs
    .flatMap(({ executionArn, open, standing }) => [
      `Of the run ${executionArn}:`,
      ...(open.length > 0 ? [`Do nothing by hand as long as this is open: ${open.join(', ')}`] : []),
      ...standing.flatMap(({ text, command, hurts }) => ['', `${hurts ? '[ACT] ' : ''}${text}`, command]),
      '',
    ])
    .join('\n');
}

await runCommand(usage, async (args) => {
  const json = args.includes('--json');
  const given = readOptions(
    args.filter((arg) => arg !== '--json'),
    names,
    ['database'],
  );
  const { database, stage = 'dev', stack = `viridian-${stage}` } = given;
  const runs = await ask({ database, stack });
  say(json ? JSON.stringify(runs, undefined, 2) : describe(database, runs));
  return 0;
});
