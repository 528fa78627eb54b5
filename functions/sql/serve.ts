import { task } from '../tasks/task.ts';
import type { Answer, Ask, Asked, Input, Reply } from './contract.ts';
import { Refused } from './refused.ts';

/** One function for each operation. Refusals are thrown as {@link Refused}, failures as they come. */
type EngineOperations = { [A in Ask]: (input: Input<A>) => Promise<Answer<A>> };

/** An engine family. */
export interface EngineFamily {
  operations: EngineOperations;
  /** A failure as it may be told: its code, what was being done and what the code means; no value and no statement. */
  describeFailure(error: unknown): { code: string; because: string };
}

/** The Lambda function of a family. It throws for nothing that a database says: its caller decides. */
export function serve({
  operations,
  describeFailure,
}: EngineFamily): (question: Asked, context?: unknown) => Promise<Reply<Ask>> {
  const asks = Object.keys(operations) as Ask[];
  const tasks = new Map<string, (question: Asked) => Promise<Reply<Ask>>>(
    asks.map((ask) => [
      ask,
      task(`Database: ${ask}`, (question: Asked) =>
        reply(operations[ask] as never, describeFailure, question),
      ),
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
  describeFailure: EngineFamily['describeFailure'],
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
