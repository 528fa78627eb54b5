import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const awsBackup: Precondition = {
  id: 'aws-backup',
  engines: 'all',
  looksAt: 'Continuous backups of blue by AWS Backup.',
  how: 'AwsBackupRecoveryPointArn',
  source: sources.limitations,
  check: ({ features }) =>
    features.awsBackup
      ? [
          warning(
            'AWS Backup keeps continuous backups of blue. Its recovery points belong to the resource id and stay with old blue: before the switchover see that its plan selects by name or by tag, and after it start a backup of new production on demand.',
          ),
        ]
      : [],
};
