import { arn, globalArn, type Resources, ref, regionToken, sub, type Value } from './cloudformation.ts';
import { machineArns } from './names.ts';
import type { Settings } from './settings.ts';

/**
 * One key a kind of data. They stay when the stack is removed: the history of runs, the logs and the messages that
 * wait for delivery could not be read without them.
 */
export function describeKeys({ prefix }: Settings): Resources {
  return {
    MachineKey: encryptionKey(`${prefix}: definition and history of the runs`, [
      {
        Sid: 'DeliverTheLogOfTheStateMachine',
        Effect: 'Allow',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
      },
    ]),
    MessagesKey: encryptionKey(`${prefix}: announcements and approvals`, [
      {
        Sid: 'PublishAlarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': ref('AWS::AccountId') } },
      },
    ]),
    LogsKey: encryptionKey(`${prefix}: logs`, [
      {
        Sid: 'EncryptLogs',
        Effect: 'Allow',
        Principal: { Service: sub(`logs.${regionToken}.amazonaws.com`) },
        Action: [
          'kms:Decrypt',
          'kms:DescribeKey',
          'kms:Encrypt',
          'kms:GenerateDataKey',
          'kms:ReEncryptFrom',
          'kms:ReEncryptTo',
        ],
        Resource: '*',
        Condition: {
          ArnLike: { 'kms:EncryptionContext:aws:logs:arn': arn('logs', `log-group:/aws/*/${prefix}-*`) },
        },
      },
    ]),
    LinkKey: sealingKey(`${prefix}: seals the links of approvals`),
    DecisionKey: sealingKey(`${prefix}: seals the decisions`),
    RehearsalKey: sealingKey(`${prefix}: seals runs on copies`),
    EvidenceKey: signingKey(`${prefix}: signs the records of runs`),
  };
}

/** Use of the machine's key for the state machines and nothing else. */
export const machineKeyContext = (prefix: string): Value => ({
  StringEquals: {
    'kms:EncryptionContext:aws:states:stateMachineArn': machineArns(prefix),
  },
});

function encryptionKey(description: string, statements: Value[]): Resources[string] {
  return key(description, statements, { EnableKeyRotation: true });
}

/** HMAC: the key never leaves KMS, and sealing and checking are two permissions. */
function sealingKey(description: string): Resources[string] {
  return key(description, [], { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
}

/** Signs, so that whoever has its public half can verify without the account. */
function signingKey(description: string): Resources[string] {
  return key(description, [], { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
}

function key(description: string, statements: Value[], rest: { [key: string]: Value }): Resources[string] {
  return {
    Type: 'AWS::KMS::Key',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      Description: description,
      ...rest,
      KeyPolicy: { Version: '2012-10-17', Statement: [accountDecides, ...statements] },
    },
  };
}

/** Without it the key would be out of reach for good; it lets the account's IAM policies decide (KMS default key policy). */
const accountDecides: Value = {
  Sid: 'TheAccountDecides',
  Effect: 'Allow',
  Principal: { AWS: globalArn('iam', 'root') },
  Action: 'kms:*',
  Resource: '*',
};
