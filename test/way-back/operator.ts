import { readStanding, type Standing } from '../../commands/run-status.ts';
import { openTokens } from '../../functions/aws/step-functions/open-token.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import type { DecideResult } from '../../functions/http/protocol.ts';
import { Visitor } from '../approval/visitor.ts';
import type { Stage } from './stage.ts';

/** What a person asks who starts a run by hand. */
export const input = {
  database: 'orders',
  target: { engineVersion: '17.10', parameterGroup: 'logical17' },
};

/** Somebody with rights in IAM, before a stage. */
export class Operator {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Posts to the route of IAM as the commands do; the local endpoint takes the key id for the user's name. */
  async call(user: string, body: object): Promise<DecideResult> {
    const credential = `Credential=${user}/20261121/eu-west-1/execute-api/aws4_request`;
    const send = new Visitor(this.#stage.account.endpoint).send({
      method: 'POST',
      path: '/decide',
      headers: { 'content-type': 'application/json', authorization: `AWS4-HMAC-SHA256 ${credential}` },
      body: JSON.stringify(body),
    });
    return JSON.parse((await this.#stage.clock.run(send)).text) as DecideResult;
  }

  /** Stops, pauses or resumes a run as ADA. */
  steer(run: string, kind: 'stop' | 'pause' | 'resume'): Promise<DecideResult> {
    return this.call('ADA', { execution: run, group: '', act: { kind, reason: 'odd lag tonight' } });
  }

  start(more: object): string {
    return this.#stage.account.states.startExecution({
      stateMachineArn: this.#stage.account.stateMachineArn,
      input: JSON.stringify({ ...input, ...more }),
    }).executionArn;
  }

  /** Lets time pass until a run is in a state. */
  async reach(run: string, state: StateName): Promise<void> {
    const arrived = async () => {
      while (this.#stage.path(run).at(-1) !== state) {
        const { status, cause } = this.#stage.account.states.describeExecution(run);
        if (status !== 'RUNNING') throw new Error(`it has ended before "${state}": ${cause}`);
        await this.#stage.clock.sleep(1_000);
      }
    };
    await this.#stage.clock.run(arrived());
  }

  /** Lets time pass until a moment. @param at ISO time */
  async waitUntil(at: string): Promise<void> {
    const { clock } = this.#stage;
    await clock.run(clock.sleep(Date.parse(at) - clock.now()));
  }

  /** What `npm run status` says. */
  async standing(executionArn: string): Promise<Standing> {
    const { states } = this.#stage.account;
    const events = states.getExecutionHistory(executionArn);
    const tokens = [];
    const backwards = (async function* () {
      yield* events.toReversed();
    })();
    for await (const token of openTokens(backwards)) tokens.push(token);
    const { status = '', error } = states.describeExecution(executionArn);
    return readStanding({ executionArn, status, error }, events, tokens);
  }
}
