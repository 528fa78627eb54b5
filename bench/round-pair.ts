import type { Answer, Ask, Input, Place, Reply } from '../functions/sql/contract.ts';
import type { DataPlane } from '../packages/local-aws/rds/data-plane.ts';
import type { Led } from '../packages/local-aws/servers/endpoints/traffic.ts';

/** Name that the application knows. */
export const production = 'shop';

/** A data plane whose databases are real servers. */
type Plane<Database extends Led> = DataPlane & { database(resourceId: string): Database };

/** A blue server that stays, and a green one a round. The functions are asked as they are deployed, by the same code. */
export abstract class RoundPair<Database extends Led, Servers extends Plane<Database>> {
  readonly plane: Servers;
  readonly #greenVersion: string;
  readonly #handler: (question: never) => Promise<Reply<Ask>>;
  #round = 0;

  /** @param handler of the function that speaks SQL */
  protected constructor(
    plane: Servers,
    greenVersion: string,
    handler: (question: never) => Promise<Reply<Ask>>,
  ) {
    this.plane = plane;
    this.#greenVersion = greenVersion;
    this.#handler = handler;
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
  /** As the functions name the two sides once green serves. */
  get sides(): { production: Place; target: Place } {
    return { production: placeOf(this.greenId, this.green), target: placeOf('blue', this.blue) };
  }

  async buildGreen(): Promise<void> {
    this.#round += 1;
    const { deployment, greenId: green } = this;
    await this.plane.buildGreen({ deployment, blue: 'blue', green, engineVersion: this.#greenVersion });
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

  /** Asks the function that speaks SQL, for the round's run. */
  async ask<A extends Ask>(what: A, input: Omit<Input<A>, 'executionArn' | 'login'>): Promise<Answer<A>> {
    const by = { executionArn: this.runArn, login: { user: 'viridian' } };
    const reply = await this.#handler({ ask: what, ...by, ...input } as never);
    if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
    return reply.facts as Answer<A>;
  }
}

function placeOf(resourceId: string, { server }: Led): Place {
  return { resourceId, is: null, host: '127.0.0.1', port: server.port };
}
