import { readStatementFile } from '../aws/load-statements.ts';
import { fileOf, sourceOf } from '../domain/load-test/source.ts';
import { readFile } from '../domain/load-test/statement.ts';
import { findEngine } from '../domain/model/engine.ts';
import { isRead, unreadable } from '../domain/model/reading.ts';
import type { LoadFacts, PreconditionFacts } from '../domain/preconditions/facts.ts';
import { canRun } from '../domain/preconditions/load-test.ts';
import { askDatabase, placeOf } from './ask.ts';
import { loadQuestion } from './load-test.ts';
import { signInOf } from './question.ts';

type Known = Pick<PreconditionFacts, 'request' | 'database' | 'blue' | 'executionArn'>;

/** Reads the statements of a load test, and asks blue what of them would be run. Runs none. @param readable files that the stack may read */
export async function lookAtLoad(known: Known, readable: string[]): Promise<LoadFacts | undefined> {
  const { request, database } = known;
  if (!request.tests.load) return undefined;
  const file = fileOf(request);
  if (file === undefined) return withStatements(known, { readable });
  if (!readable.includes(file.slice('s3://'.length))) return { readable };
  const content = await readStatementFile(file, database.account);
  if (!isRead(content)) return { readable, file: content };
  const read = readFile(content.value, findEngine(database.engine)?.family ?? 'postgresql');
  return withStatements(known, { readable, file: { value: read } });
}

/** Asked only where nothing else is wrong already: what would be answered says nothing then. */
async function withStatements(known: Known, load: LoadFacts): Promise<LoadFacts> {
  const { request, database, blue, executionArn } = known;
  if (!canRun({ ...known, load })) return load;
  if (!blue.endpoint)
    return { ...load, statements: unreadable(`${blue.id} has no address; it is ${blue.status}`) };
  const reply = await askDatabase('load-step', {
    ...{ executionArn, ...signInOf(request, database), blue: placeOf(blue, null) },
    ...loadQuestion(request, sourceOf(request, load.file)),
  });
  if (reply.kind === 'refused') return { ...load, statements: { refused: reply.because } };
  return {
    ...load,
    statements: reply.kind === 'answer' ? { value: reply.facts.queue.length } : unreadable(reply.because),
  };
}
