import { isMeant } from '../../../functions/domain/way-back/identity.ts';
import type { Answer, Ask, Asked, Place, Reply } from '../../../functions/sql/contract.ts';
import type { LambdaHandler } from '../../../packages/local-aws/services/lambda.ts';
import { type Family, Refused } from './family.ts';
import { answerAsMysql } from './mysql.ts';
import { answerAsPostgres } from './postgres.ts';
import { FakeServers } from './servers.ts';

/** Whatever registers functions: the local Lambda. */
interface Registry {
  register(name: string, handler: LambdaHandler, options: { timeoutSeconds: number }): void;
}

/**
 * Answers like the functions that speak SQL, about databases that hold nothing but whether they can be written to. The rules are
 * those of the real operations of each family: what they refuse, this refuses.
 */
export class FakeDatabases extends FakeServers {
  /** Lets the functions of both families answer so. */
  registerIn(lambda: Registry, timeoutSeconds = 60): void {
    for (const [key, family, answers] of [
      ['sqlPostgres', 'postgresql', answerAsPostgres(this)],
      ['sqlMysql', 'mysql', answerAsMysql(this)],
    ] as const)
      lambda.register(
        `viridian-rehearsal-${key}`,
        (question) => this.#answer(question as Asked, family, answers),
        { timeoutSeconds },
      );
  }

  async #answer(question: Asked, speaks: string, family: Family): Promise<Reply<Ask>> {
    const { ask, ...input } = question;
    if ((input.family ?? 'postgresql') !== speaks)
      throw new TypeError(`the function of ${speaks} was asked about ${input.family}`);
    this.asked.push(ask);
    await this.slow.get(ask)?.();
    const instead = this.instead.get(ask);
    if (instead) return instead;
    try {
      this.#requireMeant(input);
      const facts = await (family[ask] as (input: unknown) => unknown)(input);
      return { kind: 'answer', facts: facts as Answer<Ask> };
    } catch (error) {
      if (error instanceof Refused) return { kind: 'refused', code: error.code, because: error.message };
      throw error;
    }
  }

  /** The comparison of every session: nothing is done on another server than the one that is meant. */
  #requireMeant(input: object): void {
    for (const place of [input, ...Object.values(input)] as Partial<Place>[]) {
      if (!place?.is || !this.behaviour.comparesServers) continue;
      const at = this.at(place as Place);
      const shown = { mark: this.marks.get(at) ?? null, timeline: 1, server: this.serverIdOf(at) };
      if (!isMeant(place.is, shown)) throw new Refused('other-server');
    }
  }
}
