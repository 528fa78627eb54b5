import { useLogSink } from '../../functions/runtime/log.ts';
import type { Answer, Ask, Input, Place } from '../../functions/sql/contract.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { PostgresDataPlane } from '../../packages/local-aws/postgres/data-plane.ts';
import {
  APP_DATABASE,
  APP_ROLE,
  type Database,
  ownerConnection,
  withSession,
} from '../../packages/local-aws/postgres/database.ts';
import { prepareWayBack } from '../../rehearsal/servers/postgres-setup.ts';

/** How much there is of what operations read. */
export interface Size {
  databases: number;
  /** In each database. */
  tables: number;
  sequences: number;
}

/** Made by one statement, so that none takes more locks than a server has. */
const atOnce = 500;

/**
 * Two servers with the same schema and no rows to speak of, as after a cut: `old` is the target of a way back, `new` is production. What grows
 * with rows, the forward stream, and the application are not part of it.
 */
export class SizeStage {
  readonly #plane: PostgresDataPlane;
  /** Of the application, `app` first. */
  readonly databases: string[] = [APP_DATABASE];

  private constructor(plane: PostgresDataPlane) {
    this.#plane = plane;
  }

  /** @param majors of the target and of new production */
  static async open(majors: { target: string; production: string }): Promise<SizeStage> {
    useLogSink(() => {});
    const plane = await PostgresDataPlane.open();
    try {
      await plane.createDatabase('old', majors.target);
      await plane.createDatabase('new', majors.production);
      for (const side of ['old', 'new']) await prepareWayBack(plane, side);
      return new SizeStage(plane);
    } catch (failure) {
      await plane.dispose();
      throw failure;
    }
  }

  get sides(): { production: Place; target: Place } {
    return { production: placeOf('new', this.new), target: placeOf('old', this.old) };
  }
  get old(): Database {
    return this.#plane.database('old');
  }
  get new(): Database {
    return this.#plane.database('new');
  }

  /** Makes tables and sequences in `app` on both sides, or what is still missing there. */
  async fill(size: Pick<Size, 'tables' | 'sequences'>): Promise<void> {
    for (const side of ['old', 'new'] as const) await this.fillSide(side, size);
  }

  async fillSide(
    side: 'old' | 'new',
    { tables, sequences }: Pick<Size, 'tables' | 'sequences'>,
  ): Promise<void> {
    const database = this[side];
    await make(
      database,
      tables,
      'CREATE TABLE IF NOT EXISTS public.%I (id int PRIMARY KEY, word text)',
      'table_',
    );
    await make(database, sequences, 'CREATE SEQUENCE IF NOT EXISTS public.%I', 'sequence_');
    await database.sql.query(
      `GRANT USAGE ON SCHEMA public TO viridian; GRANT SELECT ON ALL TABLES IN SCHEMA public TO viridian;
       GRANT SELECT, UPDATE, USAGE ON ALL SEQUENCES IN SCHEMA public TO viridian`,
    );
  }

  /** Runs a statement in every database of both sides. */
  async inEach(statement: string): Promise<void> {
    for (const { server } of [this.old, this.new]) {
      for (const name of this.databases)
        await withSession(ownerConnection(server, name), (client) => client.query(statement));
    }
  }

  /** Copies `app`, with all that is in it, so that there are so many databases on both sides. @param nameOf of the second one and the others */
  async multiply(count: number, nameOf = (index: number): string => `app_${index}`): Promise<void> {
    const names = Array.from({ length: count - 1 }, (_, index) => nameOf(index));
    for (const { server } of [this.old, this.new]) {
      await withSession(ownerConnection(server, 'postgres'), async (client) => {
        for (const name of names) {
          await endSessions(client);
          await client.query(`CREATE DATABASE "${name}" TEMPLATE ${APP_DATABASE} OWNER ${APP_ROLE}`);
          // The setup file grants it in each database, and a copy does not bring it along.
          await client.query(
            `GRANT CONNECT ON DATABASE "${name}" TO viridian, viridian_replication, viridian_probe`,
          );
        }
      });
    }
    this.databases.push(...names);
  }

  /** Asks the function that speaks SQL, and expects an answer; a failure that passes is asked again, as a state machine does. */
  async ask<A extends Ask>(
    what: A,
    input: Omit<Input<A>, 'executionArn' | 'login'>,
    tries = 3,
  ): Promise<Answer<A>> {
    const by = { executionArn: run, login: { user: 'viridian' } };
    const reply = await handler({ ask: what, ...by, ...input } as never);
    if (reply.kind === 'failed' && tries > 1) return this.ask(what, input, tries - 1);
    if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
    return reply.facts as Answer<A>;
  }

  close(): Promise<void> {
    return this.#plane.dispose();
  }
}

const run = 'arn:aws:states:eu-west-1:111122223333:execution:size:run-1';

/** A database can be copied only while nobody is in it. */
async function endSessions(client: {
  query(text: string, values: string[]): Promise<unknown>;
}): Promise<void> {
  await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
    APP_DATABASE,
  ]);
}

async function make({ sql }: Database, count: number, statement: string, prefix: string): Promise<void> {
  for (let from = 0; from < count; from += atOnce) {
    await sql.query(
      `DO $make$ BEGIN FOR n IN ${from + 1}..${Math.min(count, from + atOnce)} LOOP
         EXECUTE format('${statement}', '${prefix}' || n); END LOOP; END $make$`,
    );
  }
}

function placeOf(resourceId: string, { server }: Database): Place {
  return { resourceId, is: null, host: '127.0.0.1', port: server.port };
}
