import { readLagCurve } from '../aws/cloudwatch/lag.ts';
import { classifyError } from '../aws/errors.ts';
import { listEndedRuns, listOpenRuns } from '../aws/step-functions/list-runs.ts';
import { readRunFacts } from '../aws/step-functions/run-facts.ts';
import type { RunFacts } from '../domain/run/facts.ts';
import { type LagCurve, spanOfLag } from '../domain/run/lag-curve.ts';
import { isOpen } from '../domain/run/standing.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import { type HttpEvent, isAuthorized, methodOf, partOfPath, queryValue } from './http-event.ts';
import { executionsNamed } from './named-executions.ts';
import { type HttpAnswer, page } from './response.ts';
import { runPage } from './run-page.ts';
import { busyPage, closedListPage, noCallerPage, unknownRunPage, unreadRunPage } from './run-refusals.ts';
import { runsPage } from './runs-page.ts';

/** An open run is read anew after so many seconds, and one in its cut, which takes a minute or two, sooner. */
const refreshSeconds = { usual: 30, cut: 10 };

/** So long a browser waits that is told to ask again. Seconds. */
const againSeconds = 10;

/** The largest token of a list (API reference, `ListExecutions`). */
const longestToken = 1_024;

/**
 * The pages of runs: a list, and one for each execution. They show, and change nothing; the function has rights to read alone, and answers
 * nobody whom the API has not let through.
 */
export async function handler(event: HttpEvent): Promise<HttpAnswer> {
  if (!isAuthorized(event)) return refuse(403, 'no caller', noCallerPage);
  if (methodOf(event) !== 'GET') return refuse(405, 'method', unreadRunPage, { allow: 'GET' });
  const name = partOfPath(event, 'name');
  try {
    return name === '' ? await showList(event) : await showRun(name, queryValue(event, 'still') !== '');
  } catch (error) {
    return explain(error as Error);
  }
}

async function showRun(name: string, still: boolean): Promise<HttpAnswer> {
  for (const executionArn of executionsNamed(name)) {
    const facts = await readRunFacts(executionArn);
    if (!facts) continue;
    const now = clock.now();
    const content = runPage(facts, await readCurve(facts, now), {
      now,
      still,
      api: new URL(env('PAGE_URL')).origin,
    });
    return page(200, content, still ? {} : refreshOf(facts));
  }
  return page(404, unknownRunPage);
}

/** The page goes on refreshing while there is something new to see. */
function refreshOf(facts: RunFacts): Record<string, string> {
  if (!isOpen(facts)) return {};
  const inCut = facts.answered.has('Final check') && !facts.answered.has('Verify production');
  return { refresh: String(inCut ? refreshSeconds.cut : refreshSeconds.usual) };
}

/** Without the curve the page says so: it is one thing of many. */
async function readCurve(facts: RunFacts, now: number): Promise<LagCurve | 'unreadable' | undefined> {
  const span = spanOfLag(facts, now);
  if (!span) return undefined;
  return readLagCurve(span).catch((error: Error) => {
    log('page.refused', { why: 'lag', error: error.name });
    countUnexpected(error);
    return 'unreadable' as const;
  });
}

async function showList(event: HttpEvent): Promise<HttpAnswer> {
  const goingBack = queryValue(event, 'of') === 'going-back';
  const after = queryValue(event, 'after') || undefined;
  if (after !== undefined && after.length > longestToken) return refuse(400, 'fields', closedListPage);
  const machines = [env('STATE_MACHINE_ARN'), env('ROLL_BACK_STATE_MACHINE_ARN')] as const;
  // The first page alone names the open ones.
  const [ended, ...open] = await Promise.all([
    listEndedRuns(machines[goingBack ? 1 : 0], after),
    ...(after === undefined ? machines.map(listOpenRuns) : []),
  ]);
  const first = after === undefined;
  return page(
    200,
    runsPage({ open, ended, goingBack, first, now: clock.now() }),
    open.some(({ runs }) => runs.length > 0) ? { refresh: String(refreshSeconds.usual) } : {},
  );
}

/** By the name of the error: its text could say more than a page should. */
function explain(error: Error): HttpAnswer {
  if (error.name === 'InvalidToken') return refuse(400, 'fields', closedListPage);
  const kind = classifyError(error);
  countUnexpected(error);
  const passing = kind === 'busy' || kind === 'lost';
  return refuse(503, `error ${error.name}`, passing ? busyPage : unreadRunPage, {
    'retry-after': String(againSeconds),
    ...(passing && { refresh: String(againSeconds) }),
  });
}

function refuse(
  status: number,
  why: string,
  content: Parameters<typeof page>[1],
  headers: Record<string, string> = {},
): HttpAnswer {
  log('page.refused', { why });
  return page(status, content, headers);
}
