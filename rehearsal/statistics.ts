import { describeStatistics, type Statistics } from '../functions/domain/build/statistics.ts';
import type { StateName } from '../functions/domain/model/states.ts';
import type { Sql } from '../packages/local-aws/postgres/database.ts';
import { databaseOf } from '../packages/local-aws/rds/provisioning.ts';
import { assignedBy } from './invariants/evidence.ts';
import type { Report } from './report/types.ts';
import type { Stage } from './stage.ts';

/** The state with which the run leaves the statistics behind: nobody has been asked for an approval yet. */
const next: StateName = 'Find the next window';

type Tables = NonNullable<Report['statistics']>['tables'];

/** Reads what the planner of green knows, from green itself, when the run goes on to the approval. */
export function watchStatistics({ account, plane }: Stage): {
  report(executionArn: string): Promise<Report['statistics']>;
} {
  let reading: Promise<Tables> | undefined;
  account.states.on((event) => {
    if (event.kind !== 'history' || event.event.stateEnteredEventDetails?.name !== next) return;
    const [deployment] = account.rds.world.deployments;
    if (!deployment?.members[0].green) return;
    const green = databaseOf(account.rds, deployment, 'green');
    reading ??= readTables(plane.database(green).sql).catch(() => []);
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

/** Every table of users; ours aside. `reltuples` is negative until the first ANALYZE. */
async function readTables(sql: Sql): Promise<Tables> {
  const { rows } = await sql.query<Tables[number]>(
    `SELECT format('%I.%I', schemaname, s.relname) AS name, nullif(greatest(c.reltuples, -1), -1)::float8 AS rows,
            (SELECT count(*)::int FROM pg_stats p WHERE p.schemaname = s.schemaname AND p.tablename = s.relname) AS columns,
            (extract(epoch FROM last_analyze) * 1000)::float8 AS "analyzedAt"
       FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid WHERE schemaname <> 'viridian' ORDER BY 1`,
  );
  return rows;
}
