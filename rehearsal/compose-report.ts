import type { BakeReport } from '../functions/domain/bake/report.ts';
import { withoutPassword } from '../packages/local-aws/postgres/dump/source.ts';
import { lookBeside } from './beside.ts';
import { readGoingBack } from './going-back.ts';
import { assignedBy } from './invariants/evidence.ts';
import { asMoment, measureGaps, measureHold } from './measure.ts';
import { hadNoWayBack, whyNoWayBack } from './no-way-back.ts';
import type { RehearsalOptions } from './options.ts';
import type { Performance } from './perform.ts';
import { proveData, proveInvariants } from './proof.ts';
import { describeRehearsed } from './report/rehearsed.ts';
import type { Report } from './report/types.ts';
import { expectAfterRun, type Scenario } from './scenario.ts';
import type { Stage } from './stage.ts';

/** A run with what was said and known beside it. */
type Run = Performance & { startedAt: number; log: readonly string[] } & Pick<
    Report,
    'warnings' | 'green' | 'own'
  >;

/** Proves what the run has done to rows, tables and names, and puts it into one report. */
export async function composeReport(
  stage: Stage,
  scenario: Scenario,
  options: RehearsalOptions,
  run: Run,
): Promise<Report> {
  const description = stage.account.states.describeExecution(run.executionArn);
  const last = run.visits.findLast(({ machine }) => machine === 'blue-green-deployment');
  const endState = last?.name ?? description.status ?? '';
  const gaps = measureGaps(run.result, run.visits);
  const data = await proveData(stage, run.result, gaps, run);
  const invariants = proveInvariants(stage, run.baseline, run.executionArn, {
    end: endState,
    writability: run.observer.changes,
    rows: { ...data.rows, kinds: data.clients },
    acknowledgements: run.result.writes,
    leftovers: data.leftovers,
    logs: run.log,
  });
  const isRight = isWhole(data) && invariants.every(({ holds }) => holds);
  return {
    endState,
    status: description.status ?? '',
    error: description.error ?? null,
    cause: description.cause ?? null,
    asExpected:
      isRight && endState === expectEnd(stage, scenario, options, run) && run.unchangeable.length === 0,
    ...describeSetting(stage, options, run),
    ...describeCourse(stage, options, run),
    versions: { before: stage.versions.from, after: data.version },
    cut: describeCut(run, gaps, data.windowMs),
    goingBack: describeGoingBack(stage, scenario, run, gaps),
    rows: data.rows,
    clients: data.clients,
    periods: data.periods,
    tables: data.tables,
    sequences: data.sequences,
    invariants,
    unchangeable: run.unchangeable,
  };
}

/** No row is lost or doubled, tables are equal but for views that keep rows, and sequences are ahead where they were. */
function isWhole({ rows, tables, sequences }: Awaited<ReturnType<typeof proveData>>): boolean {
  return (
    rows.lost === 0 &&
    rows.doubled === 0 &&
    tables.every(({ equal, isView }) => equal || isView) &&
    sequences.every(({ ahead, wasBehind, equal }) => (ahead !== false || wasBehind) && equal !== false)
  );
}

/** The end that this run should have had, by what it has learned of a database that a person brought. */
function expectEnd({ account, servers }: Stage, scenario: Scenario, options: RehearsalOptions, run: Run) {
  return expectAfterRun(scenario, options, {
    error: account.states.describeExecution(run.executionArn).error ?? null,
    upgradeRefused: run.own !== null && servers.refusedUpgrades().length > 0,
    noWayBack: run.own !== null && hadNoWayBack(account.states.getExecutionHistory(run.executionArn)),
  });
}

/** What was rehearsed, and on what. */
function describeSetting({ pace, definitionSha256 }: Stage, options: RehearsalOptions, run: Run) {
  return {
    options: {
      ...options,
      source: options.source && withoutPassword(options.source),
      pgBin: [...options.pgBin],
      mysqlBin: [...options.mysqlBin],
    },
    rehearsed: describeRehearsed(process.argv.slice(2)),
    startedAt: run.startedAt,
    endedAt: Date.now(),
    timeScale: pace.scale,
    definitionSha256,
    warnings: run.warnings,
    green: run.green,
    own: run.own,
  };
}

/** States, messages and measurements, as the run left them. */
function describeCourse({ account }: Stage, options: RehearsalOptions, run: Run) {
  const { executionArn, visits, lag, statistics, result } = run;
  const history = account.states.getExecutionHistory(executionArn);
  const outcome = assignedBy(history, 'Record outcome', 'outcome') as
    | { json?: { bake?: BakeReport } }
    | undefined;
  return {
    history: {
      events: history.length,
      transitions: account.states.execution(executionArn).transitions,
    },
    states: visits,
    lag,
    statistics,
    bake: outcome?.json?.bake ?? null,
    beside: lookBeside(account),
    noWayBack: options.wayBack ? whyNoWayBack(history) : null,
    writesPerSecond: result.writesPerSecond,
    announcements: account.sns.messages
      .filter(({ topicArn }) => topicArn === account.topics.announcements)
      .map(({ subject, message }) => ({ subject: subject ?? '', text: message })),
  };
}

/** The time without writes around the cut, and what clients met. */
function describeCut({ result, visits }: Run, gaps: ReturnType<typeof measureGaps>, windowMs: number | null) {
  return {
    ...asMoment(gaps.cut ?? result.longestGap),
    longestGapOfRunMs: result.longestGap.ms,
    windowMs,
    hold: measureHold(visits, 'blue-green-deployment'),
    writeErrors: result.errors,
    errorsOfPooled: result.errorsOfPooled,
    unknownOutcome: result.unknownOutcome,
  };
}

/** The same of going back; null when the run did not go back. */
function describeGoingBack(
  stage: Stage,
  { request }: Scenario,
  { executionArn, visits }: Run,
  gaps: ReturnType<typeof measureGaps>,
) {
  const back = readGoingBack(stage, executionArn, request);
  return back && gaps.back && { ...asMoment(gaps.back), hold: measureHold(visits, 'roll-back'), ...back };
}
