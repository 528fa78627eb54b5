import { readRunFacts } from '../../functions/aws/step-functions/run-facts.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import { readStanding, type Standing } from '../../functions/domain/run/standing.ts';
import type { DecideResult } from '../../functions/http/protocol.ts';
import { type Question, readQuestion } from '../approval/question.ts';
import { signedPost } from '../approval/signer.ts';
import { type Answer, readSaw, Visitor } from '../approval/visitor.ts';
import type { Stage } from './stage.ts';

/** What a person asks who starts a run by hand. */
export const input = {
  database: 'orders',
  target: { engineVersion: '17.10', parameterGroup: 'logical17' },
};

/** As a browser sends the form of our own page. */
const fromItself = { headers: { origin: 'http://127.0.0.1' } };

/** Somebody with rights in IAM, before a stage. */
export class Operator {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Posts to the route of IAM as the commands do; the local endpoint takes the key id for the user's name. */
  async call(user: string, body: object): Promise<DecideResult> {
    const request = await signedPost(user, JSON.stringify(body), this.#stage.clock.now());
    const send = new Visitor(this.#stage.account.endpoint).send(request);
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

  /** The newest question to people. */
  question(): Question {
    const { messages } = this.#stage.account.sns;
    const asked = messages.findLast(({ topicArn }) => topicArn === this.#stage.account.topics.approvals);
    if (!asked) throw new Error('nobody was asked');
    return readQuestion(asked);
  }

  /** Says yes on the page of the newest question. */
  async approve(name: string): Promise<Answer> {
    const { decideCode } = this.question();
    const visitor = new Visitor(this.#stage.account.endpoint, this.#stage.account.sns);
    const shown = await this.#stage.clock.run(visitor.get(decideCode));
    const form = { answer: 'approve', name, reason: '', saw: readSaw(shown.text) };
    return this.#stage.clock.run(visitor.post(decideCode, form, fromItself));
  }

  /** Somebody with the link to stop of a question, in a browser: what it shows, and what its buttons do. */
  page({ stopCode }: Question) {
    const { account, clock } = this.#stage;
    const visitor = new Visitor(account.endpoint, account.sns);
    return {
      open: async () => {
        const { text } = await clock.run(visitor.get(stopCode));
        const buttons = [...text.matchAll(/<button name="answer" value="([\w-]+)"/g)];
        return { text, buttons: buttons.map(([, value]) => value) };
      },
      press: (answer: string, more: Record<string, string> = {}) => {
        const form = { answer, name: 'Bob Example', reason: 'odd lag tonight', ...more };
        return clock.run(visitor.post(stopCode, form, fromItself));
      },
    };
  }

  /** What `npm run status` says. */
  async standing(executionArn: string): Promise<Standing> {
    const { clock } = this.#stage;
    const facts = await clock.run(readRunFacts(executionArn));
    if (!facts) throw new Error(`${executionArn} is not known`);
    return readStanding(facts, clock.now());
  }
}
