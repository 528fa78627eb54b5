import { applies, type SqlCheck, type UpgradePlan } from './check.ts';
import { closedDatabases } from './closed-databases.ts';
import { eventTriggers } from './event-triggers.ts';
import { extensionPgCron } from './extension-pg-cron.ts';
import { extensionsCurrent } from './extensions-current.ts';
import { extensionsInTheWay } from './extensions-in-the-way.ts';
import { extensionsRemoved } from './extensions-removed.ts';
import { foreignPublications } from './foreign-publications.ts';
import { foreignServers } from './foreign-servers.ts';
import { foreignSlots } from './foreign-slots.ts';
import { foreignSubscriptions } from './foreign-subscriptions.ts';
import { largeObjects } from './large-objects.ts';
import { longDdl } from './long-ddl.ts';
import { longTransactions } from './long-transactions.ts';
import { materializedViews } from './materialized-views.ts';
import { applierLenient } from './mysql/applier-lenient.ts';
import { autocommit } from './mysql/autocommit.ts';
import { binlogCompact } from './mysql/binlog-compact.ts';
import { binlogFormat } from './mysql/binlog-format.ts';
import { binlogReaders } from './mysql/binlog-readers.ts';
import { binlogRetention } from './mysql/binlog-retention.ts';
import { binlogRowImage } from './mysql/binlog-row-image.ts';
import { eventsEnabled } from './mysql/events-enabled.ts';
import { externalReplica } from './mysql/external-replica.ts';
import { followingBarred } from './mysql/following-barred.ts';
import { gtidConsistency } from './mysql/gtid-consistency.ts';
import { hiddenKeys } from './mysql/hidden-keys.ts';
import { longTransactionsMysql } from './mysql/long-transactions.ts';
import { nonInnodb } from './mysql/non-innodb.ts';
import { primaryKeysMysql } from './mysql/primary-keys.ts';
import { replicationAccountTls } from './mysql/replication-account-tls.ts';
import { replicationFilters } from './mysql/replication-filters.ts';
import { schemaNamedTmp } from './mysql/schema-named-tmp.ts';
import { signInPlugins } from './mysql/sign-in-plugins.ts';
import { strongAccounts } from './mysql/strong-accounts.ts';
import { strongDefiners } from './mysql/strong-definers.ts';
import { partitionCreation } from './partition-creation.ts';
import { pendingRestart } from './pending-restart.ts';
import { preparedTransactions } from './prepared-transactions.ts';
import { primaryKeys } from './primary-keys.ts';
import { readOnlyOverrides } from './read-only-overrides.ts';
import { regColumns } from './reg-columns.ts';
import { removedSettings } from './removed-settings.ts';
import { removedTypes } from './removed-types.ts';
import { replicationCapacity } from './replication-capacity.ts';
import { roleLimits } from './role-limits.ts';
import { rowSecurity } from './row-security.ts';
import { sequencesExhausted } from './sequences-exhausted.ts';
import { sequencesMany } from './sequences-many.ts';
import { systemViews } from './system-views.ts';
import { triggersReplicaAlways } from './triggers-replica-always.ts';
import { unloggedTables } from './unlogged-tables.ts';
import { walLevel } from './wal-level.ts';
import { workerProcesses } from './worker-processes.ts';
import { wraparound } from './wraparound.ts';

/** Everything that is asked of the databases by SQL: what refuses first, then what is worth knowing. */
export const sqlChecks: readonly SqlCheck[] = [
  walLevel,
  replicationCapacity,
  foreignSlots,
  foreignPublications,
  foreignSubscriptions,
  primaryKeys,
  unloggedTables,
  largeObjects,
  extensionsInTheWay,
  extensionsRemoved,
  regColumns,
  removedTypes,
  removedSettings,
  closedDatabases,
  preparedTransactions,
  workerProcesses,
  pendingRestart,
  extensionPgCron,
  extensionsCurrent,
  systemViews,
  partitionCreation,
  materializedViews,
  sequencesMany,
  sequencesExhausted,
  triggersReplicaAlways,
  eventTriggers,
  rowSecurity,
  foreignServers,
  readOnlyOverrides,
  roleLimits,
  longTransactions,
  longDdl,
  wraparound,
  externalReplica,
  schemaNamedTmp,
  signInPlugins,
  binlogFormat,
  binlogRowImage,
  binlogCompact,
  binlogRetention,
  binlogReaders,
  nonInnodb,
  primaryKeysMysql,
  eventsEnabled,
  strongDefiners,
  strongAccounts,
  replicationFilters,
  applierLenient,
  followingBarred,
  autocommit,
  gtidConsistency,
  hiddenKeys,
  replicationAccountTls,
  longTransactionsMysql,
];

/** Those that have something to ask for a plan. */
export const checksFor = (plan: UpgradePlan): SqlCheck[] => sqlChecks.filter((check) => applies(check, plan));
