import { readReadiness } from '../../aws/facts/readiness.ts';
import type { Deployment } from '../../domain/model/deployment.ts';
import { ProvisioningFailed } from '../../domain/model/errors.ts';
import { clock } from '../../runtime/clock.ts';
import type { WaitingRunEvent } from '../../tasks/run-event.ts';
import { type Look, wait } from '../../tasks/wait.ts';

/** Green is ready when the deployment, its tasks and every member of both sides say so in one look. */
export const handler = wait('Wait for green', async (event: WaitingRunEvent): Promise<Look<Deployment>> => {
  const verdict = await readReadiness(event, clock.now());
  if (verdict.kind === 'no') throw new ProvisioningFailed(verdict.because);
  if (verdict.kind === 'not-yet') return verdict;
  return { kind: 'ready', facts: { ...event.deployment, ...verdict.facts } };
});
