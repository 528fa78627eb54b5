import { describe, expect, it } from 'vitest';
import { type DeploymentLook, judgeReadiness } from '../../../functions/domain/build/readiness.ts';
import {
  databasePhase,
  deploymentPhase,
  pairPhase,
  taskPhase,
} from '../../../functions/domain/model/phase.ts';
import { arnOf, blueSide, clusterSide, greenSide, member } from '../sample.ts';

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
      expect(verdict.because).toMatch(because);
    }
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
