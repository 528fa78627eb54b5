import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { BakeReport } from '../functions/domain/bake/report.ts';
import { findEngine } from '../functions/domain/model/engine.ts';
import type { StateName } from '../functions/domain/model/states.ts';
import { phaseOfState } from '../functions/domain/run/phase.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import { withoutPassword } from '../packages/local-aws/postgres/dump/source.ts';
import { answerQuestion, onQuestion, type Question } from './approver.ts';
import { databaseName } from './blue.ts';
import { findRefusing, makeDefect } from './defects.ts';
import { writeEvidence } from './evidence.ts';
import { registerTestHook, registerWriteHooks } from './hooks.ts';
import { assignedBy } from './invariants/evidence.ts';
import { type Baseline, takeBaseline } from './invariants/gather.ts';
import { type Moment, showLive } from './live-line.ts';
import { asMoment, measureGaps, measureHold } from './measure.ts';
import { hadNoWayBack, whyNoWayBack } from './no-way-back.ts';
import { WriteObserver } from './observe.ts';
import { keepOldAddressesOn } from './old-addresses.ts';
import { nameOfOwn, type RehearsalOptions } from './options.ts';
import { fullScale } from './pace.ts';
import { followDeadlines, followStates, progressLines, type Visit } from './progress.ts';
import { findBehind, proveData, proveInvariants } from './proof.ts';
import { describeRehearsed } from './report/rehearsed.ts';
import type { Report } from './report/types.ts';
import {
  bakes,
  expectAfterRun,
  expectNoGreen,
  expectRefusal,
  planScenario,
  refused,
  type Scenario,
} from './scenario.ts';
import { alarm, portOfJobs, type Stage, setStage } from './stage.ts';
import { watchStatistics } from './statistics.ts';
import { letHappen } from './way-back.ts';
import { Workload, type WorkloadResult } from './workload/workload.ts';

/** How a rehearsal talks to whoever watches. */
export interface Audience {
  print(line: string): unknown;
  /** Called when a person is to answer. */
  ask(question: Question): void;
  /** A terminal's last line. */
  show?: ((line: string) => void) | undefined;
}

/** Calm before and after the run, so that the report shows what is usual. Real milliseconds. */
const calmMs = 750;

/**
 * Minutes of the run's time for which blue is measured before the run. The bake compares with five minutes before the cut, and the
 * lag alone, read three times a minute apart, takes a run three of them, or one fewer where its readings fall on the edges of minutes.
 */
const minutesMeasured = 3;

/** Real milliseconds between two keys of one writer: writers in a closed loop would take what the servers and the run need. */
const thinkMs = 12;

/**
 * Upgrades a real database on this machine with the deployed workflow, under live writes, and proves what happened.
 * `track` is given everything that has to be ended when the process is told to stop; `log` is where the lines of the functions go.
 */
export async function rehearse(
  options: RehearsalOptions,
  audience: Audience,
  log: string[],
  track: (dispose: () => Promise<void>) => void,
): Promise<Report> {
  const startedAt = Date.now();
  const { print } = audience;
  print(
    `${findEngine(options.engine)?.label ?? options.engine} ${options.from} -> ${options.to}, ${options.writers} writers, endpoint mode ${options.endpoint}`,
  );
  const told = (line: string) => print(`  ${line}`);
  const stage = await setStage({ ...options, told }, track);
  track(() => stage.dispose());
  useLogSink((line) => {
    log.push(line);
    stage.account.keepLine(line);
  });
  try {
    if (stage.pace.scale < fullScale)
      print(
        `  this machine is slow or busy: the run's time goes ${stage.pace.scale} times as fast as on AWS, not ${fullScale} times`,
      );
    const planned = prepare(stage, options);
    await stage.listen(0);
    const { servers, blue } = stage;
    const { warnings, own } = await servers.fill(blue.database, { ...options, told });
    await makeDefect(stage, options.fault);
    if (own) print(`  ${own.tables} tables and ${own.rows} rows came from ${nameOfOwn(options)}`);
    if (servers.green.because)
      warnings.push(
        `green is an approximation, made by statements on an empty server: ${servers.green.because}`,
      );
    if (options.wayBack) await servers.prepareWayBack(blue.database);
    const scenario = await expectWhatBlueHolds(stage, planned, own !== null && options.wayBack, warnings);
    for (const warning of warnings) print(`  warning: ${warning}`);
    const run = await perform(stage, scenario, options, audience, startedAt, track);
    const refusals = stage.servers.refusedUpgrades();
    warnings.push(...refusals);
    for (const refusal of refusals) print(`  warning: ${refusal}`);
    await writeEvidence(join(options.report, 'evidence'), stage.account);
    return await prove(stage, scenario, options, {
      ...run,
      startedAt,
      warnings,
      own,
      green: stage.servers.green,
      log,
    });
  } finally {
    await stage.dispose();
  }
}

/**
 * What is to be expected of a database that somebody brought: a refusal, where the databases may be asked, or a green that cannot be built.
 * @param asked the run asks the databases before it builds anything
 */
async function expectWhatBlueHolds(
  stage: Stage,
  planned: Scenario,
  asked: boolean,
  warnings: string[],
): Promise<Scenario> {
  if (planned.expectedEnd === refused) return planned;
  const refusing = asked ? await findRefusing(stage) : [];
  if (refusing.length > 0) {
    warnings.push(`the run is expected to be refused: ${refusing.join(', ')}`);
    return expectRefusal(planned);
  }
  const uncopyable = await stage.servers.whyNoGreen(stage.blue.database, stage.versions.to);
  for (const reason of uncopyable)
    warnings.push(`RDS will build no green, so the run is expected to stop: ${reason}`);
  return uncopyable.length > 0 ? expectNoGreen(planned) : planned;
}

/** Plans what is rehearsed, and registers the hooks that it needs. */
export function prepare(stage: Stage, options: RehearsalOptions): Scenario {
  const scenario = planScenario(options, {
    versions: stage.versions,
    alarm,
    testHook: registerTestHook(stage.account.lambda, stage.servers, options.fault === 'green-test-fails'),
    metrics: stage.servers.metrics,
    writeHooks: stage.pooler && registerWriteHooks(stage.account.lambda, stage.pooler),
    record: stage.account.record,
  });
  stage.faults.push(...scenario.faults);
  return scenario;
}

interface Performance {
  executionArn: string;
  result: WorkloadResult;
  visits: ReturnType<typeof followStates>;
  lag: Report['lag'];
  statistics: Report['statistics'];
  observer: WriteObserver;
  baseline: Baseline;
  /** What replicated on blue before the run. */
  standing: string[];
  /** Sequences of blue that stood behind their column before the run. */
  behind: ReadonlySet<string>;
  unchangeable: Report['unchangeable'];
}

async function perform(
  stage: Stage,
  scenario: Scenario,
  options: RehearsalOptions,
  audience: Audience,
  startedAt: number,
  track: (dispose: () => Promise<void>) => void,
): Promise<Performance> {
  const { account, plane, clock } = stage;
  const endpoint = plane.endpoint(stage.blue.endpoint);
  stage.pooler?.point(endpoint);
  const { port } = stage.record ?? stage.pooler ?? endpoint;
  const workload = await Workload.start(port, {
    writers: options.writers,
    thinkMs,
    ...stage.servers.writers,
  });
  const touching = await stage.servers.touchOwn(stage.blue.database, port);
  track(async () => void (await touching.stop()));
  const forgetOldAddresses = keepOldAddressesOn(stage, workload, options);
  track(forgetOldAddresses);
  const resources = () =>
    account.rds.world.instances.map(({ database }) => database).filter((id) => plane.isReachable(id));
  const observer = new WriteObserver(plane, resources, () => clock.now());
  observer.start();
  track(() => observer.stop());
  const healing = causeTrouble(stage, options);
  onQuestion(account.sns, account.topics.approvals, (question) => {
    if (options.answer === 'ask') audience.ask(question);
    else
      answerQuestion(question, options.answer === 'yes' ? 'approve' : 'reject').catch((error: Error) =>
        audience.print(`  ${error.message}`),
      );
  });
  await pause(calmMs);
  if (bakes(scenario)) await measureBlue(stage);
  const baseline = takeBaseline(account, databaseName);
  const standing = await stage.servers.findReplication(stage.blue.database);
  const behind = await findBehind(stage);
  const visits = followStates(account.states, Date.now, progressLines(startedAt, audience.print));
  const lag = recordLag(stage);
  const deadlineOf = followDeadlines(account.states);
  const live = showLive(audience.show, startedAt, () => ({
    ...describePlace(visits, deadlineOf, clock),
    tasks: account.rds.world.deployments[0]?.tasks ?? [],
    lagBytes: lag.points.at(-1)?.bytes ?? null,
    acknowledged: workload.acknowledged,
  }));
  const statistics = watchStatistics(stage);
  const executionArn = await execute(stage, scenario, (line) => audience.print(line));
  lag.stop();
  live.stop();
  await healing();
  await pause(calmMs);
  await forgetOldAddresses();
  const unchangeable = await touching.stop();
  const result = await workload.stop();
  await observer.stop();
  return {
    executionArn,
    result,
    visits,
    lag: lag.points,
    statistics: await statistics.report(executionArn),
    observer,
    baseline,
    standing,
    behind,
    unchangeable,
  };
}

/** For the live line: where the run is, and for how long it may be there in real time. */
function describePlace(
  visits: readonly Visit[],
  deadlineOf: ReturnType<typeof followDeadlines>,
  clock: Stage['clock'],
): Pick<Moment, 'state' | 'phase' | 'leftMs'> {
  const visit = visits.at(-1);
  const deadline = deadlineOf(visit);
  const place = visits.findLast(({ name }) => phaseOfState(name));
  return {
    state: visit?.name ?? '',
    phase: visit?.machine === 'roll-back' ? 'Going back' : phaseOfState(place?.name ?? ''),
    leftMs: deadline && (deadline - clock.now()) / clock.scale,
  };
}

/** Lets the minutes pass with which the bake compares. */
async function measureBlue({ pace, plane, blue, clock }: Stage): Promise<void> {
  pace.hurry();
  const measured = () => plane.measured(blue.database, 'DatabaseConnections', 0, clock.now());
  while (measured().length < minutesMeasured) await pause(50);
}

/** Starts the run through the API, as the console does, and waits for its end. */
export async function execute(
  stage: Stage,
  { request, occurrence }: Scenario,
  told: (line: string) => void = () => {},
): Promise<string> {
  const { account } = stage;
  const client = new SFNClient({
    region: 'eu-west-1',
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'rehearsal' },
  });
  let executionArn = '';
  if (occurrence) letHappen(stage, occurrence, () => executionArn, told);
  ({ executionArn = '' } = await client.send(
    new StartExecutionCommand({ stateMachineArn: account.stateMachineArn, input: JSON.stringify(request) }),
  ));
  await account.states.settled(executionArn);
  return executionArn;
}

/** Breaks what cannot be broken by a script of the local RDS: replication and transactions are real. */
function causeTrouble(stage: Stage, { fault }: RehearsalOptions): () => Promise<void> {
  const { account, servers } = stage;
  let heal: () => Promise<void> = async () => {};
  if (fault !== 'replication-broken' && fault !== 'long-transaction') return () => heal();
  account.rds.onEvent(({ detail }) => {
    if (detail.EventID !== 'RDS-EVENT-0244') return;
    const broken =
      fault === 'replication-broken'
        ? servers.troubles.breakReplication?.(detail.SourceIdentifier)
        : servers.troubles.openLongTransaction?.(portOfJobs(stage));
    heal = async () => (await broken)?.heal().catch(() => {});
  });
  return () => heal();
}

/** The lag as it is now, several times a second of real time, as long as there is replication. */
function recordLag({ account, plane }: Stage): { points: Report['lag']; stop(): void } {
  const points: Report['lag'] = [];
  let stopped = false;
  void (async () => {
    while (!stopped) {
      const [deployment] = account.rds.world.deployments;
      if (deployment && !deployment.switched) {
        const { lagBytes } = await plane.replication(deployment.id).catch(() => ({ lagBytes: null }));
        points.push({ at: Date.now(), bytes: lagBytes });
      }
      await pause(200);
    }
  })();
  return {
    points,
    stop() {
      stopped = true;
    },
  };
}

/** What going back has proved, from the histories of its executions (one that was killed is followed by another); null when the run did not go back. */
export function readGoingBack({ account }: Stage, executionArn: string, request: Scenario['request']) {
  const executions = account.states
    .listExecutions(account.rollBackMachineArn)
    .filter(({ order }) => order.input.includes(executionArn))
    .reverse();
  const events = executions
    .flatMap(({ history }) => history.events)
    .toSorted((a, b) => Number(a.timestamp) - Number(b.timestamp));
  if (events.length === 0) return null;
  const payloadOf = (state: StateName) => {
    const left = events.findLast(({ stateExitedEventDetails: details }) => details?.name === state);
    const output = left?.stateExitedEventDetails?.output;
    return output === undefined
      ? undefined
      : (JSON.parse(output) as { Payload: Record<string, number> }).Payload;
  };
  const compared = payloadOf('Compare both sides');
  const { compare: by } = request.wayBack as { compare: string };
  const { tables = 0, differing = 0 } = compared ?? {};
  return {
    compared: compared ? { by, tables, differing } : null,
    sequencesSet: payloadOf('Set the sequences')?.set ?? null,
    attempts: executions.map(({ status, redriveCount }) => ({ status, redriven: redriveCount })),
  };
}

/** As the run recorded it. */
function readBake({ account }: Stage, executionArn: string): Report['bake'] {
  const outcome = assignedBy(account.states.getExecutionHistory(executionArn), 'Record outcome', 'outcome');
  return (outcome as { json?: { bake?: BakeReport } } | undefined)?.json?.bake ?? null;
}

async function prove(
  stage: Stage,
  scenario: Scenario,
  options: RehearsalOptions,
  run: Performance & { startedAt: number; log: readonly string[] } & Pick<
      Report,
      'warnings' | 'green' | 'own'
    >,
): Promise<Report> {
  const { account } = stage;
  const { executionArn, result, visits, observer } = run;
  const description = account.states.describeExecution(executionArn);
  const endState =
    visits.findLast(({ machine }) => machine === 'blue-green-deployment')?.name ?? description.status ?? '';
  const gaps = measureGaps(result, visits);
  const data = await proveData(stage, result, gaps, run);
  const back = readGoingBack(stage, executionArn, scenario.request);
  const invariants = proveInvariants(stage, run.baseline, executionArn, {
    end: endState,
    writability: observer.changes,
    rows: { ...data.rows, kinds: data.clients },
    acknowledgements: result.writes,
    leftovers: data.leftovers,
    logs: run.log,
  });
  const whole =
    data.tables.every(({ equal, isView }) => equal || isView) &&
    data.sequences.every(({ ahead, wasBehind, equal }) => (ahead !== false || wasBehind) && equal !== false);
  const learned = {
    error: description.error ?? null,
    upgradeRefused: run.own !== null && stage.servers.refusedUpgrades().length > 0,
    noWayBack: run.own !== null && hadNoWayBack(account.states.getExecutionHistory(executionArn)),
  };
  const asExpected =
    endState === expectAfterRun(scenario, options, learned) &&
    data.rows.lost === 0 &&
    data.rows.doubled === 0 &&
    whole &&
    run.unchangeable.length === 0 &&
    invariants.every(({ holds }) => holds);
  return {
    endState,
    status: description.status ?? '',
    error: description.error ?? null,
    cause: description.cause ?? null,
    asExpected,
    options: {
      ...options,
      source: options.source && withoutPassword(options.source),
      pgBin: [...options.pgBin],
      mysqlBin: [...options.mysqlBin],
    },
    rehearsed: describeRehearsed(process.argv.slice(2)),
    startedAt: run.startedAt,
    endedAt: Date.now(),
    timeScale: stage.pace.scale,
    versions: { before: stage.versions.from, after: data.version },
    cut: {
      ...asMoment(gaps.cut ?? result.longestGap),
      longestGapOfRunMs: result.longestGap.ms,
      windowMs: data.windowMs,
      hold: measureHold(visits, 'blue-green-deployment'),
      writeErrors: result.errors,
      errorsOfPooled: result.errorsOfPooled,
      unknownOutcome: result.unknownOutcome,
    },
    goingBack: back &&
      gaps.back && { ...asMoment(gaps.back), hold: measureHold(visits, 'roll-back'), ...back },
    rows: data.rows,
    clients: data.clients,
    periods: data.periods,
    tables: data.tables,
    sequences: data.sequences,
    history: {
      events: account.states.getExecutionHistory(executionArn).length,
      transitions: account.states.execution(executionArn).transitions,
    },
    invariants,
    states: visits,
    lag: run.lag,
    statistics: run.statistics,
    bake: readBake(stage, executionArn),
    noWayBack: options.wayBack ? whyNoWayBack(account.states.getExecutionHistory(executionArn)) : null,
    writesPerSecond: result.writesPerSecond,
    announcements: account.sns.messages
      .filter(({ topicArn }) => topicArn === account.topics.announcements)
      .map(({ subject, message }) => ({ subject: subject ?? '', text: message })),
    definitionSha256: stage.definitionSha256,
    warnings: run.warnings,
    green: run.green,
    own: run.own,
    unchangeable: run.unchangeable,
  };
}
