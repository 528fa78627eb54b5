import type { Finding } from '../model/deployment.ts';
import { alarmsFine } from './alarms-fine.ts';
import { auroraKindSupported } from './aurora-kind-supported.ts';
import { backupsEnabled } from './backups-enabled.ts';
import { bakeMetricsPresent } from './bake-metrics-present.ts';
import { deletionProtection } from './deletion-protection.ts';
import { endpointRecord } from './endpoint-record.ts';
import { engineSupported } from './engine-supported.ts';
import { engineVersionSupported } from './engine-version-supported.ts';
import { existingDeployment } from './existing-deployment.ts';
import type { Precondition, PreconditionFacts } from './facts.ts';
import { hooksInvocable } from './hooks-invocable.ts';
import { identifierLength } from './identifier-length.ts';
import { majorUpgradeGroups } from './major-upgrade-groups.ts';
import { managedMasterPassword } from './managed-master-password.ts';
import { multiAzDbCluster } from './multi-az-db-cluster.ts';
import { oldBlueDeletable } from './old-blue-deletable.ts';
import { parameterGroupInSync } from './parameter-group-in-sync.ts';
import { pendingModifications } from './pending-modifications.ts';
import { quotas } from './quotas.ts';
import { replicasSupported } from './replicas-supported.ts';
import { replicationParameters } from './replication-parameters.ts';
import { rollbackTarget } from './rollback-target.ts';
import { runFitsExecution } from './run-fits-execution.ts';
import { runLock } from './run-lock.ts';
import { sourceAvailable } from './source-available.ts';
import { sourceIsTopLevel } from './source-is-top-level.ts';
import { sqlFunctionInvocable } from './sql-function-invocable.ts';
import { targetFitsKind } from './target-fits-kind.ts';
import { targetParameterGroup } from './target-parameter-group.ts';
import { targetVersionValid } from './target-version-valid.ts';
import { topicsHeard } from './topics-heard.ts';
import { windowHoldsCut } from './window-holds-cut.ts';

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
  hooksInvocable,
  sqlFunctionInvocable,
  topicsHeard,
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
