import { describe, expect, it } from 'vitest';
import {
  databasePhase,
  deploymentPhase,
  pairPhase,
  taskPhase,
} from '../../../functions/domain/model/phase.ts';

/** Words of RDS, as its User Guide and its API reference list them. */
describe('the status of a deployment', () => {
  it.each([
    ['PROVISIONING', 'building'],
    ['AVAILABLE', 'ready'],
    ['SWITCHOVER_IN_PROGRESS', 'switching'],
    ['SWITCHOVER_COMPLETED', 'switched'],
    ['SWITCHOVER_FAILED', 'switch-failed'],
    ['INVALID_CONFIGURATION', 'broken'],
    ['DELETING', 'deleting'],
  ])('%s: %s', (status, phase) => {
    expect(deploymentPhase(status)).toBe(phase);
  });
});

describe('the status of a pair of members', () => {
  it.each([
    ['PROVISIONING', 'building'],
    ['AVAILABLE', 'ready'],
    ['SWITCHOVER_IN_PROGRESS', 'switching'],
    ['SWITCHOVER_COMPLETED', 'switched'],
    ['SWITCHOVER_FAILED', 'switch-failed'],
    ['MISSING_SOURCE', 'missing'],
    ['MISSING_TARGET', 'missing'],
  ])('%s: %s', (status, phase) => {
    expect(pairPhase(status)).toBe(phase);
  });
});

describe('the status of a task of RDS', () => {
  it.each([
    ['PENDING', 'waiting'],
    ['IN_PROGRESS', 'waiting'],
    ['COMPLETED', 'done'],
    ['FAILED', 'failed'],
  ])('%s: %s', (status, phase) => {
    expect(taskPhase(status)).toBe(phase);
  });
});

describe('the status of a database', () => {
  const passing = [
    'backing-up, backtracking, configuring-enhanced-monitoring, configuring-iam-database-auth, configuring-log-exports',
    'converting-to-vpc, creating, failing-over, maintenance, migrating, modifying, moving-to-vpc, promoting, rebooting',
    'renaming, resetting-master-credentials, starting, storage-config-upgrade, storage-initialization',
    'storage-optimization, update-iam-db-auth, upgrading',
  ];
  const stuck = [
    'cloning-failed, failed, inaccessible-encryption-credentials, inaccessible-encryption-credentials-recoverable',
    'incompatible-create, incompatible-credentials, incompatible-network, incompatible-option-group',
    'incompatible-parameters, incompatible-restore, insufficient-capacity, migration-failed, restore-error, storage-full',
  ];
  const each = (lines: string[]) => lines.join(', ').split(', ');

  it('serves in "available" alone', () => {
    expect(databasePhase('available')).toBe('available');
  });
  it.each(each(passing))('%s passes by itself', (status) => {
    expect(databasePhase(status)).toBe('passing');
  });
  it.each(each(stuck))('%s stays until a person acts', (status) => {
    expect(databasePhase(status)).toBe('stuck');
  });
  it.each(['deleting', 'stopped', 'stopping'])('%s is on its way out', (status) => {
    expect(databasePhase(status)).toBe('going');
  });
});

it.each([undefined, '', 'unknown', 'Available', 'SOMETHING_NEW', 'constructor'])(
  'the status %s is known to no table, and passes no gate',
  (status) => {
    const phases = [deploymentPhase, pairPhase, taskPhase, databasePhase].map((phase) => phase(status));
    expect(phases).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  },
);
