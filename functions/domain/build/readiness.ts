import type { Member, Side, Verdict } from '../model/deployment.ts';
import { lookAtRds, type NotYet, notYet } from '../model/not-yet.ts';
import { databasePhase, deploymentPhase, pairPhase, taskPhase } from '../model/phase.ts';

/** A task of RDS on a deployment, as `DescribeBlueGreenDeployments` lists it. */
export interface BuildTask {
  name: string;
  status: string;
}

/** One look at a deployment: its record and both sides, read in the same invocation. */
export interface DeploymentLook {
  /** `BlueGreenDeployment.Status`. */
  status: string;
  statusDetails?: string;
  tasks: BuildTask[];
  /** `SwitchoverDetails`: a pair for each member, by ARN. The target is missing while green is being created. */
  pairs: { source: string; target?: string; status: string }[];
  blue: Side;
  green?: Side;
  /** Databases of blue that came after the deployment was made and have no row in it. */
  unpaired: string[];
  /** `StatusInfos` of green that are not normal, for example "replication degraded". */
  replicationTroubles: { member: string; status: string; message: string }[];
  /** How far RDS is with what it does to a database, in percent, by its name, where it says so (`PercentProgress`). */
  progress: Readonly<Record<string, number>>;
  /** Failure events of the deployment, newest first. They give the reason, never the verdict. */
  failureEvents: string[];
}

/** Both sides, ready. */
export interface ReadySides {
  status: string;
  /** With the databases alone that the deployment exchanges. */
  blue: Side;
  green: Side;
  /** Readers of blue that autoscaling has made since. */
  staysBehind: string[];
}

/** With the tasks of RDS where it is not ready yet, which people see. */
export type Readiness = Exclude<Verdict<ReadySides>, { kind: 'not-yet' }> | NotReady;

/**
 * `degraded`: green, whose replication is in trouble; only its databases say whether that may pass.
 * `nearly`: its members alone are still to come, which takes minutes, and no event tells of it.
 */
type NotReady = NotYet & { tasks?: BuildTask[]; nearly?: true; degraded?: Side };

/** What the request asks of green before it is compared with blue. */
export interface Wanted {
  /** Undefined: whatever all of green has. */
  engineVersion: string | undefined;
  /** Green was not built for this request, so a version that it does not have when it is ready will not come. */
  takenUp: boolean;
}

/**
 * Whether green is ready: the deployment, its tasks, its pairs and every member of both sides, all in one look. RDS says
 * AVAILABLE while members are still at work, and refuses a switchover then; so the deployment's word alone is not enough.
 */
export function judgeReadiness(look: DeploymentLook, wanted: Wanted): Readiness {
  const refusal = findRefusal(look);
  if (refusal) {
    return { kind: 'no', because: withReasons(refusal, look) };
  }
  const obstacle = findObstacle(look);
  if (obstacle)
    return {
      ...obstacle,
      tasks: look.tasks,
      ...(lacksMembersAlone(look) && { nearly: true }),
      ...(look.green && look.replicationTroubles.length > 0 && { degraded: look.green }),
    };
  // A green that is not listed is an obstacle.
  const green = look.green as Side;
  const other = findOtherVersion(green, wanted);
  if (other && wanted.takenUp)
    return {
      kind: 'no',
      because: `${other}; leave target.engineVersion out to take the deployment up as it is`,
    };
  if (other)
    return { ...notYet(other, `${lookAtRds('green')}: the upgrade may have failed`), tasks: look.tasks };
  const { status, blue, unpaired: staysBehind } = look;
  return { kind: 'ready', facts: { status, blue, green, staysBehind } };
}

/** Every database of a side by name: for Aurora the cluster and its instances, otherwise the instances. */
export function databasesOf(side: Side): { id: string; status: string }[] {
  const own = side.members.some((member) => member.id === side.id && member.arn === side.arn);
  const members: Pick<Member, 'id' | 'status'>[] = side.members;
  return own ? members : [{ id: side.id, status: side.status }, ...members];
}

/** Application Auto Scaling names the readers so that it makes, and takes them away again. */
export function isAutoscaled(name: string): boolean {
  return name.startsWith('application-autoscaling-');
}

/** What no waiting mends. */
function findRefusal(look: DeploymentLook): string | undefined {
  const phase = deploymentPhase(look.status);
  if (phase === 'broken' || phase === 'deleting' || phase === 'switch-failed') {
    return `the deployment is ${look.status}`;
  }
  if (phase === 'switching' || phase === 'switched') {
    return `the deployment is ${look.status}, and this run did not ask for it: somebody else switches over`;
  }
  const task = look.tasks.find(({ status }) => taskPhase(status) === 'failed');
  if (task) {
    return `the task ${task.name} failed`;
  }
  const pair = look.pairs.find(({ status }) => pairPhase(status) === 'missing');
  if (pair) {
    return `${pair.source} has no counterpart any more (${pair.status})`;
  }
  const broken = look.replicationTroubles.find(({ status }) => ['error', 'terminated'].includes(status));
  if (broken) {
    return `replication of ${broken.member} is "${broken.status}"${broken.message ? `: ${broken.message}` : ''}, which does not pass by itself: green has to be built anew`;
  }
  const stranger = look.unpaired.find((name) => !isAutoscaled(name));
  if (stranger) {
    return `${stranger} belongs to blue and came after green was built: green has no counterpart of it, and it would stay with old blue. Delete it, or build green anew`;
  }
  const lost = [...databasesOf(look.blue), ...(look.green ? databasesOf(look.green) : [])].find(
    ({ status }) => ['stuck', 'going'].includes(databasePhase(status)),
  );
  return lost && `${lost.id} is ${lost.status}, which does not pass by itself`;
}

/** What waiting may mend. A status that we do not know waits, too: the deadline ends it. */
function findObstacle(look: DeploymentLook): NotYet | undefined {
  const inRds = lookAtRds('the deployment');
  if (deploymentPhase(look.status) !== 'ready') {
    const seen = sayStatus('the deployment', look.status, deploymentPhase(look.status));
    return notYet(`${seen}${sayProgress(look)}`, inRds);
  }
  const task = look.tasks.find(({ status }) => taskPhase(status) !== 'done');
  if (task) {
    const seen = sayStatus(`the task ${task.name}`, task.status, taskPhase(task.status));
    return notYet(`${seen}${sayProgress(look)}`, inRds);
  }
  if (look.pairs.length === 0) {
    return notYet('the deployment lists no members yet', inRds);
  }
  const pair = look.pairs.find(({ status, target }) => pairPhase(status) !== 'ready' || !target);
  if (pair) {
    const seen = pair.target
      ? sayStatus(`the pair of ${pair.source}`, pair.status, pairPhase(pair.status))
      : `${pair.source} has no counterpart yet`;
    return notYet(seen, inRds);
  }
  if (!look.green) {
    return notYet('green is not listed yet', inRds);
  }
  const member = [...databasesOf(look.blue), ...databasesOf(look.green)].find(
    ({ status }) => databasePhase(status) !== 'available',
  );
  if (member) {
    const seen = sayStatus(member.id, member.status, databasePhase(member.status));
    return notYet(
      `${seen}${sayPercent(look.progress, [member])}`,
      `${lookAtRds(member.id)}, and end what works on it`,
    );
  }
  const trouble = look.replicationTroubles[0];
  return (
    trouble &&
    notYet(
      `replication of ${trouble.member} is "${trouble.status}"${trouble.message ? `: ${trouble.message}` : ''}`,
      'undo what the message names; where that is not possible, stop the run and build green anew',
    )
  );
}

/** RDS calls the deployment ready minutes before its members are, and sends no event when they are. */
function lacksMembersAlone({ status, tasks, green }: DeploymentLook): boolean {
  const isDone = tasks.every((task) => taskPhase(task.status) === 'done');
  return deploymentPhase(status) === 'ready' && isDone && green !== undefined;
}

function findOtherVersion(green: Side, wanted: Wanted): string | undefined {
  const version = wanted.engineVersion ?? green.engineVersion;
  const other = [green, ...green.members].find(({ engineVersion }) => engineVersion !== version);
  return other && `${other.id} runs ${other.engineVersion}, wanted is ${version}`;
}

/** How far RDS is: its tasks are the only measure that it gives of a whole deployment, percents of the databases that it works on. */
function sayProgress({ tasks, green, progress }: DeploymentLook): string {
  const done = tasks.filter(({ status }) => taskPhase(status) === 'done').length;
  const under = tasks.find(({ status }) => status === 'IN_PROGRESS');
  const now = under ? `, ${under.name} is under way` : '';
  const count = tasks.length === 0 ? '' : ` (${done} of ${tasks.length} tasks done${now})`;
  return `${count}${sayPercent(progress, green ? databasesOf(green) : [])}`;
}

function sayPercent(progress: DeploymentLook['progress'], databases: { id: string }[]): string {
  const known = databases.flatMap(({ id }) => (id in progress ? [`${id} ${progress[id]} %`] : []));
  return known.length === 0 ? '' : `; RDS says ${known.join(', ')}`;
}

function sayStatus(what: string, status: string, phase: string): string {
  const unknown = phase === 'unknown' ? ', a status that this version does not know' : '';
  return `${what} is ${status || 'without a status'}${unknown}`;
}

function withReasons(refusal: string, look: DeploymentLook): string {
  const reasons = [look.statusDetails, ...look.failureEvents.slice(0, 3)].filter(Boolean);
  return reasons.length > 0 ? `${refusal}. RDS says: ${reasons.join(' | ')}` : refusal;
}
