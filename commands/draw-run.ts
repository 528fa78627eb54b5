import { taskPhase } from '../functions/domain/model/phase.ts';
import { oneLine, showSpan, showTime, wrapLine } from '../functions/domain/model/text.ts';
import { readApprovals } from '../functions/domain/run/approvals.ts';
import { adviseOn, textsIn } from '../functions/domain/run/commands.ts';
import { databaseOf, nameOfRun, type RunFacts } from '../functions/domain/run/facts.ts';
import { type LagCurve, lagLimit, showLagValue } from '../functions/domain/run/lag-curve.ts';
import { isOpen, readStanding } from '../functions/domain/run/standing.ts';
import { readTimeline } from '../functions/domain/run/timeline.ts';

const width = 80;
const label = 10;

/** Columns of the curve at most, and the heights that a character has. */
const mostColumns = width - label;
const heights = '▁▂▃▄▅▆▇█';

/** The newest steps are shown; the page has all. */
const steps = 12;

/**
 * The page of a run as lines of at most 80 columns, but for commands, which must stay whole.
 * @param api address of the HTTP API, or a word in its place
 * @param now milliseconds since the epoch
 */
export function drawRun(
  facts: RunFacts,
  curve: LagCurve | 'unreadable' | undefined,
  api: string,
  now: number,
): string[] {
  const standing = readStanding(facts, now);
  const { until, since } = standing;
  const span = (iso: string) => showSpan(Math.abs(now - Date.parse(iso)) / 1_000);
  const database = databaseOf(facts);
  return [
    ...entry('', `${database ? `${oneLine(database, 100)}: ` : ''}${standing.ended ?? standing.phase}`),
    ...entry('run', nameOfRun(facts)),
    ...entry('state', standing.state),
    ...entry('since', `${showTime(since)}, ${span(since)} ago`),
    ...(until === null
      ? []
      : entry('until', `${showTime(until)}, ${span(until)} ${Date.parse(until) > now ? 'left' : 'ago'}`)),
    ...standing.waitsFor.flatMap((what) => entry('waits for', what)),
    ...(standing.next === null ? [] : entry('next', standing.next)),
    ...(standing.costs === null ? [] : entry('costs', standing.costs)),
    ...['happened', 'writable', 'costs'].flatMap((part) =>
      textsIn(facts.outcome?.[part]).flatMap((text) => entry(part, text)),
    ),
    ...drawTasks(facts),
    ...drawLag(facts, curve),
    ...drawApprovals(facts),
    '',
    ...drawSteps(facts, now),
    '',
    ...adviseOn(facts, api).flatMap(({ text, command = '' }) =>
      command.startsWith('npm run watch')
        ? []
        : [...entry('do', text), ...(command === '' ? [] : [`  ${command}`])],
    ),
  ];
}

/** A value with its name, broken at spaces under its beginning. */
function entry(name: string, value: string): string[] {
  if (name === '') return wrapLine(oneLine(value, 2_000), width);
  const lines = wrapLine(oneLine(value, 2_000), width - label);
  return lines.map((line, index) => `${(index === 0 ? name : '').padEnd(label)}${line}`);
}

function drawTasks({ buildTasks, answered }: RunFacts): string[] {
  if (buildTasks.length === 0 || answered.has('Wait for green')) return [];
  const done = buildTasks.filter(({ status }) => taskPhase(status) === 'done').length;
  const under = buildTasks.find(({ status }) => status === 'IN_PROGRESS');
  const bar = '█'.repeat(done) + '░'.repeat(buildTasks.length - done);
  const now = under ? `, ${under.name} is under way` : '';
  return entry('green', `${bar} ${done} of ${buildTasks.length} tasks done${now}`);
}

function drawLag(facts: RunFacts, curve: LagCurve | 'unreadable' | undefined): string[] {
  if (curve === undefined) return [];
  if (curve === 'unreadable') return entry('lag', 'could not be read: it needs cloudwatch:GetMetricData');
  const { points, unit } = curve;
  const newest = points.at(-1);
  if (!newest) return entry('lag', `${curve.metric} has no point yet`);
  const highest = Math.max(...points.map(({ value }) => value));
  const limit = lagLimit(facts, unit);
  const words = [
    `newest ${showLagValue(newest.value, unit)}`,
    `highest ${showLagValue(highest, unit)}`,
    ...(limit === undefined ? [] : [`limit ${showLagValue(limit, unit)}`]),
  ];
  return [...entry('lag', words.join(', ')), `${' '.repeat(label)}${drawCurve(curve, highest)}`];
}

/** The highest of each column; a blank where nothing was measured. */
function drawCurve({ points, since, until, periodSeconds }: LagCurve, highest: number): string {
  const periods = Math.ceil((until - since) / 1_000 / periodSeconds);
  const columns = Math.max(1, Math.min(mostColumns, periods));
  const top = new Map<number, number>();
  for (const { at, value } of points) {
    const column = Math.min(columns - 1, Math.max(0, Math.floor(((at - since) / (until - since)) * columns)));
    top.set(column, Math.max(top.get(column) ?? 0, value));
  }
  const height = (value: number) =>
    heights[Math.round((value / Math.max(highest, 1)) * (heights.length - 1))];
  return Array.from({ length: columns }, (_, column) => {
    const value = top.get(column);
    return value === undefined ? ' ' : height(value);
  })
    .join('')
    .trimEnd();
}

function drawApprovals(facts: RunFacts): string[] {
  const answers = readApprovals(facts);
  if (answers === 'not required') return entry('approval', 'the request asks nobody');
  return answers.flatMap(({ group, answer, by, at, reason }) =>
    entry(
      'approval',
      [
        `${group}: ${answer}`,
        by && `by ${by}`,
        at && `at ${showTime(at)}`,
        reason && `"${oneLine(reason, 300)}"`,
      ]
        .filter(Boolean)
        .join(', '),
    ),
  );
}

function drawSteps(facts: RunFacts, now: number): string[] {
  const all = readTimeline(facts, now);
  const shown = all.slice(-steps);
  const hidden = all.length - shown.length;
  return [
    ...(hidden > 0 ? [`${hidden} earlier steps${isOpen(facts) ? '' : ' before these'}`] : []),
    ...(facts.leftOut > 0
      ? entry('', `${facts.leftOut} events in the middle of the history were not read`)
      : []),
    ...shown.map(({ at, state, seconds }) => {
      const took = (seconds < 1 ? '' : showSpan(seconds)).padStart(12);
      const name = state.length > 48 ? `${state.slice(0, 45)}...` : state;
      return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}  ${name.padEnd(48)}${took}`.trimEnd();
    }),
  ];
}
