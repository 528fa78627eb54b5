import { longestPauseHours } from '../hold/steering.ts';
import { bakeTick, countTicks, type Pace, paces, tickSeconds, windowTick } from '../model/tick.ts';
import { roomForSteps } from '../read-ramp/step.ts';
import type { ReadRamp, Request } from './request.ts';

/** Step Functions ends an execution at 25,000 events. A fifth is left for retries and for looks that events ask for. */
export const historyBudget = 20_000;

/** `TimeoutSeconds` of the state machine. A run must end by itself before, above all not in the middle of a cut. */
export const longestRunSeconds = 8_640_000;

/** Entered, scheduled, started, submitted, timed out, exited, and the choice entered and left. */
const eventsPerTick = 8;

/** Everything but ticks: the states that a run passes once, with room for the messages of the approval groups. */
const eventsOnce = 200;
const eventsPerGroup = 45;

const hour = 3_600;
const day = 24 * hour;

/** So long it is tried to let the application write again, before the run ends while its roles are held. */
export const releaseHours = 24;

/** One wait at its longest. */
interface LongestWait {
  name: string;
  seconds: number;
  ticks: number;
}

/** A run in which every wait lasts to its deadline, and no look and no event ends a wait early. */
export interface LongestRun {
  seconds: number;
  events: number;
  waits: LongestWait[];
}

/** The longest run that a request allows. It stands for the bound of every run. @param now milliseconds since the epoch */
export function planLongestRun(request: Request, now: number): LongestRun {
  const waits = listWaits(request, now);
  const groups = request.approval.required ? request.approval.groups.length : 0;
  const ticks = waits.reduce((sum, wait) => sum + wait.ticks, 0);
  return {
    seconds: Math.ceil(waits.reduce((sum, wait) => sum + wait.seconds, 0)) + hour,
    events: ticks * eventsPerTick + eventsOnce + groups * eventsPerGroup,
    waits,
  };
}

function listWaits(request: Request, now: number): LongestWait[] {
  const { target, tests, approval, lag, switchover, bake, oldBlue, hooks, wayBack, readRamp } = request;
  const building = target.readyWithinHours * hour;
  const groups = approval.groups.length;
  const bakeSeconds = bake.minutes * 60;
  return [
    buildGreen(building),
    ...(target.members.length > 0 ? [usual('green after its members were changed', building)] : []),
    ...(hooks.changeGreen ? [usual('green after its changes', building)] : []),
    ...(tests.failover ? [usual('a failover of green, there and back', 2 * hour, paces.failover)] : []),
    ...Object.entries(hooks).map(([name, hook]) => asleep(`hook ${name}`, hook && hookSeconds(hook))),
    ...(wayBack.login ? [inSteps('the statistics of green', hour, 40)] : []),
    ...(tests.load ? [inSteps('the load test', tests.load.withinSeconds + 1_800, 40)] : []),
    ...(approval.required ? [askGroups(approval.withinHours * hour, groups)] : []),
    usual('paused', longestPauseHours * hour),
    awaitWindow(longestWindow(request, now), request.window !== undefined),
    usual('catching up', lag.withinMinutes * 60, paces.catchUp),
    ...(readRamp ? listSteps(readRamp, request, now) : []),
    usual('switchover', switchover.timeoutSeconds + 900, paces.cut),
    watch(bakeSeconds),
    ...(wayBack.enabled && wayBack.login
      ? [
          usual('securing the way back', wayBack.secureWithinMinutes * 60, paces.cut),
          withTask(usual('releasing writes', releaseHours * hour, paces.release)),
          withTask(usual('making the rollback target', 2 * hour)),
          usual('deciding on the way back', approval.withinHours * hour),
          usual('going back', 9 * hour),
        ]
      : []),
    ...(oldBlue.deleteAfterDays === undefined
      ? []
      : [
          usual('retention', oldBlue.deleteAfterDays * day, paces.retention),
          usual('snapshot', day),
          usual('deletion', day),
        ]),
  ];
}

/** Once it is nearly ready its ticks begin young again: they reach the longest after ten hours. */
function buildGreen(seconds: number): LongestWait {
  const { ticks } = usual('green', seconds, paces.green);
  return { name: 'green', seconds, ticks: ticks + usual('', Math.min(seconds, 10 * hour)).ticks };
}

function usual(name: string, seconds: number, pace: Pace = paces.usual): LongestWait {
  const wait = { since: 0, deadline: seconds * 1_000 };
  return { name, seconds, ticks: countTicks(seconds, (at) => tickSeconds(at, wait, pace)) };
}

/** A task that is asked again at once; a round costs about as many events as a tick. @param round seconds of one at least */
function inSteps(name: string, seconds: number, round: number): LongestWait {
  return { name, seconds, ticks: Math.ceil(seconds / round) };
}

/** Beside each look another task runs: five events more, so that a look counts twice. */
function withTask(wait: LongestWait): LongestWait {
  return { ...wait, ticks: 2 * wait.ticks };
}

/** A callback hook waits without looking. */
function asleep(name: string, seconds = 0): LongestWait {
  return { name, seconds, ticks: 0 };
}

function hookSeconds({ callback, withinMinutes }: { callback: boolean; withinMinutes: number }): number {
  return callback ? withinMinutes * 60 : 900;
}

/** A bad step may lead to the question and the window once more. */
function listSteps(ramp: ReadRamp, request: Request, now: number): LongestWait[] {
  const { approval, lag, window } = request;
  const seconds = roomForSteps(ramp) / 1_000;
  // Looks are a minute apart for as long as a step may take.
  return [
    { name: 'reads on green', seconds, ticks: Math.ceil(seconds / 60) + ramp.steps.length },
    usual('reads back', hour, paces.cut),
    ...(ramp.onBadStep === 'ask'
      ? [
          askGroups(approval.withinHours * hour, approval.groups.length),
          awaitWindow(longestWindow(request, now), window !== undefined),
          usual('catching up', lag.withinMinutes * 60, paces.catchUp),
        ]
      : []),
  ];
}

/** Groups are asked side by side, so their time counts once. */
function askGroups(seconds: number, groups: number): LongestWait {
  const wait = { since: 0, deadline: seconds * 1_000 };
  const ticks = countTicks(seconds, (at) => tickSeconds(at, wait, paces.approval, groups));
  return { name: 'approval', seconds, ticks: ticks * groups };
}

/** A window may open at any time of the wait; in the middle, it costs about the most. Without one it is open at once. */
function awaitWindow(seconds: number, opensLater: boolean): LongestWait {
  const wait = { since: 0, deadline: seconds * 1_000 };
  const opensAt = opensLater ? seconds * 500 : 0;
  return { name: 'window', seconds, ticks: countTicks(seconds, (at) => windowTick(at, wait, opensAt)) };
}

/** A quarter of the bake, at least 15 minutes, is left for alarms without data. */
function watch(bakeSeconds: number): LongestWait {
  const seconds = bakeSeconds + Math.max(900, bakeSeconds / 4);
  const wait = { since: 0, deadline: seconds * 1_000 };
  const ticks = countTicks(seconds, (at) => bakeTick(at, wait, bakeSeconds * 1_000));
  return { name: 'bake', seconds, ticks };
}

/** From asking to the close of the window. A weekly window comes within a week, or within the next if this one is too near. */
function longestWindow({ window, lag }: Request, now: number): number {
  if (!window) {
    return lag.withinMinutes * 60 + day;
  }
  return 'timeZone' in window ? 15 * day : Math.max(0, (Date.parse(window.closesAt) - now) / 1_000);
}
