import { task } from '../tasks/task.ts';
import type { Answer, Ask, Asked, Input, Reply } from './contract.ts';
import { describeFailure, Refused } from './postgres/failure.ts';

/** An engine family: one function for each operation. Refusals are thrown as {@link Refused}, failures as they come. */
export type EngineFamily = { [A in Ask]: (input: Input<A>) => Promise<Answer<A>> };

/** The Lambda function of a family. It throws for nothing that a database says: its caller decides. */
export function serve(family: EngineFamily): (question: Asked, context?: unknown) => Promise<Reply<Ask>> {
  const asks = Object.keys(family) as Ask[];
  const tasks = new Map<string, (question: Asked) => Promise<Reply<Ask>>>(
    asks.map((ask) => [
      ask,
      task(`Database: ${ask}`, (question: Asked) => reply(family[ask] as never, question)),
    ]),
  );
  return (question) => {
    const known = tasks.get(question?.ask);
    if (!known) throw new TypeError(`no such question; known are ${asks.join(', ')}`);
    return known(question);
  };
}

async function reply<A extends Ask>(
  operation: (input: Input<A>) => Promise<Answer<A>>,
  input: Input<A>,
): Promise<Reply<A>> {
  try {
    requireDatabases(input as { databases?: string[]; positions?: Record<string, string> });
    return { kind: 'answer', facts: await operation(input) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', code: error.code, because: error.message };
    return { kind: 'failed', ...describeFailure(error) };
  }
}

/** An act on no database at all would answer that everything is well. */
function requireDatabases(input: { databases?: string[]; positions?: Record<string, string> }): void {
  const named = input.databases ?? (input.positions && Object.keys(input.positions));
  if (named?.length === 0) throw new Refused('no-databases', 'no database was named');
}
