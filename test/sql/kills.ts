import { expect } from 'vitest';
import type { EngineFamily } from '../../functions/domain/model/engine.ts';
import type { Answer, Ask, Asked, Input, Reply } from '../../functions/sql/contract.ts';
import { type Doom, SqlProcess } from '../../rehearsal/sql/sql-process.ts';

/** `npm run kills` kills at every statement of every operation; `npm test` at the middle one, and after the return. */
export const everywhere = (import.meta as { env?: { MODE?: string } }).env?.MODE === 'kills';

type Given<A extends Ask> = Omit<Input<A>, 'executionArn' | 'login'> & { executionArn?: string };

interface Asking {
  run: string;
  family: EngineFamily;
  question<A extends Ask>(what: A, input: Given<A>): Promise<Reply<Ask>>;
  /** Failures that the killed one's last statement, which may still run in the server, is the reason of. */
  passing: readonly string[];
}

export interface Kill<A extends Ask> {
  /** Puts back what was done. */
  undo?: () => Promise<unknown>;
  /** What does not depend on the moment. */
  same?: (facts: Answer<A>) => unknown;
}

/** Statement 2 is not sent when the process was killed after the answer to statement 1: so only the first has a death before it. */
function planDeaths(statements: number): Doom[] {
  const middle = Math.ceil(statements / 2);
  const chosen = everywhere ? Array.from({ length: statements }, (_, index) => index + 1) : [middle];
  return [
    ...(everywhere ? ([{ moment: 'before', statement: 1 }] as const) : []),
    ...chosen.flatMap((statement): Doom[] => [
      { moment: 'sent', statement },
      { moment: 'answered', statement },
    ]),
    { moment: 'returned' },
  ];
}

/** Kills the function of a family, which runs in a process of its own, in one place after the other. */
export class Killer {
  readonly #asking: Asking;
  /** A process takes a third of a second to begin, so the next one begins while this one works. */
  #spare = new SqlProcess();
  /** How often a process was killed. */
  deaths = 0;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  end(): Promise<void> {
    return this.#spare.end();
  }

  /**
   * Kills an operation in one place after the other, each time from the same beginning, and asks again: that answers what it answers when
   * nobody was killed. At the end it is done.
   */
  async kill<A extends Ask>(
    what: A,
    input: Given<A>,
    { undo, same = (facts) => facts }: Kill<A> = {},
  ): Promise<void> {
    const { statements = 0, reply } = (await this.#askProcess(what, input)) ?? {};
    if (reply?.kind !== 'answer') throw new Error(`${what}: ${JSON.stringify(reply)}`);
    const usual = same(reply.facts as Answer<A>);
    for (const doom of planDeaths(statements)) {
      await this.#killProcess(what, input, doom, undo);
      expect({ doom, facts: same(await this.#askAgain(what, input)) }).toEqual({ doom, facts: usual });
    }
  }

  #askProcess<A extends Ask>(what: A, input: Given<A>, doom?: Doom) {
    const process = this.#spare;
    this.#spare = new SqlProcess();
    const { run: executionArn, family } = this.#asking;
    const question = { ask: what, executionArn, family, login: { user: 'viridian' }, ...input };
    return process.ask(question as unknown as Asked, doom);
  }

  /** As the states do it: what still writes on the other side, such as the stream that applies, is waited for. */
  async #askAgain<A extends Ask>(what: A, input: Given<A>): Promise<Answer<A>> {
    for (;;) {
      const reply = await this.#asking.question(what, input);
      if (reply.kind === 'answer') return reply.facts as Answer<A>;
      if (this.#asking.passing.includes(reply.code)) continue;
      if (reply.kind === 'failed' || reply.code !== 'writers') throw new Error(`${what}: ${reply.because}`);
    }
  }

  /** A process that survives took fewer rounds to wait for sessions that end than the one whose statements were counted: the next dies earlier. */
  async #killProcess<A extends Ask>(
    what: A,
    input: Given<A>,
    doom: Doom,
    undo?: () => Promise<unknown>,
  ): Promise<void> {
    await undo?.();
    if (!(await this.#askProcess(what, input, doom))) {
      this.deaths += 1;
      return;
    }
    if (doom.moment === 'returned' || doom.statement === 1)
      throw new Error(`${what} survives ${doom.moment}`);
    await this.#killProcess(what, input, { ...doom, statement: Math.ceil(doom.statement / 2) }, undo);
  }
}
