import { type Actor, currentActor } from '../../runtime/actor.ts';

/**
 * Lets questions about several things that an invocation asks side by side go out as one call: RDS admits about 12 calls a second of a whole
 * account and Region, and answers for a hundred things as for one.
 * @param askAll asks about all of them at once; each question takes its own out of the answer
 */
export function askTogether<Answer>(
  askAll: (values: string[]) => Promise<Answer>,
): (values: string[]) => Promise<Answer> {
  const waiting = new WeakMap<Actor, { values: Set<string>; answer: Promise<Answer> }>();
  return (values) => {
    const actor = currentActor();
    if (!actor) return askAll(values);
    const open = waiting.get(actor);
    if (open) {
      for (const value of values) open.values.add(value);
      return open.answer;
    }
    const all = new Set(values);
    const answer = Promise.resolve().then(() => {
      waiting.delete(actor);
      return askAll([...all]);
    });
    waiting.set(actor, { values: all, answer });
    return answer;
  };
}
