import { useLogSink } from '../functions/runtime/log.ts';
import type { Answer, Ask, Input, Place } from '../functions/sql/contract.ts';
import { handler } from '../functions/sql/postgres.ts';
import { PostgresDataPlane } from '../packages/local-aws/postgres/data-plane.ts';
import { APP_DATABASE, type Database } from '../packages/local-aws/postgres/database.ts';
import type { Link } from '../packages/local-aws/postgres/link.ts';
import { PausingEndpoint } from '../packages/local-aws/postgres/proxy/pausing-endpoint.ts';
import { seedWorkload } from '../packages/local-aws/postgres/seed.ts';
import { lateAfter } from '../packages/local-aws/real-clock.ts';
import { prepareWayBack } from '../rehearsal/servers/postgres-setup.ts';

export const databases = [APP_DATABASE];
/** Name that the application knows. */
const production = 'shop';

/**
 * A blue server that stays, and a green one a round; the application comes through a pooler. The functions are asked as they are
 * deployed, by the same code.
 */
export class Pair {
  readonly plane: PostgresDataPlane;
  readonly pooler: PausingEndpoint;
  #round = 0;

  private constructor(plane: PostgresDataPlane, pooler: PausingEndpoint) {
    this.plane = plane;
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

  get deployment(): string {
    return `bench-${this.#round}`;
  }
  get greenId(): string {
    return `green-${this.#round}`;
  }
  /** The run that the way back of the round belongs to. */
  get runArn(): string {
    return `arn:aws:states:eu-west-1:111122223333:execution:bench:${this.deployment}`;
  }
  get blue(): Database {
    return this.plane.database('blue');
  }
  get green(): Database {
    return this.plane.database(this.greenId);
  }
  get link(): Link {
    return this.plane.link(this.deployment);
  }
  /** As the functions name the two sides once green serves. */
  get sides(): { production: Place; target: Place } {
    return { production: placeOf(this.greenId, this.green), target: placeOf('blue', this.blue) };
  }

  async buildGreen(): Promise<void> {
    this.#round += 1;
    const { deployment, greenId: green } = this;
    await this.plane.buildGreen({ deployment, blue: 'blue', green, engineVersion: '17' });
    await this.plane.pointEndpoint(`${production}-${green}`, green);
  }

  async removeGreen(): Promise<void> {
    await this.plane.endReplication(this.deployment);
    await this.plane.removeDatabase(this.greenId);
  }

  /** The names of the one endpoint, for the local RDS. */
  get names() {
    const green = `${production}-${this.greenId}`;
    const oldBlue = `${production}-old-${this.greenId}`;
    return [{ production, green, oldBlue, blueResource: 'blue', greenResource: this.greenId }];
  }

  /** Leads production to a database; whatever is connected is cut, as by RDS. */
  lead(resourceId: string): Promise<void> {
    return this.plane.pointEndpoint(production, resourceId);
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

  /** Asks the function that speaks SQL, for the round's run. */
  async ask<A extends Ask>(what: A, input: Omit<Input<A>, 'executionArn' | 'login'>): Promise<Answer<A>> {
    const by = { executionArn: this.runArn, login: { user: 'viridian' } };
    const reply = await handler({ ask: what, ...by, ...input } as never);
    if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
    return reply.facts as Answer<A>;
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

function placeOf(resourceId: string, { server }: Database): Place {
  return { resourceId, is: null, host: '127.0.0.1', port: server.port };
}
