import { type Actor, currentActor } from '../../runtime/actor.ts';
import { classifyError } from '../errors.ts';

/**
 * Lets questions about several things that an invocation asks side by side go out as one call: RDS admits about 12 calls a second of a whole
 * account and Region, and answers for a hundred things as for one. Where it says that something is not there, each question asks for itself: one
 * that is gone does not make the others seem gone.
 * @param askAll asks about all of them at once; each question takes its own out of the answer
 */
export function askTogether<Answer>(
  askAll: (values: string[]) => Promise<Answer>,
): (values: string[]) => Promise<Answer> {
  const waiting = new WeakMap<Actor, { values: Set<string>; answer: Promise<Answer> }>();
  const join = (actor: Actor, values: string[]) => {
    const joint = waiting.get(actor) ?? { values: new Set<string>(), answer: askSoon(actor) };
    waiting.set(actor, joint);
    for (const value of values) joint.values.add(value);
    return joint;
  };
  const askSoon = async (actor: Actor): Promise<Answer> => {
    await Promise.resolve();
    const { values = [] } = waiting.get(actor) ?? {};
    waiting.delete(actor);
    return askAll([...values]);
  };
  return async (values) => {
    const actor = currentActor();
    if (!actor) return askAll(values);
    const joint = join(actor, values);
    try {
      return await joint.answer;
    } catch (error) {
      if (joint.values.size === values.length || classifyError(error) !== 'missing') throw error;
      return askAll(values);
    }
  };
}
