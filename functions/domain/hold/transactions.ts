import type { Verdict } from '../model/deployment.ts';
import { firstNames } from '../model/first-names.ts';
import { notYet } from '../model/not-yet.ts';
import { foreignText } from '../model/text.ts';
import type { Request } from '../request/request.ts';
import type { WayBack } from '../way-back/state.ts';

/** A transaction that has written and is still open. Nothing of what it writes is in it. */
export interface LongTransaction {
  database: string;
  /** Null for a prepared one, which has no session. */
  pid: number | null;
  user: string;
  /** Age in seconds. */
  seconds: number;
  /** It runs no statement just now. */
  idle: boolean;
  /** Digest of its last statement, by which views of the server name it; null where there is none. */
  query: string | null;
  /** Identifier of a prepared transaction. */
  prepared?: string;
}

/** What was found on a side, oldest first. A text: the side could not be asked, and why. */
export type TransactionsOf = Record<'blue' | 'green', LongTransaction[] | string>;

/**
 * Whether databases are asked for long transactions: where a way back is possible both have answered already. Without one nobody is kept from
 * the cut by a database that does not answer, unless the request asks for more than waiting.
 */
export const watchesTransactions = (request: Request, wayBack: Pick<WayBack, 'possible'>): boolean =>
  request.wayBack.login !== undefined && (wayBack.possible || request.switchover.longTransactions !== 'wait');

/**
 * Whether the cut may come, as far as transactions go. Those that are to be ended are no reason to wait. Which are gone, a reading after the end says.
 * @param ended the reading was made after those were ended
 */
export function judgeTransactions(
  { longTransactions, longTransactionSeconds }: Request['switchover'],
  found: TransactionsOf,
  ended: boolean,
): Verdict<null> {
  const named: string[] = [];
  for (const side of ['blue', 'green'] as const) {
    const there = found[side];
    if (typeof there === 'string')
      return notYet(
        `${side} was not asked for long transactions: ${there}`,
        'see to it that the function reaches that side',
      );
    named.push(...there.map((one) => `${describe(one)} on ${side}`));
  }
  if (named.length === 0 || (longTransactions === 'end' && !ended)) return { kind: 'ready', facts: null };
  const because = `open for more than ${longTransactionSeconds} s: ${firstNames(named).join('; ')}`;
  if (longTransactions !== 'stop') return notYet(because, 'end them, or the programs that hold them');
  return { kind: 'no', because: `${because} (switchover.longTransactions is stop)` };
}

function describe({ database, pid, user, seconds, idle, query, prepared }: LongTransaction): string {
  const place = database ? ` in ${foreignText(database)}` : '';
  const of = user ? ` of ${foreignText(user)}` : '';
  if (prepared !== undefined)
    return `prepared transaction "${foreignText(prepared)}"${of}${place} for ${seconds} s`;
  const last = query ? `, query ${query}` : '';
  return `session ${pid}${of}${place} for ${seconds} s${idle ? ', idle' : ''}${last}`;
}
