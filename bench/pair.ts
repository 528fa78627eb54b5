import { useLogSink } from '../functions/runtime/log.ts';
import { handler } from '../functions/sql/postgres.ts';
import { PostgresDataPlane } from '../packages/local-aws/postgres/data-plane.ts';
import { APP_DATABASE, type Database } from '../packages/local-aws/postgres/database.ts';
import type { Link } from '../packages/local-aws/postgres/link.ts';
import { PausingEndpoint } from '../packages/local-aws/postgres/proxy/pausing-endpoint.ts';
import { seedWorkload } from '../packages/local-aws/postgres/seed.ts';
import { lateAfter } from '../packages/local-aws/real-clock.ts';
import { prepareWayBack } from '../rehearsal/servers/postgres-setup.ts';
import { production, RoundPair } from './round-pair.ts';

export const databases = [APP_DATABASE];
/** The application comes through a pooler. */
export class Pair extends RoundPair<Database, PostgresDataPlane> {
  readonly pooler: PausingEndpoint;

  private constructor(plane: PostgresDataPlane, pooler: PausingEndpoint) {
    super(plane, '17', handler);
    this.pooler = pooler;
  }

  static async open(rows: number): Promise<Pair> {
    useLogSink(() => {});
    const plane = await PostgresDataPlane.open();
    await plane.createDatabase('blue', '15');
    await seedWorkload(plane, 'blue', rows);
    await prepareWayBack(plane, 'blue');
    await plane.pointEndpoint(production, 'blue');
    const pooler = await PausingEndpoint.open();
    pooler.point(plane.endpoint(production));
    return new Pair(plane, pooler);
  }

  get link(): Link {
    return this.plane.link(this.deployment);
  }

  async hold(): Promise<void> {
    await this.pooler.park(lateAfter(10_000)).catch(async ({ message }: Error) => {
      const busy = await Promise.all([this.blue, this.green].map(describeBusy));
      throw new Error(`${message}: ${busy.flat().join('; ')}`);
    });
  }

  release(): Promise<void> {
    return this.pooler.unpark(this.plane.endpoint(production));
  }

  async close(): Promise<void> {
    await this.pooler.close();
    await this.plane.dispose();
  }
}

/** What the sessions of the application do, and which others they wait for. */
async function describeBusy({ sql, resourceId }: Database): Promise<string[]> {
  const { rows } = await sql.query<{ text: string }>(
    `SELECT format('%s %s %s, waits for %s since %s', pid, state, wait_event, pg_blocking_pids(pid), now() - state_change) AS text
       FROM pg_stat_activity WHERE datname = $1 AND state <> 'idle' AND pid <> pg_backend_pid()`,
    [APP_DATABASE],
  );
  return rows.map(({ text }) => `${resourceId}: ${text}`);
}
