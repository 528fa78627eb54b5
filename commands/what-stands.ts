/** Lists what of ours stands on a database, each with what removes it: `npm run what-stands`. */
import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '../deploy/names.ts';
import type { StandingOfRun } from '../functions/events/what-stands.ts';

const usage = `Lists what of ours stands on a database: held roles, closed databases, slots, subscriptions, tags and so on,
each with the statement or command that removes it, and when that is safe. Changes nothing.

  npm run what-stands -- --database NAME [--stage STAGE | --stack NAME] [--json]

  --database NAME   the name that production has
  --stage STAGE     of the deployed stack, by default dev
  --stack NAME      the name that stands before those of its functions, by default viridian-STAGE
  --json            the same for programs

It asks the function "reconcile" of the stack, which you must be allowed to invoke (lambda:InvokeFunction).
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** A mistake on the command line. */
class UsageError extends Error {}

function readArguments(args: string[]) {
  const text = { type: 'string' } as const;
  const options = { database: text, stage: text, stack: text, json: { type: 'boolean' } } as const;
  const { values } = parseArgs({ args, options, strict: true });
  const { database, stage = 'dev', stack = `viridian-${stage}`, json = false } = values;
  if (!database) throw new UsageError('give --database, the name that production has');
  return { database, stack, json };
}

/** @throws when the function could not be asked, with the name of the function */
async function ask({ database, stack }: { database: string; stack: string }): Promise<StandingOfRun[]> {
  const FunctionName = functionName(stack, 'reconcile');
  const Payload = JSON.stringify({ source: 'viridian.what-stands', detail: { database } });
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload }));
  const text = new TextDecoder().decode(answer.Payload);
  if (answer.FunctionError) throw new Error(`${FunctionName} failed: ${text.slice(0, 500)}`);
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

try {
  if (process.argv.includes('--help') || process.argv.includes('-h')) say(usage);
  else {
    const order = readArguments(process.argv.slice(2));
    const runs = await ask(order);
    say(order.json ? JSON.stringify(runs, undefined, 2) : describe(order.database, runs));
  }
} catch (error) {
  const { name, message } = error as Error;
  const isUsage = error instanceof UsageError || name === 'TypeError';
  console.error(`${isUsage ? '' : 'Not asked: '}${message}${isUsage ? `\n\n${usage}` : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}
