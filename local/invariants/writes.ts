import type { Check } from './check.ts';
import { accepted, cutAt, type Evidence, enteredStates } from './evidence.ts';

/** Who takes writes, and when. */
export const writes: Record<string, Check> = {
  I1: oneWriter,
  I2: writableOutsideTheCut,
  I3: nothingLost,
};

function oneWriter({ writability }: Evidence) {
  const broken = replay(writability)
    .filter(({ writers }) => writers.length > 1)
    .map(({ at, writers }) => `${writers.join(' and ')} at ${new Date(at).toISOString()}`);
  return { promise: 'at no instant do two databases accept an application write', broken };
}

/** From the accepted call to the start of the cut RDS checks its guardrails; the cut itself has the timeout of the call. Seconds. */
const guardrailSeconds = 60;

function writableOutsideTheCut(evidence: Evidence) {
  const { writability, production } = evidence;
  const from = cutAt(evidence) ?? Number.POSITIVE_INFINITY;
  const until = from + (timeoutOf(evidence) + guardrailSeconds) * 1_000;
  const moments = replay(writability);
  // Going back closes one side before it opens the other, and says so.
  const goesBack = enteredStates(evidence.history).some(({ name }) => name === 'Wait for going back');
  const broken = moments.flatMap(({ at, writers }, index) => {
    const end = moments[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return writers.length === 0 && end > at && (at < from || (end > until && !goesBack))
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

function timeoutOf(evidence: Evidence): number {
  const [call] = accepted(evidence, 'SwitchoverBlueGreenDeployment');
  return (call?.input as { SwitchoverTimeout?: number } | undefined)?.SwitchoverTimeout ?? 300;
}

function nothingLost({ rows }: Evidence) {
  if (!rows) return undefined;
  const broken = [
    ...(rows.lost > 0 ? [`${rows.lost} lost`] : []),
    ...(rows.doubled > 0 ? [`${rows.doubled} doubled`] : []),
  ];
  return { promise: `each of ${rows.acknowledged} acknowledged writes is found exactly once`, broken };
}

/** Who was writable after each change. */
function replay(writability: Evidence['writability']): { at: number; writers: string[] }[] {
  const writers = new Set<string>();
  return writability.map(({ at, resourceId, writable }) => {
    if (writable) writers.add(resourceId);
    else writers.delete(resourceId);
    return { at, writers: [...writers] };
  });
}
