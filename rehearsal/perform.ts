import { setTimeout as pause } from 'node:timers/promises';
import { phaseOfState } from '../functions/domain/run/phase.ts';
import { answerQuestion, onQuestion } from './approver.ts';
import type { Audience } from './audience.ts';
import { databaseName } from './blue.ts';
import { execute } from './execute.ts';
import { type Baseline, takeBaseline } from './invariants/gather.ts';
import { recordLag } from './lag.ts';
import { type Moment, showLive } from './live-line.ts';
import { WriteObserver } from './observe.ts';
import { keepOldAddressesOn } from './old-addresses.ts';
import type { RehearsalOptions } from './options.ts';
import { followDeadlines, followStates, progressLines, type Visit } from './progress.ts';
import { findBehind } from './proof.ts';
import { Readers } from './readers.ts';
import type { Report } from './report/types.ts';
import { bakes, type Scenario } from './scenario.ts';
import { portOfJobs, type Stage, type Track } from './stage.ts';
import { watchStatistics } from './statistics.ts';
import { Workload, type WorkloadResult } from './workload/workload.ts';

/** Calm before and after the run, so that the report shows what is usual. Real milliseconds. */
const calmMs = 750;

/**
 * Minutes of the run's time for which blue is measured before the run. The bake compares with five minutes before the cut, and the
 * lag alone, read three times a minute apart, takes a run three of them, or one fewer where its readings fall on the edges of minutes.
 */
const minutesMeasured = 3;

/** Real milliseconds between two keys of one writer: writers in a closed loop would take what the servers and the run need. */
export const thinkMs = 12;

/** What the clients have done, and who took their writes. */
interface Load {
  result: WorkloadResult;
  observer: WriteObserver;
  unchangeable: Report['unchangeable'];
  /** What readers saw who came by their record; null where there were none. */
  reads: Readers['reads'] | null;
}

/** How blue was before the run. */
interface Before {
  baseline: Baseline;
  /** What replicated on blue. */
  standing: string[];
  /** Sequences that stood behind their column. */
  behind: ReadonlySet<string>;
}

/** What was seen of the run from outside. */
interface Course {
  visits: Visit[];
  lag: Report['lag'];
  statistics: Report['statistics'];
}

export type Performance = { executionArn: string } & Load & Before & Course;

/** Plays the run from its start to its end, under load. */
export async function perform(
  stage: Stage,
  scenario: Scenario,
  options: RehearsalOptions,
  audience: Audience,
  startedAt: number,
  track: Track,
): Promise<Performance> {
  const load = await startLoad(stage, options, track);
  const healing = causeTrouble(stage, options);
  answerApprovals(stage, options, audience);
  await pause(calmMs);
  if (bakes(scenario)) await measureBlue(stage);
  const before = await lookAtBlue(stage);
  const course = followRun(stage, load.acknowledged, audience, startedAt);
  const executionArn = await execute(stage, scenario, (line) => audience.print(line));
  course.stop();
  await healing();
  await pause(calmMs);
  return { executionArn, ...before, ...(await load.stop()), ...(await course.report(executionArn)) };
}

/** Lets clients write by the address that they have, some by old addresses too, and watches which databases take it. */
export async function startLoad(stage: Stage, options: RehearsalOptions, track: Track) {
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
  const readers = account.readsRecord && new Readers(stage);
  track(async () => void (await readers?.stop()));
  const observer = new WriteObserver(plane, resources, () => clock.now());
  observer.start();
  track(() => observer.stop());
  return {
    /** Writes that were acknowledged so far. */
    acknowledged: () => workload.acknowledged,
    async stop(): Promise<Load> {
      await forgetOldAddresses();
      const unchangeable = await touching.stop();
      const result = await workload.stop();
      await observer.stop();
      const reads = (await readers?.stop()) ?? null;
      return { result, observer, unchangeable, reads };
    },
  };
}

/** Hands each question of the run to a person, or answers it as the options say. */
function answerApprovals({ account }: Stage, { answer }: RehearsalOptions, audience: Audience): void {
  onQuestion(account.sns, account.topics.approvals, (question) => {
    if (answer === 'ask') audience.ask(question);
    else
      answerQuestion(question, answer === 'yes' ? 'approve' : 'reject').catch((error: Error) =>
        audience.print(`  ${error.message}`),
      );
  });
}

async function lookAtBlue(stage: Stage): Promise<Before> {
  return {
    baseline: takeBaseline(stage.account, databaseName),
    standing: await stage.servers.findReplication(stage.blue.database),
    behind: await findBehind(stage),
  };
}

/** Follows states, lag and statistics, and shows where the run is. */
function followRun(stage: Stage, acknowledged: () => number, audience: Audience, startedAt: number) {
  const { account, clock } = stage;
  const visits = followStates(account.states, Date.now, progressLines(startedAt, audience.print));
  const lag = recordLag(stage);
  const deadlineOf = followDeadlines(account.states);
  const live = showLive(audience.show, startedAt, () => ({
    ...describePlace(visits, deadlineOf, clock),
    tasks: account.rds.world.deployments[0]?.tasks ?? [],
    lagBytes: lag.points.at(-1)?.bytes ?? null,
    acknowledged: acknowledged(),
  }));
  const statistics = watchStatistics(stage);
  return {
    stop() {
      lag.stop();
      live.stop();
    },
    async report(executionArn: string): Promise<Course> {
      return { visits, lag: lag.points, statistics: await statistics.report(executionArn) };
    },
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
