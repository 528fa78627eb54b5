/**
 * RDS writes statuses as plain strings, not as enums, and adds new ones without notice. These tables are the only place
 * that knows them; what they do not know is `unknown`, which passes no gate.
 * Source: RDS User Guide, "Viewing Amazon RDS DB instance status"; API reference, BlueGreenDeployment.
 */

/** Where a blue/green deployment stands. */
export type DeploymentPhase =
  | 'building'
  | 'ready'
  | 'switching'
  | 'switched'
  | 'switch-failed'
  | 'broken'
  | 'deleting'
  | 'unknown';

const deploymentPhases: Record<string, DeploymentPhase> = {
  PROVISIONING: 'building',
  AVAILABLE: 'ready',
  SWITCHOVER_IN_PROGRESS: 'switching',
  SWITCHOVER_COMPLETED: 'switched',
  SWITCHOVER_FAILED: 'switch-failed',
  INVALID_CONFIGURATION: 'broken',
  DELETING: 'deleting',
};

/** Phase of `BlueGreenDeployment.Status`. */
export function deploymentPhase(status: string | undefined): DeploymentPhase {
  return find(deploymentPhases, status);
}

/** Where one row of `SwitchoverDetails` stands: one member of each side. */
export type PairPhase =
  | 'building'
  | 'ready'
  | 'switching'
  | 'switched'
  | 'switch-failed'
  | 'missing'
  | 'unknown';

const pairPhases: Record<string, PairPhase> = {
  PROVISIONING: 'building',
  AVAILABLE: 'ready',
  SWITCHOVER_IN_PROGRESS: 'switching',
  SWITCHOVER_COMPLETED: 'switched',
  SWITCHOVER_FAILED: 'switch-failed',
  MISSING_SOURCE: 'missing',
  MISSING_TARGET: 'missing',
};

/** Phase of `SwitchoverDetail.Status`. */
export function pairPhase(status: string | undefined): PairPhase {
  return find(pairPhases, status);
}

/** Where one task of RDS stands. */
export type TaskPhase = 'waiting' | 'done' | 'failed' | 'unknown';

const taskPhases: Record<string, TaskPhase> = {
  PENDING: 'waiting',
  IN_PROGRESS: 'waiting',
  COMPLETED: 'done',
  FAILED: 'failed',
};

/** Phase of `BlueGreenDeploymentTask.Status`. */
export function taskPhase(status: string | undefined): TaskPhase {
  return find(taskPhases, status);
}

/**
 * What can be hoped of an instance or a cluster: `available`, `passing` (it is at work and comes back by itself), `stuck`
 * (only a person brings it back), `going` (it is being stopped or deleted).
 */
export type DatabasePhase = 'available' | 'passing' | 'stuck' | 'going' | 'unknown';

const databasePhases: Record<Exclude<DatabasePhase, 'unknown'>, string[]> = {
  available: ['available'],
  passing: [
    'backing-up',
    'backtracking',
    'configuring-enhanced-monitoring',
    'configuring-iam-database-auth',
    'configuring-log-exports',
    'converting-to-vpc',
    'creating',
    'failing-over',
    'maintenance',
    'migrating',
    'modifying',
    'moving-to-vpc',
    'promoting',
    'rebooting',
    'renaming',
    'resetting-master-credentials',
    'starting',
    'storage-config-upgrade',
    'storage-initialization',
    'storage-optimization',
    'update-iam-db-auth',
    'upgrading',
  ],
  stuck: [
    'cloning-failed',
    'failed',
    'inaccessible-encryption-credentials',
    'inaccessible-encryption-credentials-recoverable',
    'incompatible-create',
    'incompatible-credentials',
    'incompatible-network',
    'incompatible-option-group',
    'incompatible-parameters',
    'incompatible-restore',
    'insufficient-capacity',
    'migration-failed',
    'restore-error',
    'storage-full',
  ],
  going: ['deleting', 'stopped', 'stopping'],
};

const databasePhaseOf = Object.fromEntries(
  Object.entries(databasePhases).flatMap(([phase, statuses]) =>
    statuses.map((status) => [status, phase as DatabasePhase]),
  ),
);

/** Phase of `DBInstanceStatus` or of `DBCluster.Status`. */
export function databasePhase(status: string | undefined): DatabasePhase {
  return find(databasePhaseOf, status);
}

function find<Phase extends string>(
  table: Record<string, Phase>,
  status: string | undefined,
): Phase | 'unknown' {
  const key = String(status);
  return Object.hasOwn(table, key) ? (table[key] as Phase) : 'unknown';
}
