import type { StateName } from '../../functions/domain/model/states.ts';
import { accepted, cutAt, type Evidence, enteredStates } from './evidence.ts';
import { describeMoves } from './moves.ts';
import type { Check } from './types.ts';

/** Who takes writes, and when. */
export const writes: Record<string, Check> = {
  I1: oneWriter,
  I2: writableOutsideTheCut,
  I3: nothingLost,
};

function oneWriter(evidence: Evidence) {
  const open = replay(evidence.writability)
    .filter(({ writers }) => writers.length > 1)
    .map(({ at, writers }) => `${writers.join(' and ')} at ${new Date(at).toISOString()}`);
  const broken = [...open, ...describeMoves(evidence, declaredMoves(evidence))];
  return { promise: 'at no instant do two databases accept an application write', broken };
}

/** How often production was moved: by the cut, and back. */
function declaredMoves(evidence: Evidence): number {
  const wentBack = evidence.goingsBack.some((history) =>
    enteredStates(history).some(({ name }) => name === 'Open blue for writes'),
  );
  return (cutAt(evidence) === undefined ? 0 : 1) + (wentBack ? 1 : 0);
}

/** From the accepted call to the start of the cut RDS checks its guardrails; the cut itself has the timeout of the call. Seconds. */
const guardrailSeconds = 60;

function writableOutsideTheCut(evidence: Evidence) {
  const { writability, production } = evidence;
  const spans = [spanOfCut(evidence), ...spansOfGoingBack(evidence.goingsBack)];
  const declared = (from: number, to: number) => spans.some((span) => from >= span.from && to <= span.to);
  const moments = replay(writability);
  const broken = moments.flatMap(({ at, writers }, index) => {
    const end = moments[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return writers.length === 0 && end > at && !declared(at, end)
      ? [`no writer from ${new Date(at).toISOString()}`]
      : [];
  });
  const writers = moments.at(-1)?.writers ?? [];
  if (production === undefined || !writers.includes(production))
    broken.push(
      `production leads to ${production ?? 'nothing'}, writable is ${writers.join(', ') || 'nothing'}`,
    );
  return { promise: 'outside the cut one database is writable, and the production name leads to it', broken };
}

const never = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };

function spanOfCut(evidence: Evidence): { from: number; to: number } {
  const from = cutAt(evidence);
  return from === undefined ? never : { from, to: from + (timeoutOf(evidence) + guardrailSeconds) * 1_000 };
}

const opening: StateName[] = ['Open blue for writes', 'Stay on new production'];

/**
 * Going back is a cut of its own: from the fence on new production until blue, or new production again, is open, be it by another
 * execution that finishes what was killed.
 */
function spansOfGoingBack(histories: Evidence['goingsBack']): { from: number; to: number }[] {
  const opened = histories.flatMap((history) =>
    history
      .filter(({ stateExitedEventDetails: left }) => opening.some((state) => state === left?.name))
      .map(({ timestamp }) => timestamp?.getTime() ?? 0),
  );
  return histories
    .flatMap((history) => enteredStates(history))
    .filter(({ name }) => name === 'Fence new production')
    .map(({ at: from }) => {
      const later = opened.filter((at) => at >= from);
      return later.length === 0 ? never : { from, to: Math.min(...later) };
    });
}

function timeoutOf(evidence: Evidence): number {
  const [call] = accepted(evidence, 'SwitchoverBlueGreenDeployment');
  return (call?.input as { SwitchoverTimeout?: number } | undefined)?.SwitchoverTimeout ?? 300;
}

function nothingLost({ rows }: Evidence) {
  if (!rows) return undefined;
  const broken = [
    ...(rows.lost > 0 ? [`${rows.lost} lost${describeLosers(rows.kinds)}`] : []),
    ...(rows.doubled > 0 ? [`${rows.doubled} doubled`] : []),
  ];
  return { promise: `each of ${rows.acknowledged} acknowledged writes is found exactly once`, broken };
}

function describeLosers(kinds: readonly { kind: string; lost: number }[] = []): string {
  const losers = kinds.filter(({ lost }) => lost > 0).map(({ kind, lost }) => `${lost} of ${kind}`);
  return losers.length === 0 ? '' : ` (${losers.join(', ')})`;
}

/** Who was writable after each change, in whole milliseconds as histories have them. */
function replay(writability: Evidence['writability']): { at: number; writers: string[] }[] {
  const writers = new Set<string>();
  return writability.map(({ at, resourceId, writable }) => {
    if (writable) writers.add(resourceId);
    else writers.delete(resourceId);
    return { at: Math.floor(at), writers: [...writers] };
  });
}
