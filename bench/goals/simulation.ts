import { playSeed } from '../../test/simulation/random-run.ts';
import type { GoalRow } from './goal.ts';

/** Seeds a second and core. */
const goal = 20;
const seeds = 100;
/** The first compile what all others use. */
const warming = 20;

/** How many whole deployments that chance puts together one core plays in a second. */
export async function simulationRows(): Promise<GoalRow[]> {
  process.env.STATE_MACHINE_ARN =
    'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment';
  const cold = await perSecond(1, warming);
  const warm = await perSecond(1 + warming, seeds);
  return [
    {
      goal: `whole deployments simulated a second of CPU: ${goal}`,
      figure: warm.toFixed(1),
      baseline: `${cold.toFixed(1)} by the first ${warming}`,
      met: warm >= goal,
      because:
        'no function of the profile takes more than a tenth: signing, parsing, middy, JSONata and copies of the world share it',
    },
  ];
}

/** By CPU time, which a busy machine does not stretch much. */
async function perSecond(first: number, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let seed = first; seed < first + count; seed += 1) await playSeed(seed);
  const { user, system } = process.cpuUsage(before);
  return count / ((user + system) / 1e6);
}
