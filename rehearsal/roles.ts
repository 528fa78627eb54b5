import type { Resource, Value } from '../deploy/cloudformation.ts';
import { type FunctionKey, functionKeys } from '../deploy/functions.ts';
import { machineStatements } from '../deploy/machine.ts';
import type { MachineFile } from '../deploy/machines.ts';
import { machineName } from '../deploy/names.ts';
import { describeFunctionRole, role, roleId } from '../deploy/roles.ts';
import type { Settings, StackRecords } from '../deploy/settings.ts';
import type { Role } from '../packages/local-aws/iam/access.ts';
import type { Policy } from '../packages/local-aws/iam/policy.ts';

/** What the roles of the stack are resolved with: names of resources of the stack to what they are here, and the place. */
export interface RolePlace extends StackRecords {
  prefix: string;
  region: string;
  accountId: string;
  /** ARNs by logical id: topics and keys. */
  arns: Record<string, string>;
}

/** The roles of the stack, statement for statement as they are deployed, with every reference resolved. */
export class StackRoles {
  readonly #place: RolePlace;
  readonly #settings: Settings;

  constructor(place: RolePlace) {
    this.#place = place;
    const { prefix, wayBackRecords, readRampRecords, loadStatements } = place;
    this.#settings = { ...plain, prefix, wayBackRecords, readRampRecords, loadStatements };
  }

  /** The role of a function, which it may share. */
  ofFunction(key: FunctionKey): Role {
    const id = roleId(key);
    return this.#resolve(id, () => this.#describe(id, () => describeFunctionRole(id, this.#settings)));
  }

  ofMachine(file: MachineFile): Role {
    const describe = () => role('states.amazonaws.com', undefined, machineStatements(file, this.#settings));
    return this.#resolve(machineName(this.#place.prefix, file), () => this.#describe(file, describe));
  }

  #describe(name: string, describe: () => Resource): Resource {
    const { prefix, wayBackRecords, readRampRecords, loadStatements } = this.#place;
    const key = JSON.stringify([name, prefix, wayBackRecords, readRampRecords, loadStatements]);
    const known = described.get(key) ?? describe();
    described.set(key, known);
    return known;
  }

  /** Most runs use few of the roles, so policies are put together when they are asked for first. */
  #resolve(name: string, describe: () => Resource): Role {
    let policies: readonly Policy[] | undefined;
    const read = () => {
      const { Policies } = describe().Properties as unknown as { Policies: { PolicyDocument: Value }[] };
      return Policies.map(({ PolicyDocument }) => this.#replace(PolicyDocument) as unknown as Policy);
    };
    return {
      arn: `arn:aws:iam::${this.#place.accountId}:role/${name}`,
      get policies() {
        policies ??= read();
        return policies;
      },
    };
  }

  #replace(value: Value): Value {
    if (Array.isArray(value)) return value.map((one) => this.#replace(one));
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = []] = Object.entries(value);
    if (name === 'Ref') return this.#arn(argument as string);
    if (name === 'Fn::GetAtt') return this.#arn((argument as string[])[0] as string);
    if (name === 'Fn::Sub') return this.#fill(argument as string);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, this.#replace(one)]));
  }

  #arn(id: string): string {
    const arn = this.#place.arns[id];
    if (arn === undefined) throw new Error(`the local account has no ${id}, which a role names`);
    return arn;
  }

  #fill(text: string): string {
    const { region, accountId } = this.#place;
    const values: Record<string, string> = { Partition: 'aws', Region: region, AccountId: accountId };
    return text
      .replace(/\$\{AWS::(\w+)\}/g, (_, name: string) => values[name] ?? '')
      .replace(/\$\{(\w+)\.Arn\}/g, (_, id: string) => this.#arn(id));
  }
}

/** Roles as the template has them, by their name and what they depend on: simulations open an account for each run. */
const described = new Map<string, Resource>();

/** What no role depends on. */
const plain: Omit<Settings, 'prefix' | keyof StackRecords> = {
  evidence: { mode: 'GOVERNANCE', years: 7 },
  email: undefined,
  approvers: [],
  approvalEndpoints: [],
  unapprovedRuns: 'allowed',
  logDays: 1,
  approvalAlarmHours: 1,
  runbook: '',
  reservedConcurrency: false,
  network: undefined,
  domain: undefined,
  authorizer: undefined,
  startFromAccounts: [],
  windows: '',
  permissionsBoundary: undefined,
  rolePath: '/',
  tags: {},
  dataKey: undefined,
  databases: undefined,
  copySecurityGroup: undefined,
};

/** ARN of the role of a machine, which its executions are given. */
export const roleArnOf = (accountId: string, prefix: string, file: MachineFile): string =>
  `arn:aws:iam::${accountId}:role/${machineName(prefix, file)}`;

/** The key under which a function signs; it is named after the function. */
export const accessKeyOf = (key: FunctionKey): string => `ASIA${key.toUpperCase()}`;

const functionsByKey = new Map(functionKeys.map((key) => [accessKeyOf(key), key]));

/** The function that signs with this key; undefined of a person's. */
export const functionOf = (accessKeyId: string | undefined): FunctionKey | undefined =>
  functionsByKey.get(accessKeyId ?? '');

export const isFunctionKey = (accessKeyId: string): boolean => accessKeyId.startsWith('ASIA');
