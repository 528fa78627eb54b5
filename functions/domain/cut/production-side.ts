import { deploymentPhase, type PairPhase, pairPhase } from '../model/phase.ts';
import { isRead, type Reading } from '../model/reading.ts';

/** What each side consists of, by resource id, as it was before the cut. Names move at the cut, resource ids never do. */
export interface KnownSides {
  blue: { resourceId: string; members: string[] };
  green: { resourceId: string; members: string[] };
}

/** One reading of where production is. Two are needed, some seconds apart: answers of RDS may lag behind what is true. */
export interface SideReading {
  /** Resource id that the production name leads to; null when nothing has that name. */
  production: Reading<string | null>;
  /** Resource ids that the names of production's members lead to, the primary included; null where nothing has the name. */
  members: Reading<(string | null)[]>;
  /** Status of the deployment and of its member rows; null when RDS has no record of it. */
  deployment: Reading<{ status: string; pairs: string[] } | null>;
}

export interface SideVerdict {
  side: 'blue' | 'green' | 'unknown';
  because: string;
}

/** Pairs as they stand when a side serves. A pair that is missing, still moving or not known proves nothing. */
const restingPairs: Record<'blue' | 'green', PairPhase[]> = {
  blue: ['building', 'ready', 'switch-failed'],
  green: ['switched'],
};

/** Deployment phases that go with a side. Blue serves after any end of a switchover that is not its success. */
const restingPhases = {
  blue: ['building', 'ready', 'switch-failed', 'broken'],
  green: ['switched'],
};

/**
 * Which side serves production. A side is named only if every reading proves it by every sign; whatever is missing,
 * contradictory, still moving or unreadable is unknown.
 */
export function findServingSide(known: KnownSides, readings: SideReading[]): SideVerdict {
  const fault = findConfusion(known);
  if (fault) {
    return { side: 'unknown', because: fault };
  }
  if (readings.length < 2) {
    return { side: 'unknown', because: 'one reading proves nothing; two are needed' };
  }
  const verdicts = readings.map((reading) => judgeReading(known, reading));
  const unclear = verdicts.find(({ side }) => side === 'unknown');
  if (unclear) {
    return unclear;
  }
  const [first] = verdicts;
  return first && verdicts.every(({ side }) => side === first.side)
    ? first
    : { side: 'unknown', because: 'two readings name different sides' };
}

/** Sides that cannot be told apart. */
function findConfusion({ blue, green }: KnownSides): string | undefined {
  const ids = [blue.resourceId, green.resourceId, ...blue.members, ...green.members];
  if (ids.some((id) => !id) || blue.members.length === 0 || green.members.length === 0) {
    return 'the resource ids of both sides are not all known';
  }
  const greens = [green.resourceId, ...green.members];
  const shared = [blue.resourceId, ...blue.members].find((id) => greens.includes(id));
  return shared && `${shared} is recorded for both sides`;
}

function judgeReading(known: KnownSides, reading: SideReading): SideVerdict {
  const { production, members, deployment } = reading;
  if (!isRead(production)) {
    return unknown(`the production name could not be read: ${production.unreadable}`);
  }
  if (!isRead(members)) {
    return unknown(`the members of production could not be read: ${members.unreadable}`);
  }
  if (!isRead(deployment)) {
    return unknown(`the deployment could not be read: ${deployment.unreadable}`);
  }
  const side = (['blue', 'green'] as const).find((one) => known[one].resourceId === production.value);
  if (!side) {
    return unknown(
      production.value === null
        ? 'nothing has the production name'
        : `the production name leads to ${production.value}, which is neither side`,
    );
  }
  if (members.value.length < known.blue.members.length) {
    return unknown(
      `only ${members.value.length} of ${known.blue.members.length} members of production were read`,
    );
  }
  const stranger = members.value.find((id) => id === null || !known[side].members.includes(id));
  if (stranger !== undefined) {
    return unknown(`production leads to ${side}, but a member's name leads to ${stranger ?? 'nothing'}`);
  }
  const contradiction = findContradiction(side, deployment.value);
  return contradiction
    ? unknown(`production leads to ${side}, but ${contradiction}`)
    : { side, because: explain(side, known[side].resourceId, deployment.value?.status) };
}

function findContradiction(
  side: 'blue' | 'green',
  deployment: { status: string; pairs: string[] } | null,
): string | undefined {
  if (!deployment) {
    return 'RDS has no record of the deployment';
  }
  if (!restingPhases[side].includes(deploymentPhase(deployment.status))) {
    return `the deployment is ${deployment.status || 'without a status'}`;
  }
  if (deployment.pairs.length === 0) {
    return 'the deployment lists no members';
  }
  const pair = deployment.pairs.find((status) => !restingPairs[side].includes(pairPhase(status)));
  return pair === undefined ? undefined : `a member of the deployment is ${pair || 'without a status'}`;
}

function explain(side: 'blue' | 'green', resourceId: string, status: string | undefined): string {
  return side === 'green'
    ? `the production name leads to green (${resourceId}) and the deployment is ${status}`
    : `the production name still leads to blue (${resourceId}) and the deployment is ${status}`;
}

function unknown(because: string): SideVerdict {
  return { side: 'unknown', because };
}
