import { describeStatistics, type Statistics } from '../functions/domain/build/statistics.ts';
import type { StateName } from '../functions/domain/model/states.ts';
import { databaseOf } from '../packages/local-aws/rds/provisioning.ts';
import { assignedBy } from './invariants/evidence.ts';
import type { Report } from './report/types.ts';
import type { Stage } from './stage.ts';

/** The state with which the run leaves the statistics behind: nobody has been asked for an approval yet. */
const next: StateName = 'Find the next window';

type Tables = NonNullable<Report['statistics']>['tables'];

/** Reads what the planner of green knows, from green itself, when the run goes on to the approval. */
export function watchStatistics({ account, servers }: Stage): {
  report(executionArn: string): Promise<Report['statistics']>;
} {
  let reading: Promise<Tables | null> | undefined;
  account.states.on((event) => {
    if (event.kind !== 'history' || event.event.stateEnteredEventDetails?.name !== next) return;
    const [deployment] = account.rds.world.deployments;
    if (!deployment?.members[0].green) return;
    const green = databaseOf(account.rds, deployment, 'green');
    reading ??= servers.readStatistics(green).catch(() => []);
  });
  return {
    async report(executionArn) {
      const tables = await reading;
      if (!tables) return null;
      const history = account.states.getExecutionHistory(executionArn);
      const said =
        assignedBy(history, 'Are the statistics of green refreshed?', 'statistics') ??
        assignedBy(history, 'Refresh the statistics of green', 'statistics');
      return { told: describeStatistics(said as Statistics), tables };
    },
  };
}
