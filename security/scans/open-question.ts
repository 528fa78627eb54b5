import { useLogSink } from '../../functions/runtime/log.ts';
import { ScaledClock } from '../../packages/local-aws/clock.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import { openAccount } from '../../rehearsal/account.ts';
import { onQuestion } from '../../rehearsal/approver.ts';

/** A question that waits for its answer, at a page that is served on this machine. */
export interface OpenQuestion {
  link: string;
  /** Whether it still waits. */
  isOpen(): boolean;
  close(): Promise<void>;
}

/** The local RDS builds green within a minute. Milliseconds of the run's time. */
const timings = {
  provisioningStart: 5_000,
  createReplica: 10_000,
  configureBackups: 5_000,
  settleMembers: 10_000,
};

/** Times as fast as on AWS: green is built within seconds, and the question stays open for minutes. */
const scale = 60;

/** Lets the workflow itself ask: every function behind the page is the deployed one, with its role. */
export async function openQuestion(): Promise<OpenQuestion> {
  useLogSink(() => {});
  const clock = new ScaledClock(scale);
  const account = await openAccount({ clock, dataPlane: new SimulatedDataPlane(clock), timings });
  await addInstance(account.rds, { DBInstanceIdentifier: 'orders', EngineVersion: '16.10', MultiAZ: true });
  const server = await account.listen(0);
  const asked = new Promise<string>((resolve) => {
    onQuestion(account.sns, account.topics.approvals, ({ link }) => resolve(link));
  });
  const input = { database: 'orders', target: { engineVersion: '16.14' } };
  const { executionArn } = await account.states.startExecution({
    stateMachineArn: account.stateMachineArn,
    input: JSON.stringify(input),
  });
  return {
    link: await asked,
    isOpen: () => account.states.describeExecution(executionArn).status === 'RUNNING',
    async close() {
      // It would go on without the account.
      if (account.states.describeExecution(executionArn).status === 'RUNNING')
        await account.states.stopExecution(executionArn);
      account.close();
      await server.close();
      useLogSink(undefined);
    },
  };
}
