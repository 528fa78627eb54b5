import {
  judgeTransactions,
  type LongTransaction,
  type TransactionsOf,
  watchesTransactions,
} from '../domain/hold/transactions.ts';
import type { Verdict } from '../domain/model/deployment.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import type { RunEvent } from '../tasks/run-event.ts';
import { askDatabase, readPlaceBeforeTheCut } from './ask.ts';
import { signInOf } from './question.ts';

export type TransactionsEvent = Pick<RunEvent, 'request' | 'deployment' | 'executionArn'> & {
  wayBack: Pick<WayBack, 'possible' | 'distinction'>;
};

/** Asks both sides for transactions that have written and stay open. Changes nothing. */
export async function lookForTransactions(event: TransactionsEvent): Promise<Verdict<null>> {
  if (!watchesTransactions(event.request, event.wayBack)) return { kind: 'ready', facts: null };
  return judgeTransactions(event.request.switchover, await askBoth('long-transactions', event), false);
}

/** What both sides say; a side that could not be asked says why. */
export async function askBoth(
  ask: 'long-transactions' | 'end-transactions',
  event: TransactionsEvent,
): Promise<TransactionsOf> {
  const [blue, green] = await Promise.all([askSide(ask, event, 'blue'), askSide(ask, event, 'green')]);
  return { blue, green };
}

async function askSide(
  ask: 'long-transactions' | 'end-transactions',
  { request, deployment, executionArn, wayBack }: TransactionsEvent,
  side: 'blue' | 'green',
): Promise<LongTransaction[] | string> {
  const reply = await askDatabase(ask, {
    ...(await readPlaceBeforeTheCut(deployment, side, wayBack.distinction)),
    executionArn,
    ...signInOf(request, deployment.database),
    olderThanSeconds: request.switchover.longTransactionSeconds,
  });
  return reply.kind === 'answer' ? reply.facts.left : reply.because;
}
