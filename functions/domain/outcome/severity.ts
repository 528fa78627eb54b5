import { ends } from '../model/ends.ts';
import { isUndecidedBake } from '../model/failure.ts';
import { isRead } from '../model/reading.ts';
import { subjectLine } from '../model/text.ts';
import { mayHoldRows } from '../way-back/taken-in.ts';
import { didNothing } from './advice-roll-back.ts';
import type { OutcomeFacts } from './facts.ts';
import { sideThatServes } from './leftovers.ts';

/** What a message asks of whoever reads it. OK: nothing. ACT: in working hours. PAGE: now. */
export type Severity = 'OK' | 'ACT' | 'PAGE';

/** The subject of an announcement: its severity, then what it is about. */
export function subjectOf(severity: Severity, text: string): string {
  return subjectLine(`[${severity}] ${text}`);
}

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
  if (ends[facts.end].serves === 'green' && isUndecidedBake(facts.failure))
    return 'Judge new production yourself: the bake is undecided';
  return facts.end;
}

const isHeld = ({ standing = [] }: OutcomeFacts): boolean =>
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
