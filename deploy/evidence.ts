import { att, type Resources, sub } from './cloudformation.ts';
import type { Settings } from './settings.ts';

/**
 * Where records of runs are kept: a bucket in which nothing can be overwritten or deleted before its time, by whomever (`COMPLIANCE`) or without a
 * right of its own (`GOVERNANCE`). It stays when the stack is removed.
 */
export function describeEvidence({ evidence: { mode, years } }: Settings): Resources {
  return {
    Evidence: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: mode, Years: years } },
        },
        VersioningConfiguration: { Status: 'Enabled' },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      },
    },
    EvidencePolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Evidence' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'ByTlsOnly',
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [att('Evidence'), sub(`\${Evidence.Arn}/*`)],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
  };
}
