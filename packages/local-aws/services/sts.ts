import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { Service } from '../wire/service.ts';

/** Whom a key belongs to. */
export interface Caller {
  accountId: string;
  /** ARN of the user, or of the session of a role. */
  arn: string;
}

/** STS as far as a caller asks who it is, which needs no right. */
export function createStsService(callerOf: (accessKeyId: string) => Caller): Service {
  return {
    name: 'sts',
    operations: {
      GetCallerIdentity: (_input, { accessKeyId = '' }): GetCallerIdentityResponse => {
        const { accountId, arn } = callerOf(accessKeyId);
        return { Account: accountId, Arn: arn, UserId: accessKeyId };
      },
    },
  };
}
