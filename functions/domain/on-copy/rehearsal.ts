import type { Side, Verdict } from '../model/deployment.ts';
import type { EndName } from '../model/ends.ts';
import { showSpan } from '../model/text.ts';
import { describeLoad, type LoadSaid } from './load.ts';
import type { Measured } from './measured.ts';

/** What of production decides whether a rehearsal still says something. */
export interface ProductionThen {
  engineVersion: string;
  parameterGroup: string;
  instanceClass: string | null;
  /** Null on Aurora, whose storage has no size of its own. */
  storageGiB: number | null;
}

/** Output of a rehearsal that was good, which later runs read: executions are the store of results. */
export interface Rehearsed {
  /** Resource id of production. */
  resourceId: string;
  /** ISO time of the end of the run on the copy. */
  at: string;
  production: ProductionThen;
  /** Version that green was to have; null: that of blue. */
  targetVersion: string | null;
  measured: Measured;
  /** What the load on the copy said at its end; absent where none was asked for. */
  load?: LoadSaid;
}

/** What became of the run on the copy. */
export interface RunOnCopy {
  /** Its end, as the history shows it; undefined: it was stopped, or ran out of time. */
  end: EndName | undefined;
  /** Of a run that failed. */
  cause: string | undefined;
  /** Whether going back was started, and why it was not. */
  wentBack: boolean;
  noWayBack: string | undefined;
}

/** A run that was to go back is good when it did; without a way back it is good when green served. */
export function judgeRunOnCopy({ end, cause, wentBack }: RunOnCopy): Verdict<null> {
  const wanted: EndName = wentBack
    ? 'Went back on a copy: production was not touched'
    : 'Green serves production';
  if (end === wanted) return { kind: 'ready', facts: null };
  return {
    kind: 'no',
    because: `the run on the copy ended as "${end ?? 'stopped'}"${cause ? `: ${cause}` : ''}`,
  };
}

/** What was measured, in words: "build 52 min, writes out 3 s, going back 4 s". */
export function describeMeasured({ build, statistics, writesOut, goingBack, renames }: Measured): string {
  const parts: [what: string, seconds: number | null][] = [
    ['build', build],
    ['statistics', statistics],
    ['writes out', writesOut],
    ['going back', goingBack],
    ['of which renames', renames],
  ];
  const known = parts.flatMap(([what, seconds]) =>
    seconds === null ? [] : [`${what} ${seconds < 120 ? `${seconds.toFixed(1)} s` : showSpan(seconds)}`],
  );
  return [...known, ...(goingBack === null ? ['going back was not rehearsed'] : [])].join(', ');
}

/** What was measured, and what the load on the copy said. */
export const describeFound = ({ measured, load }: Pick<Rehearsed, 'measured' | 'load'>): string =>
  [describeMeasured(measured), ...(load ? [describeLoad(load)] : [])].join(', ');

/** What an execution of `rehearsal` has put out; undefined of one that only cleaned up. */
export function readRehearsed(output: string | undefined): Rehearsed | undefined {
  const read: unknown = JSON.parse(output ?? 'null');
  return typeof read === 'object' && read !== null && 'measured' in read ? (read as Rehearsed) : undefined;
}

/** Production as a run reads it, to be compared with the production that was rehearsed. */
export function productionOf({
  engineVersion,
  parameterGroup,
  storageGiB,
  members,
}: Pick<Side, 'engineVersion' | 'parameterGroup' | 'storageGiB' | 'members'>): ProductionThen {
  const instanceClass = members.find(({ role }) => role === 'writer')?.instanceClass ?? null;
  return { engineVersion, parameterGroup, storageGiB, instanceClass };
}

/** Storage that has grown or shrunk by less says the same. */
const likeSize = 0.2;

/** What is another than in the rehearsal, in sentences; empty: it still says something. */
export function findChangesSince(
  { production: then, targetVersion }: Rehearsed,
  now: ProductionThen,
  target: string | null,
): string[] {
  const rows: [what: string, then: string | null, now: string | null][] = [
    ['version', then.engineVersion, now.engineVersion],
    ['parameter group', then.parameterGroup, now.parameterGroup],
    ['class', then.instanceClass, now.instanceClass],
    ['wanted version', targetVersion, target],
  ];
  const size = (then.storageGiB ?? 0) * likeSize;
  const resized = Math.abs((now.storageGiB ?? 0) - (then.storageGiB ?? 0)) > size;
  return [
    ...rows
      .filter(([, before, after]) => before !== after)
      .map(([what, before, after]) => `${what} ${before ?? 'none'} -> ${after ?? 'none'}`),
    ...(resized ? [`storage ${then.storageGiB} GiB -> ${now.storageGiB} GiB`] : []),
  ];
}

/** For the people who are asked: what was measured, when, and whether it still says something. */
export function describeRehearsed(rehearsed: Rehearsed, changes: string[]): string {
  const since =
    changes.length === 0
      ? 'since then the same version, groups, class, and size within 20 %'
      : `since then changed: ${changes.join('; ')}`;
  return `Rehearsed on a copy on ${rehearsed.at.slice(0, 10)}: ${describeFound(rehearsed)}; ${since}.`;
}
