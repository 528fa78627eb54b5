import type { LogPlace } from '../hand-over/side-facts.ts';
import type { Database, Finding } from '../model/deployment.ts';
import { messageOf } from '../model/failure.ts';
import { firstNames } from '../model/first-names.ts';
import type { StateName } from '../model/states.ts';
import type { Request } from '../request/request.ts';
import type { Comparison } from './comparison.ts';
import type { ChangeCounts, SecuredDatabase } from './facts.ts';
import type { WayBackVerdict } from './feasibility.ts';
import type { Distinction } from './identity.ts';
import { type TargetKind, targetKindOf } from './target.ts';

/** `$wayBack` of the run. Nothing secret stands in it. */
export interface WayBack {
  /** Whether one may be set up. */
  possible: boolean;
  /** Why not, or what belongs into the approval. */
  because: string;
  databases: string[];
  /** Which database it leads to. Known where one is possible. */
  target?: TargetKind;
  /** How both sides are compared before going back, where the request leaves it open. */
  compare?: Comparison;
  /** By what both sides are told apart from inside. Without it nothing is asked of either after the cut. */
  distinction?: Distinction;
  /** The target was closed for writing by us and carries its own mark; before that nothing of ours is inside a clone. */
  fenced?: boolean;
  /** Something of ours may stand on new production or on the target. */
  open: boolean;
  /** The target receives what new production takes in. */
  attached: boolean;
  /** Where the log of green stood before the cut, where the cut is to be found in it; otherwise null. */
  before?: ChangeCounts | null;
  /** Green was seen not to take writes right before the cut: that it does so later shows the cut. */
  closedBefore?: boolean;
  /** How far new production had changed when it was looked at first after the cut. */
  changes?: ChangeCounts;
  /** Address by which new production answered before RDS was done, `host:port`; it is secured and released there. Null: RDS is done. */
  at?: string | null;
  secured?: SecuredDatabase[];
  /** Of going back: where the target's log stood when its stream had ended and nobody could write there yet. */
  opensAt?: LogPlace | null;
  /** Why there is none any more. */
  lost?: string | null;
  /** The wait whose deadline has passed, where that is why: what it saw last is the reason. */
  late?: StateName;
  /** Since when the stream is in doubt. Milliseconds since the epoch. */
  doubtSince?: number | null;
  /** An execution stayed on new production: the way back is kept for another one, whatever doubt there is in the stream. */
  kept?: boolean;
}

/** A doubt in the stream that lasts longer is a break: time enough for a failover of either side. Seconds. */
export const doubtSeconds = 300;

/** What is known before any database is asked: why there is no way back. Undefined: ask. */
export function findNotAsked(
  { wayBack, oldBlue }: Request,
  { kind }: Pick<Database, 'kind'>,
): string | undefined {
  if (!wayBack.enabled) return 'the request turns it off';
  if (!wayBack.login) return 'the request names no wayBack.login';
  if (targetKindOf(kind, wayBack.target) === 'clone' && !oldBlue.fenceSecurityGroup)
    return 'the request names no oldBlue.fenceSecurityGroup, behind which the clone of old blue has to stand';
  return undefined;
}

/** No way back, and why. */
export function withoutWayBack(because: string): WayBack {
  return { possible: false, because, databases: [], open: false, attached: false };
}

/** The first value of `$wayBack`, from what was judged. */
export function beginWayBack(
  { possible, because, warnings, databases, compare }: WayBackVerdict,
  target: TargetKind,
): WayBack {
  const words = possible ? [...(target === 'clone' ? [cloneCosts] : []), ...warnings] : because;
  return {
    possible,
    because: firstNames(words).join('; '),
    databases,
    target,
    ...(compare && { compare }),
    open: false,
    attached: false,
  };
}

/** With what tells both sides apart, or without a way back where nothing does: no name proves which server answers after the cut. */
export function withDistinction(wayBack: WayBack, found: Distinction | string): WayBack {
  if (typeof found !== 'string') return { ...wayBack, distinction: found };
  const untold = `nothing would tell both servers apart after the cut: ${found}`;
  const because = wayBack.possible ? untold : `${wayBack.because}; ${untold}`;
  return { ...wayBack, possible: false, because };
}

const cloneCosts =
  'a clone of old blue with one instance is made for it after the cut, which takes a while and costs money until the way back closes, or production once it was gone back to';

/** How the approval speaks of it, in one or two sentences. */
export function describeWayBack(wayBack: Pick<WayBack, 'possible' | 'because'> | undefined): string {
  if (!wayBack?.possible) {
    const because = wayBack?.because ? ` (${wayBack.because})` : '';
    return `No lossless way back is set up by this run${because}: what new production takes in after the cut is not in old blue.`;
  }
  const notes = wayBack.because ? ` To be known: ${wayBack.because}.` : '';
  return `A way back without losing a row is set up in the cut, unless that takes too long; it stays open until the bake ends.${notes}`;
}

/** What a dry run reports of the way back, so that a missing part can be added before the run. */
export function predictWayBack({ possible, because }: Partial<WayBack> = {}): Finding[] {
  if (!because) return [];
  const opening = possible ? 'to be known of the way back' : 'there would be no lossless way back';
  return [{ rule: 'way-back', severity: 'warning', message: `${opening}: ${because}` }];
}

/** What the outcome warns of when the way back was lost on the way. */
export function warnOfWayBack({ lost }: Partial<WayBack> = {}): Finding[] {
  if (!lost) return [];
  return [
    {
      rule: 'way-back',
      severity: 'warning',
      message: `there is no way back any more: ${messageOf({ cause: lost })}`,
    },
  ];
}
