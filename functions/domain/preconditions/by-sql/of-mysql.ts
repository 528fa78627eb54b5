import type { SqlCheck } from './check.ts';
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

/** What servers of MySQL and MariaDB are asked: what refuses first, then what is worth knowing. */
export const checksOfMysql: readonly SqlCheck[] = [
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
