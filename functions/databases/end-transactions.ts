import { judgeTransactions, watchesTransactions } from '../domain/hold/transactions.ts';
import type { Verdict } from '../domain/model/deployment.ts';
import { askBoth, lookForTransactions, type TransactionsEvent } from './long-transactions.ts';

/** Looks right before the hold, when the transactions are ended that the request wants ended. A file of its own: whoever only looks may change nothing. */
export async function clearTransactions(event: TransactionsEvent): Promise<Verdict<null>> {
  const { request } = event;
  if (request.switchover.longTransactions !== 'end') return lookForTransactions(event);
  if (!watchesTransactions(request, event.wayBack)) return { kind: 'ready', facts: null };
  return judgeTransactions(request.switchover, await askBoth('end-transactions', event), true);
}
