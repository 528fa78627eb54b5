import { configureClients } from '../functions/aws/clients/settings.ts';
import { readRunFacts } from '../functions/aws/step-functions/run-facts.ts';
import type { RunFacts } from '../functions/domain/run/facts.ts';
import { UsageError } from './arguments.ts';

/**
 * Lets the clients of this process ask the Region of an execution.
 * @throws UsageError where the text is no ARN of one
 */
export function useRegionOf(execution: string): void {
  const region = /^arn:[a-z-]+:states:([a-z0-9-]+):\d{12}:execution:/.exec(execution)?.[1];
  if (!region) throw new UsageError(`--execution ${execution}: give the ARN of an execution`);
  configureClients({ region });
}

/** The moment of a look, in milliseconds since the epoch: the clock of this machine may be behind that of the run. */
export const momentOf = ({ entered }: RunFacts): number => Math.max(Date.now(), entered.at(-1)?.at ?? 0);

/** Reads how one execution stands, with your own credentials. */
export async function readOne(executionArn: string): Promise<RunFacts> {
  const facts = await readRunFacts(executionArn);
  if (facts) return facts;
  throw new Error(
    `${executionArn} does not exist, or it ended more than 90 days ago; npm run evidence reads its record`,
  );
}
