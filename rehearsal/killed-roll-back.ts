import { functionName } from '../deploy/names.ts';
import type { Ask, Asked } from '../functions/sql/contract.ts';
import { prefix } from './account/place.ts';
import type { Servers } from './servers/servers.ts';
import { askInProcess, type Doom } from './sql/sql-process.ts';
import type { Stage } from './stage.ts';

/** Of the run's time. Databases answer in real time, which counts up to thirtyfold. */
const timeoutSeconds = 900;

/**
 * Deaths on both sides of "Begin to swap the endpoint": the process of the function in the middle of what it does to the databases, and the
 * execution with it.
 */
const deathsOf = ({ deaths }: Servers): { ask: Ask; doom: Doom; comeback: 'redriven' | 'started anew' }[] => [
  {
    ask: 'set-sequences',
    doom: { statement: deaths['set-sequences'], moment: 'sent' },
    comeback: 'redriven',
  },
  { ask: 'open', doom: { statement: deaths.open, moment: 'answered' }, comeback: 'started anew' },
];

/**
 * Goes back as a person asks for it, and kills it again and again; first the person redrives it, then starts it anew with the same input.
 * @param told gets a line for each death
 */
export async function goBackThroughDeaths(
  { account, servers }: Stage,
  run: string,
  told: (line: string) => void,
): Promise<void> {
  const { states, lambda, rollBackMachineArn } = account;
  const start = () =>
    states.startExecution({
      stateMachineArn: rollBackMachineArn,
      input: JSON.stringify({ executionArn: run, requestedBy: 'npm start' }),
    }).executionArn;
  const left = deathsOf(servers);
  let executionArn = '';
  lambda.register(
    functionName(prefix, servers.sql.name),
    async (question: Asked<Ask>) => {
      const [next] = left;
      if (question.ask !== next?.ask) return servers.sql.handler(question);
      left.shift();
      // The execution first: on a slow machine its task could run out of time while the process begins.
      await states.stopExecution(executionArn, undefined, 'killed by the rehearsal');
      const reply = await askInProcess(question, next.doom);
      if (reply) throw new Error(`${next.ask} ended before its death at statement ${next.doom.statement}`);
      const said = `killed in "${next.ask}", after statement ${next.doom.statement} was ${next.doom.moment}`;
      told(`  going back was ${said}; ${next.comeback}`);
      if (next.comeback === 'redriven') states.redriveExecution(executionArn);
      else executionArn = start();
      throw new Error(said);
    },
    { timeoutSeconds },
  );
  executionArn = start();
}
