import { type FunctionKey, functionKeys } from '../deploy/functions.ts';
import { machineFiles } from '../deploy/machines.ts';
import { AccessControl, type Asked, type Role } from '../packages/local-aws/iam/access.ts';
import type { Policy } from '../packages/local-aws/iam/policy.ts';
import { type AskedServices, questionsOf } from '../packages/local-aws/iam/questions/all.ts';
import type { RdsQuestions } from '../packages/local-aws/iam/questions/rds.ts';
import type { Call } from '../packages/local-aws/wire/service.ts';
import { accessKeyOf, type StackRoles } from './roles.ts';

/** The IAM of the local account: every function and every state machine acts with the role that is deployed for it. */
export class AccountAccess {
  /** What RDS asks for, and how it may be read otherwise. */
  readonly rds: RdsQuestions;
  readonly #control: AccessControl;
  readonly #machineRoles = new Map<string, Role>();

  constructor(services: AskedServices) {
    const { questions, rds } = questionsOf(services);
    this.rds = rds;
    this.#control = new AccessControl(questions);
  }

  giveRoles(roles: StackRoles): void {
    for (const key of functionKeys) this.give(key, roles.ofFunction(key));
    for (const file of machineFiles) {
      const role = roles.ofMachine(file);
      this.#machineRoles.set(role.arn, role);
    }
  }

  give(key: FunctionKey, role: Role): void {
    this.#control.give(accessKeyOf(key), role);
  }

  /** Lets a role have other policies from now on, for every function that shares it. */
  replace(arn: string, policies: readonly Policy[]): void {
    const role = { arn, policies };
    for (const key of functionKeys)
      if (this.#control.roleOf(accessKeyOf(key))?.arn === arn) this.give(key, role);
    if (this.#machineRoles.has(arn)) this.#machineRoles.set(arn, role);
  }

  /** Every role by its ARN. */
  get roles(): ReadonlyMap<string, Role> {
    const ofFunctions = functionKeys.flatMap((key) => this.#control.roleOf(accessKeyOf(key)) ?? []);
    return new Map([...ofFunctions.map((role) => [role.arn, role] as const), ...this.#machineRoles]);
  }

  /** The session whose key this is; undefined of a person's. */
  sessionOf(accessKeyId: string): string | undefined {
    const role = this.#control.roleOf(accessKeyId);
    return role && AccessControl.sessionOf(role);
  }

  set onAsked(listener: ((asked: Asked) => void) | undefined) {
    this.#control.onAsked = listener;
  }

  /** @throws what the caller of the call is refused */
  check(call: Call, input: unknown): void {
    this.#control.check(call, input);
  }

  /** @throws what a state machine is refused. One without a role here is somebody's own. */
  allow(roleArn: string, call: Pick<Call, 'service' | 'operation'>, input: unknown): void {
    const role = this.#machineRoles.get(roleArn);
    if (role) this.#control.checkRole(role, call, input);
  }
}
