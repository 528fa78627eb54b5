import type { SqlCheck } from './check.ts';
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

/** What servers of PostgreSQL are asked: what refuses first, then what is worth knowing. */
export const checksOfPostgresql: readonly SqlCheck[] = [
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
];
