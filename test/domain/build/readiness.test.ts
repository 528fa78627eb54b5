import { describe, expect, it } from 'vitest';
import {
  type DeploymentLook,
  databasesOf,
  judgeReadiness,
} from '../../../functions/domain/build/readiness.ts';
import {
  databasePhase,
  deploymentPhase,
  pairPhase,
  taskPhase,
} from '../../../functions/domain/model/phase.ts';
import { arnOf, blueSide, clusterSide, greenSide, member } from '../sample.ts';
import { seenOf } from '../seen.ts';

const wanted = { engineVersion: '17.10', takenUp: false };

/** A deployment that is ready. */
function look(more: Partial<DeploymentLook> = {}): DeploymentLook {
  const blue = blueSide();
  const green = greenSide();
  return {
    status: 'AVAILABLE',
    tasks: [
      { name: 'CREATING_READ_REPLICA_OF_SOURCE', status: 'COMPLETED' },
      { name: 'DB_ENGINE_VERSION_UPGRADE', status: 'COMPLETED' },
    ],
    pairs: [{ source: blue.arn, target: green.arn, status: 'AVAILABLE' }],
    blue,
    green,
    unpaired: [],
    replicationTroubles: [],
    progress: {},
    failureEvents: [],
    ...more,
  };
}

const task = (status: string) => ({ tasks: [{ name: 'DB_ENGINE_VERSION_UPGRADE', status }] });
const pair = (status: string, target: string | undefined = arnOf('green')) => ({
  pairs: [{ source: arnOf('orders'), status, ...(target && { target }) }],
});
const blueIs = (status: string) => ({ blue: blueSide({ members: [member('orders', { status })] }) });
const greenIs = (status: string) => ({
  green: greenSide({ members: [member('green', { status, engineVersion: '17.10' })] }),
});

const broken = (status: string, message: string) => ({
  replicationTroubles: [{ member: 'green', status, message }],
});

describe('what is told of a green that is not ready', () => {
  const trouble = { replicationTroubles: [{ member: 'green', status: 'replication degraded', message: '' }] };
  const restoring = greenIs('creating');
  it.each<[what: string, more: Partial<DeploymentLook>, nearly: boolean, degraded: boolean]>([
    ['its members alone are to come', restoring, true, false],
    ['it is still built', { ...restoring, status: 'PROVISIONING' }, false, false],
    ['a task is still under way', { ...restoring, ...task('IN_PROGRESS') }, false, false],
    [
      'one of two tasks is still under way',
      { ...restoring, tasks: [...task('COMPLETED').tasks, ...task('IN_PROGRESS').tasks] },
      false,
      false,
    ],
    ['it is not listed', { green: undefined }, false, false],
    ['its replication is in trouble', trouble, true, true],
    ['its replication is in trouble while it is built', { ...trouble, status: 'PROVISIONING' }, false, true],
    ['it is not listed, and replication is in trouble', { ...trouble, green: undefined }, false, false],
  ])('%s', (_, more, nearly, degraded) => {
    const seen = look(more);
    const verdict = judgeReadiness(seen, wanted);
    expect(verdict).toEqual({
      kind: 'not-yet',
      because: expect.any(String),
      tasks: seen.tasks,
      ...(nearly && { nearly: true }),
      ...(degraded && { degraded: seen.green }),
    });
  });

  it('another version may come, unless green was built for another request', () => {
    const seen = look({ green: greenSide({ engineVersion: '16.9' }) });
    const other = 'orders-green-abc123 runs 16.9, wanted is 17.10';
    expect(judgeReadiness(seen, wanted)).toEqual({
      kind: 'not-yet',
      because: `${other}; if it stays so, look at green in the console of RDS and at its events: the upgrade may have failed`,
      tasks: seen.tasks,
    });
    expect(judgeReadiness(seen, { ...wanted, takenUp: true })).toEqual({
      kind: 'no',
      because: `${other}; leave target.engineVersion out to take the deployment up as it is`,
    });
  });

  it('a cluster is told beside an instance of the same name', () => {
    const side = clusterSide({ members: [member('orders')] });
    expect(databasesOf(side).map(({ id }) => id)).toEqual(['orders', 'orders']);
    expect(databasesOf(blueSide()).map(({ id }) => id)).toEqual(['orders']);
  });
});

describe('is green ready?', () => {
  it.each<[verdict: string, when: string, more: Partial<DeploymentLook>, because?: RegExp]>([
    ['ready', 'everything is', {}],
    ['ready', 'and RDS lists no tasks', { tasks: [] }],
    ['not-yet', 'the deployment is being built', { status: 'PROVISIONING' }, /deployment is PROVISIONING/],
    ['not-yet', 'a status from the future', { status: 'PONDERING' }, /does not know/],
    ['not-yet', 'no status', { status: '' }, /without a status/],
    ['not-yet', 'a task is under way', task('IN_PROGRESS'), /DB_ENGINE_VERSION_UPGRADE is IN_PROGRESS/],
    ['not-yet', 'a task waits', task('PENDING'), /PENDING/],
    ['not-yet', 'a task status from the future', task('PAUSED'), /does not know/],
    ['not-yet', 'no members are listed', { pairs: [] }, /no members yet/],
    ['not-yet', 'a pair is being built', pair('PROVISIONING'), /PROVISIONING/],
    [
      'not-yet',
      'a pair has no green',
      { pairs: [{ source: arnOf('orders'), status: 'AVAILABLE' }] },
      /no counterpart yet/,
    ],
    ['not-yet', 'green is not listed', { green: undefined }, /green is not listed/],
    ['not-yet', 'green still fills its storage', greenIs('storage-initialization'), /storage-initialization/],
    [
      'not-yet',
      'RDS says how far green is',
      { ...greenIs('storage-initialization'), progress: { green: 37 } },
      /green is storage-initialization; RDS says green 37 %/,
    ],
    [
      'not-yet',
      'a task is under way, and RDS says which and how far',
      {
        status: 'PROVISIONING',
        ...task('IN_PROGRESS'),
        ...greenIs('creating'),
        progress: { green: 12, orders: 80 },
      },
      /PROVISIONING \(0 of 1 tasks done, DB_ENGINE_VERSION_UPGRADE is under way\); RDS says green 12 %$/,
    ],
    ['not-yet', 'blue is backing up', blueIs('backing-up'), /orders is backing-up/],
    ['not-yet', 'a member status from the future', greenIs('quantum'), /does not know/],
    [
      'not-yet',
      'the cluster itself is at work',
      { blue: clusterSide({ status: 'modifying' }) },
      /orders is modifying/,
    ],
    [
      'not-yet',
      'replication is degraded',
      { replicationTroubles: [{ member: 'green', status: 'replication degraded', message: 'DDL' }] },
      /"replication degraded": DDL/,
    ],
    [
      'not-yet',
      'green is not upgraded yet',
      { green: greenSide({ engineVersion: '16.9' }) },
      /runs 16\.9, wanted is 17\.10/,
    ],
    [
      'no',
      'the configuration is invalid',
      { status: 'INVALID_CONFIGURATION', statusDetails: 'slots', failureEvents: ['too few'] },
      /RDS says: slots \| too few/,
    ],
    [
      'no',
      'replication has ended',
      broken('terminated', ''),
      /of green is "terminated", which .* built anew$/,
    ],
    ['no', 'replication has failed', broken('error', 'no slot'), /is "error": no slot, which does not pass/],
    ['not-yet', 'replication is delayed for no reason', broken('delayed', ''), /of green is "delayed"$/],
    [
      'not-yet',
      'a pair has a status from the future',
      pair('MUSING'),
      /pair of \S+:orders is MUSING, a status/,
    ],
    [
      'no',
      'the last switchover failed',
      { status: 'SWITCHOVER_FAILED' },
      /^the deployment is SWITCHOVER_FAILED$/,
    ],
    [
      'not-yet',
      'it is built, and RDS says nothing of its tasks or of green',
      { status: 'PROVISIONING', tasks: [], green: undefined, progress: { orders: 3 } },
      /^the deployment is PROVISIONING$/,
    ],
    [
      'not-yet',
      'one of its tasks is done and none is under way',
      { status: 'PROVISIONING', tasks: [task('COMPLETED'), task('PENDING')].flatMap(({ tasks }) => tasks) },
      /^the deployment is PROVISIONING \(1 of 2 tasks done\)$/,
    ],
    [
      'not-yet',
      'two databases are at work, each with its percent',
      {
        status: 'PROVISIONING',
        tasks: [],
        green: greenSide({ members: [member('g1'), member('g2')] }),
        progress: { g1: 1, g2: 2 },
      },
      /^the deployment is PROVISIONING; RDS says g1 1 %, g2 2 %$/,
    ],
    ['no', 'blue got a replica', { unpaired: ['reports'] }, /reports belongs to blue and came after green/],
    ['ready', 'blue got a reader by autoscaling', { unpaired: ['application-autoscaling-1a'] }],
    ['no', 'it is being deleted', { status: 'DELETING' }, /DELETING/],
    ['no', 'a task failed', task('FAILED'), /task DB_ENGINE_VERSION_UPGRADE failed/],
    ['no', 'a green member is gone', pair('MISSING_TARGET'), /no counterpart any more/],
    ['no', 'blue is being deleted', blueIs('deleting'), /orders is deleting/],
    ['no', 'green cannot start', greenIs('incompatible-parameters'), /does not pass by itself/],
    ['no', 'somebody switches over', { status: 'SWITCHOVER_IN_PROGRESS' }, /somebody else/],
    ['no', 'somebody has switched over', { status: 'SWITCHOVER_COMPLETED' }, /somebody else/],
  ])('%s: %s', (kind, _when, more, because) => {
    const verdict = judgeReadiness(look(more), wanted);
    expect(verdict.kind).toBe(kind);
    if (because && verdict.kind !== 'ready') {
      expect(seenOf(verdict)).toMatch(because);
      expect(verdict.kind === 'no' || verdict.because !== seenOf(verdict)).toBe(true);
    }
  });
});

describe('green that was not built for this request', () => {
  const old = look({ green: greenSide({ engineVersion: '16.9' }), unpaired: ['application-autoscaling-1a'] });

  it('will not get the version that is asked for', () => {
    expect(judgeReadiness(old, { engineVersion: '17.10', takenUp: true })).toEqual({
      kind: 'no',
      because: expect.stringMatching(/runs 16\.9, wanted is 17\.10; leave target\.engineVersion out/),
    });
  });

  it('is waited for as long as it is not ready', () => {
    const building = { ...old, status: 'PROVISIONING' };
    expect(judgeReadiness(building, { engineVersion: '17.10', takenUp: true }).kind).toBe('not-yet');
  });

  it('is taken as it is where no version is asked for, with what was read of both sides', () => {
    const now = look({ unpaired: ['application-autoscaling-1a'] });
    const { status, blue, green } = now;
    expect(judgeReadiness(now, { engineVersion: undefined, takenUp: true })).toEqual({
      kind: 'ready',
      facts: { status, blue, green, staysBehind: ['application-autoscaling-1a'] },
    });
  });
});

describe('the reasons that RDS gives', () => {
  const refused = (more: Partial<DeploymentLook>) =>
    judgeReadiness(look({ status: 'DELETING', ...more }), wanted);

  it.each<[Partial<DeploymentLook>, string]>([
    [{}, 'the deployment is DELETING'],
    [{ statusDetails: '' }, 'the deployment is DELETING'],
    [{ failureEvents: ['a', 'b', 'c', 'd'] }, 'the deployment is DELETING. RDS says: a | b | c'],
  ])('%j', (more, because) => {
    expect(refused(more)).toEqual({ kind: 'no', because });
  });
});

describe('the databases of a side', () => {
  const names = (side: Parameters<typeof databasesOf>[0]) => databasesOf(side).map(({ id }) => id);

  it('are its instances', () => {
    expect(names(blueSide({ members: [member('orders'), member('reports')] }))).toEqual([
      'orders',
      'reports',
    ]);
  });

  it('are a cluster and its instances, even where one has the name of the cluster', () => {
    expect(names(clusterSide())).toEqual(['orders', 'orders-1', 'orders-2']);
    expect(names(clusterSide({ members: [member('orders')] }))).toEqual(['orders', 'orders']);
  });
});

describe('a status that the tables do not know is unknown', () => {
  it.each([undefined, '', 'available ', 'Available', 'toString', '__proto__', 'PAUSED'])('%j', (status) => {
    expect([deploymentPhase, pairPhase, taskPhase, databasePhase].map((phaseOf) => phaseOf(status))).toEqual([
      'unknown',
      'unknown',
      'unknown',
      'unknown',
    ]);
  });
});
