import {
  arn,
  att,
  globalArn,
  type Intrinsic,
  partitionToken,
  regionToken,
  sub,
  type Value,
} from '../cloudformation.ts';
import { machineKeyContext } from '../keys.ts';
import type { DatabaseChoice, StackRecords, ZoneRecords } from '../settings.ts';

/** One line of a role. `why` goes to docs/permissions.md, which a person reviews. */
export interface Statement {
  effect?: 'Deny';
  actions: string[];
  resources: ('*' | Intrinsic)[];
  condition?: Value;
  why: string;
}

export interface Grant {
  (prefix: string, records: StackRecords, databases?: DatabaseChoice): Statement[];
  /** It changes a database or something else of the user's, or decides: a function that has it shares its role with no other. */
  changes?: true;
}

/** Marks a grant as one that changes or decides. */
export const changing = (grant: Grant): Grant =>
  Object.assign((...settings: Parameters<Grant>) => grant(...settings), { changes: true as const });

/** One action on one resource. */
export const allow =
  (action: string, resource: (prefix: string) => '*' | Intrinsic, why: string): Grant =>
  (prefix) => [{ actions: [action], resources: [resource(prefix)], why }];

export const instances = arn('rds', 'db:*');

export const clusters = arn('rds', 'cluster:*');

export const snapshots = [arn('rds', 'snapshot:*'), arn('rds', 'cluster-snapshot:*')];

export const deployments = arn('rds', 'deployment:*');

export const useMachineKey = (prefix: string, actions: string[], why: string): Statement => ({
  actions,
  resources: [att('MachineKey')],
  condition: machineKeyContext(prefix),
  why,
});

/** A resource with this tag at all, whatever its value. */
export const tagged = (tag: string): Value => ({ Null: { [`aws:ResourceTag/${tag}`]: 'false' } });

/** What RDS does with the databases' own keys on the caller's behalf (service authorization reference, dependent actions). */
export const databaseKeys = (why: string): Statement => ({
  actions: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
  resources: [arn('kms', 'key/*')],
  condition: { StringEquals: { 'kms:ViaService': sub(`rds.${regionToken}.amazonaws.com`) } },
  why,
});

export const passRoles = (why: string): Statement => ({
  actions: ['iam:PassRole'],
  resources: [globalArn('iam', 'role/*')],
  condition: {
    StringEquals: { 'iam:PassedToService': ['monitoring.rds.amazonaws.com', 'rds.amazonaws.com'] },
  },
  why,
});

/** These tags and no other. */
export const setTag = (resources: Intrinsic[], tags: string[], why: string): Statement => ({
  actions: ['rds:AddTagsToResource'],
  resources,
  condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': tags }, Null: { 'aws:TagKeys': 'false' } },
  why,
});

/** Tags of people, whatever they are called, and none of ours, which say whose a database is. */
export const setTagsOfPeople = (resources: Intrinsic[], why: string): Statement => ({
  actions: ['rds:AddTagsToResource'],
  resources,
  condition: {
    'ForAllValues:StringNotLike': { 'aws:TagKeys': ['viridian:*'] },
    Null: { 'aws:TagKeys': 'false' },
  },
  why,
});

/** Tags that RDS copies from another resource, none that the call names (`rds:TagsFromRequest`, service authorization reference). */
export const inheritTags = (resources: Intrinsic[], why: string): Statement => ({
  actions: ['rds:AddTagsToResource'],
  resources,
  condition: { Bool: { 'rds:TagsFromRequest': 'false' } },
  why,
});

export const tagging = ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'];

/** The one condition key that a modification has for passwords; there is none for `MasterUserPassword`. */
export const noManagedPassword: Statement = {
  effect: 'Deny',
  actions: ['rds:ModifyDBCluster', 'rds:ModifyDBInstance'],
  resources: ['*'],
  condition: { Bool: { 'rds:ManageMasterUserPassword': 'true' } },
  why: 'never hands the master password over to a secret, which others may read',
};

export const never = (actions: string[], why: string): Statement => ({
  effect: 'Deny',
  actions,
  resources: ['*'],
  why,
});

export const deletions = [
  'rds:DeleteBlueGreenDeployment',
  'rds:DeleteDBCluster',
  'rds:DeleteDBClusterEndpoint',
  'rds:DeleteDBInstance',
];

/** What is made carries the tag of its run from the first moment, or is not made. */
export const taggedWithRun: Value = { Null: { 'aws:RequestTag/viridian:execution': 'false' } };

export const hostedZone = ({ hostedZoneId }: ZoneRecords): Intrinsic =>
  sub(`arn:${partitionToken}:route53:::hostedzone/${hostedZoneId}`);
