import { publish } from '../aws/sns/publish.ts';
import { failToken } from '../aws/step-functions/tokens.ts';
import type { Problems } from '../domain/approval/form.ts';
import {
  closedUntil,
  composeWrongPhrases,
  describeWrongPhrase,
  wrongPhrasesToClose,
} from '../domain/approval/wrong-phrases.ts';
import { raisedElsewhere } from '../domain/model/errors.ts';
import { clock } from '../runtime/clock.ts';
import { env } from '../runtime/env.ts';
import { log } from '../runtime/log.ts';
import { countUnexpected } from '../tasks/unexpected.ts';
import type { Access } from './access.ts';
import type { DecideResult } from './protocol.ts';
import { readAgain } from './recorded-decision.ts';

type Closed = DecideResult & { kind: 'closed' };

type Judged =
  | { kind: 'right' }
  /** `left`: how many more wrong phrases close the page. */
  | { kind: 'wrong'; left: number }
  | Closed
  /** The token was used up meanwhile: nothing was judged. */
  | { kind: 'taken' };

/**
 * Judges a typed phrase. A wrong one is told only after it has used up the token, and so stands in the history before the
 * next token is there: however many try at once, each token gives one of them an answer, and the count is exact.
 */
export async function judgePhrase(access: Access, typed = '', token: string): Promise<Judged> {
  const { guard } = access;
  if (!guard) return { kind: 'right' };
  const { wrongPhrases } = await readAgain(access);
  const closed = closedNow(closedUntil(wrongPhrases, guard.link, clock.now()));
  if (closed) return closed;
  if (guard.isPhrase(typed)) return { kind: 'right' };
  if (!(await failToken(token, raisedElsewhere.woken, describeWrongPhrase(guard.link))))
    return { kind: 'taken' };
  const wrong = [...wrongPhrases, { link: guard.link, at: clock.now() }];
  log('approval.refused', { ...describe(access), why: 'wrong phrase', link: guard.link });
  const closes = closedNow(closedUntil(wrong, guard.link, clock.now()));
  const count = wrong.filter(({ link }) => link === guard.link).length;
  if (!closes) return { kind: 'wrong', left: wrongPhrasesToClose - (count % wrongPhrasesToClose) };
  await announce(access, guard.link, count, closes.until);
  return closes;
}

/** What the page says beside the field. */
export function wrongPhrase({ left }: { left: number }): Problems {
  const more = left === 1 ? 'One more wrong phrase closes' : `${left} more wrong phrases close`;
  return {
    phrase: `These are not the three words of the message that this link came with. ${more} this page for a while.`,
  };
}

/** The page of a link that wrong phrases have closed. */
export function closedNow(until: number | undefined): Closed | undefined {
  if (until === undefined) return undefined;
  return { kind: 'closed', until: Number.isFinite(until) ? new Date(until).toISOString() : null };
}

/** Once for each closing, by the call that closed. An announcement that fails leaves the page closed. */
async function announce(access: Access, link: string, count: number, until: string | null): Promise<void> {
  const { executionArn, group, purposes } = access;
  const message = composeWrongPhrases({
    executionArn,
    group,
    purpose: purposes[0] ?? 'decide',
    link,
    count,
    until,
    runbook: env('RUNBOOK'),
  });
  try {
    await publish(env('ANNOUNCEMENTS_TOPIC_ARN'), message);
  } catch (error) {
    log('approval.refused', { ...describe(access), why: 'not announced', error: (error as Error).name });
    countUnexpected(error);
  }
}

function describe({ executionArn, group }: Access) {
  return { execution: executionArn.split(':').at(-1), group };
}
