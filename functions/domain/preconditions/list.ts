import type { Finding } from '../model/deployment.ts';
import { activityStream } from './activity-stream.ts';
import { alarmsByResourceId } from './alarms-by-resource-id.ts';
import { alarmsFine } from './alarms-fine.ts';
import { associatedRoles } from './associated-roles.ts';
import { auroraAutoscaling } from './aurora-autoscaling.ts';
import { auroraKindSupported } from './aurora-kind-supported.ts';
import { auroraReplicaOfRds } from './aurora-replica-of-rds.ts';
import { autoMinorUpgrade } from './auto-minor-upgrade.ts';
import { awsBackup } from './aws-backup.ts';
import { backtrack } from './backtrack.ts';
import { backupsEnabled } from './backups-enabled.ts';
import { bakeMetricsPresent } from './bake-metrics-present.ts';
import { sqlChecks } from './by-sql/list.ts';
import { bySql } from './by-sql/precondition.ts';
import { certificateExpiry } from './certificate-expiry.ts';
import { cloudformationManaged } from './cloudformation-managed.ts';
import { copyProved } from './copy-proved.ts';
import { customEndpointStatic } from './custom-endpoint-static.ts';
import { databaseAllowed } from './database-allowed.ts';
import { delayedReplication } from './delayed-replication.ts';
import { deletionProtection } from './deletion-protection.ts';
import { dlvConsistent } from './dlv-consistent.ts';
import { endpointRecord } from './endpoint-record.ts';
import { engineSupported } from './engine-supported.ts';
import { engineVersionSupported } from './engine-version-supported.ts';
import { executionName } from './execution-name.ts';
import { existingDeployment } from './existing-deployment.ts';
import type { Precondition, PreconditionFacts } from './facts.ts';
import { fenceInVpc } from './fence-in-vpc.ts';
import { greenParameters } from './green-parameters.ts';
import { hooksInvocable } from './hooks-invocable.ts';
import { iamDbAuth } from './iam-db-auth.ts';
import { identifierLength } from './identifier-length.ts';
import { instanceClassOrderable } from './instance-class-orderable.ts';
import { leftoverOldNames } from './leftover-old-names.ts';
import { loadTest } from './load-test.ts';
import { majorUpgradeGroups } from './major-upgrade-groups.ts';
import { managedMasterPassword } from './managed-master-password.ts';
import { multiAzCost } from './multi-az-cost.ts';
import { multiAzDbCluster } from './multi-az-db-cluster.ts';
import { oldBlueDeletable } from './old-blue-deletable.ts';
import { parameterGroupInSync } from './parameter-group-in-sync.ts';
import { pendingMaintenance } from './pending-maintenance.ts';
import { pendingModifications } from './pending-modifications.ts';
import { quotas } from './quotas.ts';
import { rdsProxyHealthy } from './rds-proxy-healthy.ts';
import { readRampRecord } from './read-ramp-record.ts';
import { readReplicaLimit } from './read-replica-limit.ts';
import { rehearsalRequired } from './rehearsal-required.ts';
import { replicasSupported } from './replicas-supported.ts';
import { replicationParameters } from './replication-parameters.ts';
import { rollbackTarget } from './rollback-target.ts';
import { runFitsExecution } from './run-fits-execution.ts';
import { runLock } from './run-lock.ts';
import { snapshotQuota } from './snapshot-quota.ts';
import { somethingChanges } from './something-changes.ts';
import { sourceAvailable } from './source-available.ts';
import { sourceIsTopLevel } from './source-is-top-level.ts';
import { sqlAccess } from './sql-access.ts';
import { storageQuota } from './storage-quota.ts';
import { storageRequest } from './storage-request.ts';
import { targetFitsKind } from './target-fits-kind.ts';
import { targetMembers } from './target-members.ts';
import { targetParameterGroup } from './target-parameter-group.ts';
import { targetVersionValid } from './target-version-valid.ts';
import { terraformManaged } from './terraform-managed.ts';
import { topicsHeard } from './topics-heard.ts';
import { windowHoldsCut } from './window-holds-cut.ts';
import { zeroEtlIntegration } from './zero-etl-integration.ts';

/** All rules, in the order in which they are reported: what the database is, what is asked for, how things stand. */
export const preconditions: readonly Precondition[] = [
  // First, as messages tell the first findings only: what was not looked at is not to be missed.
  sqlAccess,
  databaseAllowed,
  copyProved,
  rehearsalRequired,
  sourceIsTopLevel,
  engineSupported,
  multiAzDbCluster,
  auroraKindSupported,
  engineVersionSupported,
  managedMasterPassword,
  replicasSupported,
  somethingChanges,
  targetVersionValid,
  targetFitsKind,
  targetMembers,
  targetParameterGroup,
  majorUpgradeGroups,
  replicationParameters,
  parameterGroupInSync,
  backupsEnabled,
  sourceAvailable,
  pendingModifications,
  existingDeployment,
  runLock,
  executionName,
  quotas,
  rollbackTarget,
  fenceInVpc,
  windowHoldsCut,
  runFitsExecution,
  oldBlueDeletable,
  alarmsFine,
  endpointRecord,
  readRampRecord,
  loadTest,
  hooksInvocable,
  topicsHeard,
  bakeMetricsPresent,
  identifierLength,
  deletionProtection,
  instanceClassOrderable,
  storageRequest,
  storageQuota,
  readReplicaLimit,
  snapshotQuota,
  greenParameters,
  delayedReplication,
  dlvConsistent,
  zeroEtlIntegration,
  rdsProxyHealthy,
  pendingMaintenance,
  autoMinorUpgrade,
  auroraReplicaOfRds,
  activityStream,
  backtrack,
  customEndpointStatic,
  associatedRoles,
  auroraAutoscaling,
  alarmsByResourceId,
  awsBackup,
  iamDbAuth,
  cloudformationManaged,
  terraformManaged,
  certificateExpiry,
  multiAzCost,
  leftoverOldNames,
  ...sqlChecks.map(bySql),
];

const order: readonly Finding['severity'][] = ['blocker', 'unknown', 'warning'];

/** Asks every rule, and reports everything that any of them finds, always in the same order: what refuses comes first. */
export function judgePreconditions(facts: PreconditionFacts): Finding[] {
  const found = preconditions.flatMap(({ id, check }) =>
    check(facts).map((finding) => ({ rule: id, ...finding })),
  );
  return order.flatMap((severity) => found.filter((finding) => finding.severity === severity));
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

/** Characters of a refusal. It stands in the state of the run five times: as error, summary, message and twice in the record; 64 KiB are given. */
const longestRefusal = 8_000;

/** The message of a refusal: blockers, unknowns, and warnings after them, so that all is mended at once; undefined when nothing refuses. */
export function describeRefusal(findings: Finding[]): string | undefined {
  if (findings.every(({ severity }) => severity === 'warning')) return undefined;
  const lines = findings.map(
    ({ rule, severity, message }, index) =>
      `${index + 1}. ${rule}${severity === 'warning' ? ' (only warns)' : ''}: ${message}`,
  );
  const fitting = lines.filter((_, index) => lines.slice(0, index + 1).join('\n').length <= longestRefusal);
  const left = findings.slice(fitting.length).map(({ rule }) => rule);
  return [...fitting, ...(left.length > 0 ? [`and by name only: ${left.join(', ')}`] : [])].join('\n');
}
