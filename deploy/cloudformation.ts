/** The few intrinsic functions that the template uses. Nothing here knows an account, a region or a partition. */

export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };
export type Intrinsic = { [key: string]: Value };
export type Text = string | Intrinsic;

export interface Resource {
  Type: string;
  Properties?: { [key: string]: Value };
  DependsOn?: string | string[];
  Metadata?: { [key: string]: Value };
  DeletionPolicy?: 'Retain' | 'RetainExceptOnCreate';
  UpdateReplacePolicy?: 'Retain';
}

export type Resources = Record<string, Resource>;

export const ref = (id: string): Intrinsic => ({ Ref: id });
export const att = (id: string, name = 'Arn'): Intrinsic => ({ 'Fn::GetAtt': [id, name] });
export const sub = (text: string): Intrinsic => ({ 'Fn::Sub': text });

/** What CloudFormation puts in place inside `Fn::Sub`. */
export const partitionToken = `\${AWS::Partition}`;
export const regionToken = `\${AWS::Region}`;
const accountToken = `\${AWS::AccountId}`;

/** ARN of something in this account and region, for example `arn('rds', 'db:*')`. */
export const arn = (service: string, rest: string): Intrinsic =>
  sub(`arn:${partitionToken}:${service}:${regionToken}:${accountToken}:${rest}`);

/** ARN of something that belongs to no region. */
export const globalArn = (service: string, rest: string): Intrinsic =>
  sub(`arn:${partitionToken}:${service}::${accountToken}:${rest}`);

/** `checkParity` → `CheckParity`, as the framework begins its logical ids. */
export const pascalCase = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

/** Logical id of a function, as the framework makes it. */
export const functionId = (key: string): string => `${pascalCase(key)}LambdaFunction`;
