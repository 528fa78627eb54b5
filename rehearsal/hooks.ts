import type { PausingEndpoint } from '../packages/local-aws/postgres/proxy/pausing-endpoint.ts';
import { WORKLOAD_SCHEMA } from '../packages/local-aws/postgres/workload-schema.ts';
import { lateAfter } from '../packages/local-aws/real-clock.ts';
import type { LambdaService } from '../packages/local-aws/services/lambda.ts';
import type { Servers } from './servers/servers.ts';

const name = 'viridian-hook-test-green';

/** Real milliseconds in which every session must come to rest. */
const holdWithinMs = 5_000;
/** Of the run's time: half a minute of real time. */
const timeoutSeconds = 900;

/**
 * Registers a testGreen hook as a user would write one: it signs in to green as the application and reads.
 * @param saysNo it looks for a row that is not there
 * @returns the hook's ARN
 */
export function registerTestHook(
  lambda: LambdaService,
  { countAccounts }: Pick<Servers, 'countAccounts'>,
  saysNo: boolean,
): string {
  const wanted = saysNo ? 'an account that nobody has' : 'all accounts';
  lambda.register(
    name,
    async ({ endpoint }: { endpoint: string }) => {
      const [host = '', port] = endpoint.split(':');
      const { count, version } = await countAccounts({ host, port: Number(port) }, !saysNo);
      const because = `looked for ${wanted} on ${version}: ${count} found`;
      return { verdict: count > 0 ? 'pass' : 'fail', because, facts: { count, version } };
    },
    { timeoutSeconds: 60 },
  );
  return lambda.arnOf(name);
}

/**
 * Registers a changeGreen hook that contracts before it has expanded: the application still writes the column on blue.
 * @returns the hook's ARN
 */
export function registerChangeHook(lambda: LambdaService, { run }: Pick<Servers, 'run'>): string {
  const changes = 'viridian-hook-change-green';
  lambda.register(changes, async ({ deployment }: { deployment: { green: { resourceId: string } } }) => {
    await run(deployment.green.resourceId, `ALTER TABLE ${WORKLOAD_SCHEMA}.history DROP COLUMN note`);
    return { verdict: 'pass', because: 'a column was dropped', facts: {} };
  });
  return lambda.arnOf(changes);
}

/**
 * Registers hooks as the owner of a pooler would write them: one pauses it, so that sessions wait between two transactions, the other one
 * leads it to the endpoint that serves and resumes it.
 * @returns the hooks as a request names them
 */
export function registerWriteHooks(lambda: LambdaService, pooler: PausingEndpoint) {
  const [stop, resume] = ['viridian-hook-stop-writes', 'viridian-hook-resume-writes'] as const;
  const verdict = (done: Promise<void>, because: string) =>
    done.then(
      () => ({ verdict: 'pass', because, facts: {} }),
      (failure: Error) => ({ verdict: 'fail', because: failure.message, facts: {} }),
    );
  lambda.register(stop, () => verdict(pooler.park(lateAfter(holdWithinMs)), 'the pooler is paused'), {
    timeoutSeconds,
  });
  lambda.register(
    resume,
    ({ endpoint }: { endpoint: string }) =>
      verdict(pooler.unpark({ port: Number(endpoint.split(':')[1]) }), `the pooler leads to ${endpoint}`),
    { timeoutSeconds },
  );
  return { stopWrites: { arn: lambda.arnOf(stop) }, resumeWrites: { arn: lambda.arnOf(resume) } };
}
