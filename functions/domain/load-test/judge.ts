import { firstNames } from '../model/first-names.ts';
import { oneLine, quote } from '../model/text.ts';
import type { Request } from '../request/request.ts';
import type { LoadProgress, LoadTest, Measured, StatementResult } from './progress.ts';

type Limits = NonNullable<Request['tests']['load']>;
type Worse = Limits['worseThan'];

/** Estimates below this are of statements that read a few pages: what they cost differs with every version. In units of the planner, a page read in order. */
export const costFloor = 100;

/** What a statement says of green. `blocker`: it fails there. `open`: it says nothing. */
export interface Finding {
  kind: 'blocker' | 'worse' | 'fine' | 'open';
  sentence: string;
}

/** Compares a statement on green with the same on blue. What is fast on both sides is never worse: a fraction of a millisecond doubles by chance. */
export function judgeStatement(result: StatementResult, { ratio, floorMs }: Worse): Finding {
  const { blue, green } = result;
  const name = `no. ${result.number} ${quote(result.text, 120)} (${result.digest})`;
  const say = (kind: Finding['kind'], seen: string): Finding => ({
    kind,
    sentence: `${name}: ${seen}${sayPlans(result)}`,
  });
  if (green.kind === 'failed' && !green.passing && blue.kind !== 'failed')
    return say('blocker', `fails on green (${green.error}) and not on blue`);
  if (blue.kind === 'failed' || green.kind === 'failed') return say('open', sayFailures(blue, green));
  if (blue.kind === 'slow')
    return green.kind === 'slow'
      ? say('open', `took longer than ${show(blue.ms)} on both sides`)
      : say('fine', `took longer than ${show(blue.ms)} on blue, and ${sayMeasured(green)} on green`);
  if (green.kind === 'slow')
    return say('worse', `${sayMeasured(blue)} on blue, and longer than ${show(green.ms)} on green`);
  const seen = `${sayMeasured(blue)} on blue, ${sayMeasured(green)} on green`;
  const times = timesOf(blue, green);
  if (times === undefined) return say('open', `${seen}, which cannot be compared`);
  const worse = times >= ratio && isAboveFloor(result, floorMs);
  return say(worse ? 'worse' : 'fine', `${seen} (${times.toFixed(1)} times)`);
}

/** An estimate counts only where the plan is another one: each version has estimates of its own for the same plan. */
function isAboveFloor({ blue, green, plans }: StatementResult, floorMs: number): boolean {
  if (blue.kind === 'ran' && green.kind === 'ran') return Math.max(blue.ms, green.ms) >= floorMs;
  return plans !== null && green.kind === 'estimated' && green.cost >= costFloor;
}

/** How many times as long green takes, or is estimated to. A statement takes a microsecond at least. */
function timesOf(blue: Measured, green: Measured): number | undefined {
  if (blue.kind === 'ran' && green.kind === 'ran') return green.ms / Math.max(blue.ms, 0.001);
  if (blue.kind === 'estimated' && green.kind === 'estimated') return green.cost / Math.max(blue.cost, 0.001);
  return undefined;
}

function sayFailures(blue: Measured, green: Measured): string {
  if (blue.kind !== 'failed')
    return green.kind === 'failed' ? `was not to be had on green (${green.error})` : '';
  if (green.kind !== 'failed') return `fails on blue (${blue.error}) and not on green`;
  return blue.error === green.error
    ? `fails on both sides (${blue.error})`
    : `fails on both sides (blue: ${blue.error}; green: ${green.error})`;
}

function sayMeasured(measured: Measured): string {
  return measured.kind === 'estimated'
    ? `estimated at ${Math.round(measured.cost)}`
    : show('ms' in measured ? measured.ms : 0);
}

const show = (ms: number): string =>
  ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;

function sayPlans({ plans }: StatementResult): string {
  return plans ? `, by another plan: ${quote(plans.blue, 170)} is ${quote(plans.green, 170)}` : '';
}

/** What all statements say together. */
export interface LoadVerdict {
  blockers: string[];
  worse: string[];
  /** Statements that say nothing, and why. */
  open: string[];
  compared: number;
  /** Statements that were to be compared. */
  all: number;
  /** Plans that differ, of statements that are not worse. */
  otherPlans: number;
}

export function judgeLoad({ results, queue }: LoadProgress, { worseThan }: Limits): LoadVerdict {
  const found = results.map((result) => ({ result, ...judgeStatement(result, worseThan) }));
  const of = (kind: Finding['kind']) =>
    found.filter((one) => one.kind === kind).map(({ sentence }) => sentence);
  return {
    blockers: of('blocker'),
    worse: of('worse'),
    open: of('open'),
    compared: found.filter(({ kind }) => kind !== 'open').length,
    all: results.length + queue.length,
    otherPlans: found.filter(({ kind, result }) => kind === 'fine' && result.plans !== null).length,
  };
}

/** Why the run may not go on; null: it may. A statement that green cannot run ends it whatever the request says. */
export function findNo(progress: LoadProgress, limits: Limits): string | null {
  const { blockers, worse, compared, open } = judgeLoad(progress, limits);
  const { onWorse, worseThan } = limits;
  const told = (sentences: string[]) => firstNames(sentences, 5).join('; ');
  if (blockers.length > 0)
    return `${count(blockers.length, 'statement')} that blue runs cannot be run on green: ${told(blockers)}. Change the statement or green, so that both versions run it`;
  if (onWorse !== 'stop') return null;
  if (worse.length > 0)
    return `${count(worse.length, 'statement')} took ${worseThan.ratio} times as long on green as on blue, or longer: ${told(worse)}. Compare the indexes and the parameters of both sides, or raise tests.load.worseThan.ratio`;
  return compared === 0
    ? `no statement could be compared, so nothing is known of green under load${open.length > 0 ? `: ${told(open)}` : ''}. Mend that, or leave tests.load out`
    : null;
}

/** For the approvers; undefined where no load test is asked for. */
export function describeLoad(
  load: LoadTest | undefined,
  request: Pick<Request, 'tests'>,
): string | undefined {
  const limits = request.tests.load;
  if (!limits) return undefined;
  if (!load) return 'not made';
  const because = load.untested ? `: ${oneLine(load.untested, 300)}` : '';
  if (!load.progress) return `not made${because}`;
  const { worseThan } = limits;
  const { compared, all, worse, blockers, open, otherPlans } = judgeLoad(load.progress, limits);
  const rest = load.progress.queue.length;
  const sentences = [
    `${compared} of ${all} statements (${load.source}) were compared on both sides: ${worse.length} worse than ${worseThan.ratio} times blue`,
    ...firstNames([...blockers, ...worse], 5),
    ...(otherPlans > 0 ? [`another plan without being worse: ${otherPlans}`] : []),
    ...(open.length > 0 ? [`not compared: ${firstNames(open, 3).join('; ')}`] : []),
    ...(rest > 0
      ? [`${rest} were not reached${load.untested ? because : ` within ${limits.withinSeconds} s`}`]
      : []),
    ...(load.progress.passedOver > 0
      ? [
          `${load.progress.passedOver} of the server's were passed over, as they do more than read or were cut`,
        ]
      : []),
  ];
  return sentences.join('; ');
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? '' : 's'}`;
