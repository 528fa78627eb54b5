/** A policy as IAM keeps it, with every reference resolved: ARNs are text. */
export interface Policy {
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Condition?: Conditions;
}

/** Operator, then key, then the values of which one must fit. */
export type Conditions = Record<string, Record<string, string | string[]>>;

/** What is known of a request beside action and resource, by condition key. A list is a key of several values. */
export type Context = Record<string, string | readonly string[]>;

/** One thing that a call needs to be allowed. */
export interface Question {
  /** `rds:DeleteDBInstance` */
  action: string;
  /** An ARN; `*` where the action knows no resource. `…:db:*` is a listing of all. */
  resource: string;
  context?: Context;
}
