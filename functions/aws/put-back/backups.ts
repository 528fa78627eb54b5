import type { Kept } from '../../domain/close/put-back.ts';
import { nameOf, type Sides, topOf } from './sides.ts';

/**
 * AWS Backup. Its recovery points stay with the physical database (user guide, "Limitations and considerations", resource ids). A plan that
 * selects by ARN or by tag finds production again by its name and its tags, and begins anew with it; RDS shows that in
 * `AwsBackupRecoveryPointArn`. The plan itself is a matter of AWS Backup, which is not called.
 */
export function backups({ former, serving }: Sides): Kept[] {
  if (!topOf(former)?.AwsBackupRecoveryPointArn) return [];
  const what = `continuous backup of ${nameOf(serving)} by AWS Backup`;
  if (topOf(serving)?.AwsBackupRecoveryPointArn) return [{ what, state: 'present' }];
  return [
    {
      what,
      state: 'lacking',
      because: `recovery points stay with ${nameOf(former)}; see that its plan selects ${nameOf(serving)}, and start a backup on demand`,
    },
  ];
}
