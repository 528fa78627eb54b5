import { describeBakePlan } from '../bake/report.ts';
import { describeFailover, type FailoverTest } from '../build/failover.ts';
import { describeStatistics, type Statistics } from '../build/statistics.ts';
import { describeForecast } from '../close/put-back.ts';
import { consumersOf, describeHandOverPlan } from '../hand-over/hand-over.ts';
import { describeFollowing } from '../hold/following.ts';
import { describeStorage } from '../hold/storage.ts';
import { describeLoad } from '../load-test/judge.ts';
import type { LoadTest } from '../load-test/progress.ts';
import type { Database, Deployment, Finding, LagReading, Side, Window } from '../model/deployment.ts';
import { findEngine } from '../model/engine.ts';
import type { Reading } from '../model/reading.ts';
import { foreignText, oneLine, quote, showTime, withoutLinks } from '../model/text.ts';
import { describeHardware, describeOutage } from '../request/estimate.ts';
import type { Request } from '../request/request.ts';
import { timeZoneOf } from '../request/time-zone.ts';
import { describeWayBack, type WayBack } from '../way-back/state.ts';
import { targetOf } from '../way-back/target.ts';
import type { GoingBackPlan } from './going-back.ts';
import { describeSize, type Peaks } from './size.ts';

/** One line of evidence, for a message and for the page. */
export interface Fact {
  /** Stable name, for programs and for comparing two looks. */
  key: string;
  label: string;
  value: string;
  /** What of the value counts where it never stays the same, as a measurement: two looks differ when this does. */
  means?: string;
}

/** What the run knows when it asks. */
export interface Evidence {
  request: Request;
  deployment: Deployment;
  window: Window;
  findings: Finding[];
  /** `$tests` of the run: what the hook testGreen said, how green came back from a failover, and what a load test compared. */
  tests: { testGreen?: { verdict?: unknown; because?: unknown }; failover?: FailoverTest; load?: LoadTest };
  /** `$wayBack` of the run; an older one has none. */
  wayBack?: Pick<WayBack, 'possible' | 'because'>;
  /** The most that blue needed lately, where it was read. */
  peaks?: Reading<Peaks>;
  /** `$statistics` of the run. */
  statistics?: Statistics | null;
  /** `$plan` of an execution that goes back: then that is the question. */
  goingBack?: GoingBackPlan;
  /** IAM says who asked for it: the seal in the input is good. */
  requesterKnown?: boolean;
}

/** The engine as people call it. */
export function nameOfEngine(engine: string): string {
  return findEngine(engine)?.label ?? engine;
}

/** What changes, each as `what from -> to`. */
export function describeChanges({ request, deployment }: Pick<Evidence, 'request' | 'deployment'>): string[] {
  const { blue, green, database } = deployment;
  const writers = [blue, green].map((side) => side?.members.find(({ role }) => role === 'writer'));
  const rows = [
    [nameOfEngine(database.engine), blue.engineVersion, green?.engineVersion ?? request.target.engineVersion],
    ['parameter group', blue.parameterGroup, green?.parameterGroup],
    ['class', writers[0]?.instanceClass, writers[1]?.instanceClass],
    ['storage', gibibytes(blue), green && gibibytes(green)],
  ] as const;
  const changes = rows
    .filter(([, from, to]) => from && to && from !== to)
    .map(([what, from, to]) => `${what} ${from} -> ${to}`);
  if (request.hooks.changeGreen) changes.push('what the hook changeGreen changed on green');
  return changes;
}

/** Which database it is: for the message, and for callers whom IAM knows. The page does not say it. */
export function databaseFact({ id, kind, engine, account, region }: Database): Fact {
  const noun = kind === 'cluster' ? 'cluster' : 'instance';
  const value = `${oneLine(id)}, ${nameOfEngine(engine)} ${noun} in account ${account}, ${region}`;
  return { key: 'database', label: 'Database', value };
}

/** Evidence that does not change while people think. */
export function evidenceFacts(evidence: Evidence): Fact[] {
  const { goingBack } = evidence;
  return goingBack ? goingBackFacts(evidence, goingBack) : switchoverFacts(evidence);
}

/** What people know who say whether production may go back. */
function goingBackFacts(
  { request, deployment, window, findings, requesterKnown }: Evidence,
  plan: GoingBackPlan,
): Fact[] {
  const { from, to, fromId, toId, compare, compareAsked, statement, requestedBy, run } = plan;
  const { blue, green } = deployment;
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  return facts([
    [
      'change',
      'What changes',
      `production goes back from ${from} (${fromId}, ${green?.engineVersion}) to ${to} (${toId}, ${blue.engineVersion})`,
    ],
    ['loss', 'What is lost', statement ?? 'nothing: where that is not proved, production stays where it is'],
    [
      'outage',
      'Expected outage',
      'Nobody can write while both sides are compared and the address is led to blue: minutes, half an hour at most.',
    ],
    [
      'compare',
      'Comparison',
      compare === compareAsked ? compare : `${compare}, where the run says ${compareAsked}`,
    ],
    ['warnings', 'Warnings', warnings.map(({ message }) => quote(message)).join('; ') || 'none'],
    ['answerBy', 'Answer by', `${showTime(window.approveBy, timeZoneOf(request))}; no answer is a no`],
    ['requestedBy', 'Requested by', describeRequester(requestedBy, requesterKnown)],
    ['run', 'Run', run],
  ]);
}

/** A name that the input gives is anybody's; only the IAM route says who started. */
function describeRequester(requestedBy: string | null | undefined, known = false): string {
  if (!requestedBy) return 'not known';
  return known ? `${quote(requestedBy)}, known by IAM` : `not known; the input says ${quote(requestedBy)}`;
}

function switchoverFacts(evidence: Evidence): Fact[] {
  const { request, deployment, window, findings, tests, wayBack, statistics } = evidence;
  const zone = timeZoneOf(request);
  const warnings = findings.filter(({ severity, rule }) => severity === 'warning' && rule !== notChecked);
  const unchecked = findings.filter(({ rule }) => rule === notChecked);
  return facts([
    ['change', 'What changes', describeChanges(evidence).join('; ') || 'nothing that RDS shows'],
    ['tests', 'Test of green', describeTests(tests, request)],
    ['failover', 'Failover of green', describeFailover(tests.failover, request)],
    ...optional('load', 'Load test', describeLoad(tests.load, request)),
    [
      'parity',
      'Green beside blue',
      deployment.differences?.map((difference) => foreignText(difference)).join('; ') ||
        'no undeclared difference',
    ],
    ['size', 'Size of production', describeSize(deployment.blue, deployment.green, evidence.peaks)],
    ['statistics', 'Statistics', describeStatistics(statistics)],
    ['warnings', 'Warnings', describeWarnings(warnings)],
    ...optional(
      'consumers',
      'Consumers of changes',
      describeHandOverPlan(request, consumersOf(request, deployment)),
    ),
    ...unchecked.map(({ message }): [string, string, string] => ['notChecked', 'Not checked', message]),
    ...describeReadRamp(request),
    ...describeForecast(deployment.forecast).map(([label, line]): [string, string, string] => [
      'beside',
      label,
      line,
    ]),
    ['outage', 'Expected outage', describeOutage(request, deployment)],
    ['wayBack', 'Way back', describeReturn(request, wayBack)],
    ['bake', 'Bake', describeBakePlan(request, wayBack?.possible === true)],
    ['cost', 'What waiting costs', describeCost(deployment)],
    ['window', 'Window', `${showTime(window.opensAt, zone)} to ${showTime(window.closesAt, zone)}`],
    ['answerBy', 'Answer by', `${showTime(window.approveBy, zone)}; no answer is a no`],
    ['requestedBy', 'Requested by', describeRequester(request.requestedBy, evidence.requesterKnown)],
    ['ticket', 'Ticket', request.ticket ? quote(request.ticket) : 'none'],
  ]);
}

/** Facts that each look reads again. */
export function stateFacts(
  deployment: Deployment,
  limits: Request['lag'],
  goingBack?: GoingBackPlan,
): Fact[] {
  const { blue, green } = deployment;
  if (goingBack)
    return facts([
      [
        'versions',
        'Versions',
        `${green?.engineVersion ?? 'not known'} -> ${targetOf(deployment).engineVersion}`,
      ],
      ['green', 'New production', green ? describeSide(green) : 'not there'],
      ['target', 'Blue, the target', describeSide(targetOf(deployment))],
    ]);
  const storage = describeStorage(blue, deployment.storage);
  const shown = facts([
    ['versions', 'Versions', `${blue.engineVersion} -> ${green?.engineVersion ?? 'no green'}`],
    ['deployment', 'Deployment', deployment.status ?? 'not known'],
    ['blue', 'Blue', describeSide(blue)],
    ['green', 'Green', green ? describeSide(green) : 'not there'],
    ['lag', 'Replication lag', describeLag(deployment.lag, limits)],
    ...(storage ? [['storage', 'Storage of blue', storage.value] as [string, string, string]] : []),
    ...optional('changedOnBlue', 'Changed on blue since', describeFollowing(deployment)),
    ...describeObstacles(deployment),
  ]);
  const measured: Record<string, string | undefined> = {
    lag: judgePoints(deployment.lag, limits),
    storage: storage?.means,
  };
  return shown.map((fact) => {
    const means = measured[fact.key];
    return means === undefined ? fact : { ...fact, means };
  });
}

const optional = (key: string, label: string, value: string | undefined): [string, string, string][] =>
  value === undefined ? [] : [[key, label, value]];

/** Named only where there is something: an approval is asked for before everything is ready. */
function describeObstacles({ inTheWay = [] }: Deployment): [string, string, string][] {
  return inTheWay.length > 0 ? [['inTheWay', 'In the way just now', inTheWay.join('; ')]] : [];
}

/** Characters of a fact, and of all warnings of a run together. */
const longest = (key: string) => ({ warnings: 6_000, load: 3_000 })[key] ?? 1_000;

function facts(rows: [key: string, label: string, value: string][]): Fact[] {
  return rows.map(([key, label, value]) => ({
    key,
    label,
    value: oneLine(withoutLinks(value), longest(key)),
  }));
}

/** The rule that names the checks that were not made: a line of its own, for it must not be cut off. */
const notChecked: Finding['rule'] = 'sql-access';

/** So many are told in full; of more the rules are named. */
const warningsTold = 8;

function describeWarnings(warnings: Finding[]): string {
  const others = warnings.slice(warningsTold).map(({ rule }) => rule);
  return (
    [
      ...warnings.slice(0, warningsTold).map(({ message }) => quote(message, 700)),
      ...(others.length > 0 ? [`and ${others.length} more: ${others.join(', ')}`] : []),
    ].join('; ') || 'none'
  );
}

/** What the test of green said. */
export function describeTests({ testGreen }: Evidence['tests'], { hooks }: Request): string {
  if (!testGreen) return hooks.testGreen ? 'no result was kept' : 'none: the request names no hook testGreen';
  const because = typeof testGreen.because === 'string' ? `: ${quote(testGreen.because)}` : '';
  return `${foreignText(String(testGreen.verdict), 20)}${because}`;
}

/** How readers come to green before the cut, and how old the rows may be that they see there. */
function describeReadRamp({ readRamp, lag }: Request): [string, string, string][] {
  if (!readRamp) return [];
  const { recordName, steps, minutesEach, onBadStep } = readRamp;
  const value =
    `before the cut ${steps.join(', ')} % of the new connections by ${recordName} lead to green, ${minutesEach} min each, once people have approved and the window is open. ` +
    `Readers see rows there that may be ${lag.maxSeconds} s old, or as old as ${lag.maxMiB} MiB of changes where RDS measures bytes; older ones lead all readers back. ` +
    `After a bad step all are led back to blue and ${onBadStep === 'ask' ? 'you are asked again' : 'the run stops'}.`;
  return [['reads', 'Reads on green', value]];
}

function describeReturn({ oldBlue }: Request, wayBack: Evidence['wayBack']): string {
  return `${describeWayBack(wayBack)} ${describeKeeping(oldBlue.deleteAfterDays)}`;
}

function describeKeeping(days: number | undefined): string {
  if (days === undefined) return 'Old blue is kept until somebody deletes it.';
  if (days === 0) return 'Old blue is deleted when the bake is over, after a final snapshot.';
  return `Old blue is kept for ${days} ${days === 1 ? 'day' : 'days'} after the bake, then deleted after a final snapshot.`;
}

function describeCost({ green }: Deployment): string {
  if (!green) return 'Nothing runs twice.';
  return `Every hour green runs beside blue: ${describeHardware(green)}. Viridian does not know your prices.`;
}

function describeSide(side: Side): string {
  const unavailable = side.members.filter(({ status }) => status !== 'available');
  if (unavailable.length > 0) return unavailable.map(({ id, status }) => `${id} is ${status}`).join(', ');
  return `${side.members.length} ${side.members.length === 1 ? 'database' : 'databases'}, available`;
}

function describeLag(lag: LagReading | undefined, { maxSeconds, maxMiB }: Request['lag']): string {
  if (!lag || lag.points.length === 0) return 'no reading';
  const bytes = lag.unit === 'Bytes';
  const values = lag.points.slice(0, 5).map(({ value }) => (bytes ? mebibytes(value) : `${value} s`));
  return `${values.join(', ')} (newest first; limit ${bytes ? `${maxMiB} MiB` : `${maxSeconds} s`}; ${lag.metric})`;
}

/** The points of a minute are never those of the minute before. */
function judgePoints(lag: LagReading | undefined, { maxSeconds, maxMiB }: Request['lag']): string {
  const values = lag?.points.slice(0, 5).map(({ value }) => value) ?? [];
  if (values.length === 0 || values.some((value) => !(value >= 0))) return 'not known';
  const limit = lag?.unit === 'Bytes' ? maxMiB * 1_048_576 : maxSeconds;
  return Math.max(...values) <= limit ? 'within the limit' : 'over the limit';
}

/** Whether two looks at a fact found something else. */
export const isDifferent = (one: Fact, other: Fact): boolean =>
  (one.means ?? one.value) !== (other.means ?? other.value);

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function gibibytes({ storageGiB }: Side): string | undefined {
  return storageGiB === null ? undefined : `${storageGiB} GiB`;
}
