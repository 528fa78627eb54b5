/** A process of `npm run simulate`: it is sent first and last seed of a share, plays them, and answers what broke. */
import { playSeed, tell } from './random-run.ts';

// Functions name it when they count an unexpected error.
process.env.STATE_MACHINE_ARN =
  'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-test-blue-green-deployment';

process.on('message', async ({ first, last }: { first: number; last: number }) => {
  const broken: string[] = [];
  for (let seed = first; seed <= last; seed += 1) {
    const told = await playSeed(seed).then(tell, (error: Error) => `seed ${seed}: ${error.stack}`);
    if (told) broken.push(told);
  }
  process.send?.(broken);
});
