import type { SchemaVerdict } from '../domain/build/schema.ts';
import type { Deployment } from '../domain/model/deployment.ts';
import type { RunEvent } from '../tasks/run-event.ts';
import { askDatabase, readPlaceBeforeTheCut } from './ask.ts';
import { signInOf } from './question.ts';

/** Compares the catalogs of both sides. A text: it could not be done, and why. */
export async function compareSchemas(
  { request, executionArn }: Pick<RunEvent, 'request' | 'executionArn'>,
  deployment: Deployment,
): Promise<SchemaVerdict | string> {
  const [blue, green] = await Promise.all([
    readPlaceBeforeTheCut(deployment, 'blue'),
    readPlaceBeforeTheCut(deployment, 'green'),
  ]);
  const signIn = signInOf(request, deployment.database);
  const reply = await askDatabase('compare-schema', { executionArn, ...signIn, blue, green });
  return reply.kind === 'answer' ? reply.facts : reply.because;
}
