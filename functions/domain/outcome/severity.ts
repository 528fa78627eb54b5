import type { Severity } from '../announcement/announcement.ts';
import { ends } from '../model/ends.ts';
import { isError, isUndecidedBake } from '../model/failure.ts';
import { isRead } from '../model/reading.ts';
import { mayHoldRows } from '../way-back/taken-in.ts';
import { didNothing } from './advice-roll-back.ts';
import type { OutcomeFacts } from './facts.ts';
import { sideThatServes } from './leftovers.ts';

/** Somebody has to come now where writes may be held, where nobody knows the serving side, where production itself is sick, and where it lacks rows. */
export function severityOf(facts: OutcomeFacts): Severity {
  const hurts = [isHeld, isUnknown, leadsElsewhere, isSick, leftRowsOnGreen];
  if (hurts.some((is) => is(facts))) return 'PAGE';
  return ends[facts.end].kind === 'succeed' && facts.failure === null ? 'OK' : 'ACT';
}

/** What happened to production, where that says more than the name of the end. */
export function titleOf(facts: OutcomeFacts): string {
  if (isHeld(facts)) return `Writes are held. ${facts.end}`;
  if (leftRowsOnGreen(facts)) return `Rows may stand on green alone. ${facts.end}`;
  if (isSick(facts)) return `New production is not well: "${facts.failure?.state}" failed`;
  if (facts.failure && isError(facts.failure.error, 'BlueGreen.ApprovalDenied'))
    return `People said no. ${facts.end}`;
  if (isUndone(facts)) return `This run was undone. ${facts.end}`;
  if (ends[facts.end].serves === 'green' && isUndecidedBake(facts.failure))
    return 'Judge new production yourself: the bake is undecided';
  return facts.end;
}

/** The end of a run that was gone back from; the execution that went back has its own message. */
const isUndone = ({ end, going }: OutcomeFacts): boolean =>
  end === 'Went back: blue serves production' && !going?.run;

/** What keeps the application from working where it is to write. */
export const isHeld = ({ standing = [] }: OutcomeFacts): boolean =>
  standing.some(({ hurts, kind }) => hurts && (kind === 'held roles' || kind === 'closed database'));

const isUnknown = ({ end, failure }: OutcomeFacts): boolean =>
  ends[end].serves === 'unknown' && !didNothing({ failure });

function leadsElsewhere({ end, deployment, endState: { production } }: OutcomeFacts): boolean {
  const { serves } = ends[end];
  const side = serves === 'unknown' ? undefined : sideThatServes(deployment, serves);
  return side !== undefined && isRead(production) && production.value !== side.resourceId;
}

const leftRowsOnGreen = ({ early }: OutcomeFacts): boolean => mayHoldRows(early?.takenIn);

/** A test of new production said no, and it still serves. */
const isSick = ({ end, failure }: OutcomeFacts): boolean =>
  end === 'Green serves production, clean-up incomplete' &&
  failure?.error === 'BlueGreen.TestFailed' &&
  /^(Bake|Verify production|Test production)/.test(failure.state);
