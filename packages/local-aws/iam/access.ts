import { AwsError, type Call } from '../wire/service.ts';
import { type Decision, evaluate } from './evaluate.ts';
import type { Policy, PolicyStatement, Question } from './policy.ts';

/** A role and what it may do. Callers without a role are people of the account, who may do everything. */
export interface Role {
  /** ARN of the role. */
  arn: string;
  policies: readonly Policy[];
}

/** One question that was put to the policies of a role. */
export interface Asked {
  role: Role;
  question: Question;
  decision: Decision;
}

/** What an operation needs to be allowed, by the service authorization reference. Asked at the moment of the call: tags count as they are. */
export type Questions = (call: Pick<Call, 'service' | 'operation'>, input: unknown) => readonly Question[];

/** The local IAM: which role signs with which key, and whether it may do what it asks for. */
export class AccessControl {
  readonly #roles = new Map<string, Role>();
  readonly #questions: Questions;
  /** Hears of every question that was asked. */
  onAsked: ((asked: Asked) => void) | undefined;

  constructor(questions: Questions) {
    this.#questions = questions;
  }

  /** Everything that is signed with this key is a call of the role. */
  give(accessKeyId: string, role: Role): void {
    this.#roles.set(accessKeyId, role);
  }

  roleOf(accessKeyId: string | undefined): Role | undefined {
    return accessKeyId === undefined ? undefined : this.#roles.get(accessKeyId);
  }

  /** The session of a role, as an ARN. */
  static sessionOf({ arn }: Role): string {
    const [, account, name] = /^arn:[^:]+:iam::(\d+):role\/(.+)$/.exec(arn) ?? [];
    return `arn:aws:sts::${account}:assumed-role/${name}/${name}`;
  }

  /** @throws what the service says when the role of the caller may not make the call */
  check(call: Call, input: unknown): void {
    const role = this.roleOf(call.accessKeyId);
    if (role) this.checkRole(role, call, input);
  }

  /** The same of a call that a service makes with a role. */
  checkRole(role: Role, call: Pick<Call, 'service' | 'operation'>, input: unknown): void {
    for (const question of this.#questions(call, input)) this.require(role, question, call.service);
  }

  /** @throws AccessDenied, as the service of the call names it, when the role may not do this */
  require(role: Role, question: Question, service: string): void {
    const decision = evaluate(role.policies, question);
    this.onAsked?.({ role, question, decision });
    if (decision.kind !== 'allowed') throw denial(service, role, question, decision);
  }
}

/** SNS has a name of its own; services that speak JSON add `Exception`. */
const names: Record<string, string> = {
  rds: 'AccessDenied',
  route53: 'AccessDenied',
  monitoring: 'AccessDenied',
  sns: 'AuthorizationErrorException',
};

function denial(service: string, role: Role, { action, resource }: Question, decision: Decision): AwsError {
  const user = AccessControl.sessionOf(role);
  const why =
    decision.kind === 'denied'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  return new AwsError(names[service] ?? 'AccessDeniedException', message, 403);
}

/** A role without one of its statements, to see what needs it. */
export const without = (policies: readonly Policy[], statement: PolicyStatement): Policy[] =>
  policies.map(({ Statement }) => ({ Statement: Statement.filter((one) => one !== statement) }));
