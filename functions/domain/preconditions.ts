import type { Finding } from './deployment.ts';
import { alarmsFine } from './preconditions/alarms-fine.ts';
import { auroraKindSupported } from './preconditions/aurora-kind-supported.ts';
import { backupsEnabled } from './preconditions/backups-enabled.ts';
import { bakeMetricsPresent } from './preconditions/bake-metrics-present.ts';
import { deletionProtection } from './preconditions/deletion-protection.ts';
import { endpointRecord } from './preconditions/endpoint-record.ts';
import { engineSupported } from './preconditions/engine-supported.ts';
import { engineVersionSupported } from './preconditions/engine-version-supported.ts';
import { existingDeployment } from './preconditions/existing-deployment.ts';
import type { Precondition, PreconditionFacts } from './preconditions/facts.ts';
import { identifierLength } from './preconditions/identifier-length.ts';
import { majorUpgradeGroups } from './preconditions/major-upgrade-groups.ts';
import { managedMasterPassword } from './preconditions/managed-master-password.ts';
import { multiAzDbCluster } from './preconditions/multi-az-db-cluster.ts';
import { oldBlueDeletable } from './preconditions/old-blue-deletable.ts';
import { parameterGroupInSync } from './preconditions/parameter-group-in-sync.ts';
import { pendingModifications } from './preconditions/pending-modifications.ts';
import { quotas } from './preconditions/quotas.ts';
import { replicasSupported } from './preconditions/replicas-supported.ts';
import { replicationParameters } from './preconditions/replication-parameters.ts';
import { rollbackTarget } from './preconditions/rollback-target.ts';
import { runFitsExecution } from './preconditions/run-fits-execution.ts';
import { runLock } from './preconditions/run-lock.ts';
import { sourceAvailable } from './preconditions/source-available.ts';
import { sourceIsTopLevel } from './preconditions/source-is-top-level.ts';
import { targetFitsKind } from './preconditions/target-fits-kind.ts';
import { targetParameterGroup } from './preconditions/target-parameter-group.ts';
import { targetVersionValid } from './preconditions/target-version-valid.ts';
import { windowHoldsCut } from './preconditions/window-holds-cut.ts';

/** All rules, in the order in which they are reported: what the database is, what is asked for, how things stand. */
export const preconditions: readonly Precondition[] = [
  sourceIsTopLevel,
  engineSupported,
  multiAzDbCluster,
  auroraKindSupported,
  engineVersionSupported,
  managedMasterPassword,
  replicasSupported,
  targetVersionValid,
  targetFitsKind,
  targetParameterGroup,
  majorUpgradeGroups,
  replicationParameters,
  parameterGroupInSync,
  backupsEnabled,
  sourceAvailable,
  pendingModifications,
  existingDeployment,
  runLock,
  quotas,
  rollbackTarget,
  windowHoldsCut,
  runFitsExecution,
  oldBlueDeletable,
  alarmsFine,
  endpointRecord,
  bakeMetricsPresent,
  identifierLength,
  deletionProtection,
];

/** Asks every rule, and reports everything that any of them finds, always in the same order. */
export function judgePreconditions(facts: PreconditionFacts): Finding[] {
  return preconditions.flatMap(({ id, check }) => check(facts).map((finding) => ({ rule: id, ...finding })));
}

/**
 * The finding when there is no source to judge: nothing of that name was found, or reading it failed.
 * @param unreadable why it could not be read; absent when RDS said that it does not exist.
 */
export function sourceMissing(database: string, unreadable?: string): Finding {
  return unreadable === undefined
    ? {
        rule: 'source-exists',
        severity: 'blocker',
        message: `there is no RDS instance and no Aurora cluster ${database} in this account and Region. Correct the name, or start the run where the database is.`,
      }
    : {
        rule: 'source-exists',
        severity: 'unknown',
        message: `${database} could not be read (${unreadable}). Give the run the right to read it, then start again.`,
      };
}

/** The message of a refusal, blockers and unknowns in their order; undefined when nothing refuses. */
export function describeRefusal(findings: Finding[]): string | undefined {
  const refusing = findings.filter(({ severity }) => severity !== 'warning');
  return refusing.length === 0
    ? undefined
    : refusing.map(({ rule, message }, index) => `${index + 1}. ${rule}: ${message}`).join('\n');
}
