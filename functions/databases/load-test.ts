import { readStatementFile } from '../aws/load-statements.ts';
import { findNo } from '../domain/load-test/judge.ts';
import type { LoadProgress, LoadTest } from '../domain/load-test/progress.ts';
import { fileOf, type LoadSource, nameSource, sourceOf } from '../domain/load-test/source.ts';
import { readFile } from '../domain/load-test/statement.ts';
import { findEngine } from '../domain/model/engine.ts';
import { TestFailed, UnexpectedState } from '../domain/model/errors.ts';
import { limits } from '../domain/model/limits.ts';
import { isRead } from '../domain/model/reading.ts';
import type { Request } from '../domain/request/request.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import { clock } from '../runtime/clock.ts';
import type { Input } from '../sql/contract.ts';
import type { RunEvent } from '../tasks/run-event.ts';
import { insist, readPlaceBeforeTheCut } from './ask.ts';
import { signInOf } from './question.ts';

export interface LoadEvent extends RunEvent {
  tests: { load?: LoadTest };
  /** Tells the servers of both sides apart, where that is known already. */
  wayBack?: Pick<WayBack, 'distinction'>;
}

/** One invocation goes on asking for so long, in milliseconds: few invocations keep the history short. */
const patience = 1_000 * limits.patience.load;

/**
 * Compares statements on both sides, a few at a time, until all are compared or the time of the request is over. What was compared is kept, whatever it
 * says; `no` is why the run may not go on.
 */
export async function runLoadTest(event: LoadEvent): Promise<LoadTest> {
  const { request, tests } = event;
  const load = request.tests.load;
  if (!load) throw new UnexpectedState('the request asks for no load test');
  const { source, name } = await readSource(event);
  const question = await questionOf(event, source);
  const until = clock.now() + patience;
  let progress: LoadProgress | undefined = tests.load?.progress ?? undefined;
  for (;;) {
    progress = await insist('load-step', { ...question, ...(progress && { progress }) });
    const done = progress.queue.length === 0 || progress.seconds >= load.withinSeconds;
    if (done || clock.now() >= until)
      return { done, no: done ? findNo(progress, load) : null, source: name, progress };
  }
}

async function questionOf(event: LoadEvent, source: LoadSource): Promise<Input<'load-step'>> {
  const { request, deployment, executionArn, wayBack } = event;
  const placeOf = (side: 'blue' | 'green') => readPlaceBeforeTheCut(deployment, side, wayBack?.distinction);
  const [blue, green] = await Promise.all([placeOf('blue'), placeOf('green')]);
  return {
    ...{ executionArn, ...signInOf(request, deployment.database), blue, green },
    ...loadQuestion(request, source),
  };
}

/** What is asked of either side, before the run and in it. */
export function loadQuestion(
  { tests: { load } }: Request,
  source: LoadSource,
): Pick<
  Input<'load-step'>,
  'reader' | 'source' | 'runs' | 'withinSeconds' | 'statementSeconds' | 'comparedSeconds'
> {
  if (!load) throw new UnexpectedState('the request asks for no load test');
  return {
    // The secret names the user.
    reader: { user: 'viridian', secret: load.secret },
    source,
    runs: load.runs,
    withinSeconds: Math.min(limits.step.load, load.withinSeconds),
    statementSeconds: limits.sql.load,
    comparedSeconds: limits.sql.compared,
  };
}

async function readSource({ request, deployment }: LoadEvent): Promise<{ source: LoadSource; name: string }> {
  const file = fileOf(request);
  if (file === undefined) return { source: sourceOf(request), name: nameSource(undefined) };
  const content = await readStatementFile(file, deployment.database.account);
  if (!isRead(content))
    throw new TestFailed(
      `${file} cannot be read any more (${content.unreadable}): put it back, or start without tests.load`,
    );
  const read = readFile(content.value, findEngine(deployment.database.engine)?.family ?? 'postgresql');
  if ('problems' in read)
    throw new TestFailed(`${file} was changed since the preconditions: ${read.problems.join('; ')}`);
  return { source: sourceOf(request, { value: read }), name: nameSource(file, content.value) };
}
