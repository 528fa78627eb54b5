import { useLogSink } from '../../functions/runtime/log.ts';
import type { Answer, Ask, Input, Place } from '../../functions/sql/contract.ts';
import type { MysqlDataPlane } from '../../packages/local-aws/mysql/data-plane.ts';
import type { Database } from '../../packages/local-aws/mysql/database.ts';
import type { Flavour } from '../../packages/local-aws/mysql/server/programs.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/mysql/workload.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import { rehearsed } from '../../rehearsal/blue.ts';
import { openMysql } from '../../rehearsal/servers/mysql.ts';
import type { Servers } from '../../rehearsal/servers/servers.ts';

export const databases = [WORKLOAD_SCHEMA];
/** Milliseconds from which a question is told. */
const slowMs = 1_000;
/** Name that the application knows. */
const production = 'shop';

/** A blue server that stays, and a green one a round. The functions are asked as they are deployed, by the same code. */
export class Pair {
  readonly servers: Servers;
  readonly plane: MysqlDataPlane;
  readonly #to: string;
  #round = 0;

  private constructor(servers: Servers, to: string) {
    this.servers = servers;
    this.plane = servers.plane as MysqlDataPlane;
    this.#to = to;
  }

  static async open(flavour: Flavour, rows: number): Promise<Pair> {
    useLogSink(() => {});
    const [from, to] = rehearsed[flavour].usual;
    const servers = await openMysql(
      { flavour, from, to, named: new Map(), told: (line) => console.error(line) },
      {},
    );
    const pair = new Pair(servers, servers.versions.get(to) ?? to);
    await pair.plane.createDatabase('blue', servers.versions.get(from) ?? from);
    await servers.fill('blue', { rows });
    await servers.prepareWayBack('blue');
    await pair.lead('blue');
    return pair;
  }

  get deployment(): string {
    return `bench-${this.#round}`;
  }
  get greenId(): string {
    return `green-${this.#round}`;
  }
  get blue(): Database {
    return this.plane.database('blue');
  }
  get green(): Database {
    return this.plane.database(this.greenId);
  }
  get port(): number {
    return this.plane.endpoint(production).port;
  }
  /** As the functions name the two sides once green serves. */
  get sides(): { production: Place; target: Place } {
    return { production: placeOf(this.greenId, this.green), target: placeOf('blue', this.blue) };
  }

  async buildGreen(): Promise<void> {
    this.#round += 1;
    const { deployment, greenId: green } = this;
    await this.plane.buildGreen({ deployment, blue: 'blue', green, engineVersion: this.#to });
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

  /** Leads production nowhere, as RDS does for its cut: who comes again meanwhile is refused. */
  cutOff(): Promise<void> {
    return this.plane.pointEndpoint(production, undefined);
  }

  /** Asks the function that speaks SQL, for the round's run. */
  async ask<A extends Ask>(what: A, input: Omit<Input<A>, 'executionArn' | 'login'>): Promise<Answer<A>> {
    const executionArn = `arn:aws:states:eu-west-1:111122223333:execution:bench:${this.deployment}`;
    const question = { ask: what, executionArn, login: { user: 'viridian' }, ...input };
    const began = realClock.now();
    const reply = await this.servers.sql.handler(question as never);
    const took = realClock.now() - began;
    // A look at what was slow, where a round is an outlier.
    if (took > slowMs) console.error(`  ${what} took ${took.toFixed(0)} ms`);
    if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
    return reply.facts as Answer<A>;
  }

  close(): Promise<void> {
    return this.plane.dispose();
  }
}

function placeOf(resourceId: string, { server }: Database): Place {
  return { resourceId, is: null, host: '127.0.0.1', port: server.port };
}
