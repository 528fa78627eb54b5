import type { DescribeStateMachineOutput, Tag } from '@aws-sdk/client-sfn';
import { AwsError } from '../wire/service.ts';
import type { Machine } from './definition.ts';
import { uuid } from './functions.ts';
import { type Place, requireName, splitMachineArn, stateMachineArn } from './names.ts';
import { parseDefinition, substitute } from './parse.ts';

/** What a state machine is registered with. */
export interface Registration {
  name: string;
  /** Amazon States Language as text. */
  definition: string;
  /** Values for `${name}` in the text, as CloudFormation's DefinitionSubstitutions. */
  substitutions?: Record<string, string>;
  roleArn?: string;
  description?: string;
  tags?: Tag[];
}

/** A state machine as it was between two updates. Executions keep the revision with which they started. */
export interface Revision {
  machineArn: string;
  name: string;
  revisionId: string;
  /** The definition with its substitutions made. */
  definition: string;
  machine: Machine;
  roleArn: string;
  description: string | undefined;
  date: Date;
}

interface Entry {
  arn: string;
  name: string;
  created: Date;
  current: Revision;
  tags: Tag[];
  versions: { number: number; revision: Revision; date: Date }[];
  aliases: Map<string, { version: number; date: Date }>;
}

/** What an ARN in StartExecution leads to. */
export interface Target {
  revision: Revision;
  versionArn?: string;
  aliasArn?: string;
}

/** The registered state machines, their versions and their aliases. */
export class Machines {
  readonly #place: Place;
  readonly #now: () => number;
  readonly #random: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(place: Place, now: () => number, random: () => number) {
    this.#place = place;
    this.#now = now;
    this.#random = random;
  }

  /** Registers a state machine, or a new revision of one. Throws InvalidName or InvalidDefinition. */
  register(registration: Registration): { stateMachineArn: string; creationDate: Date } {
    requireName(registration.name);
    const arn = stateMachineArn(this.#place, registration.name);
    const definition = substitute(registration.definition, registration.substitutions ?? {});
    const current: Revision = {
      machineArn: arn,
      name: registration.name,
      revisionId: uuid(this.#random),
      definition,
      machine: parseDefinition(definition),
      roleArn:
        registration.roleArn ??
        `arn:${this.#place.partition}:iam::${this.#place.accountId}:role/${registration.name}`,
      description: registration.description,
      date: new Date(this.#now()),
    };
    const known = this.#entries.get(arn);
    if (known !== undefined) known.current = current;
    else {
      const entry = {
        arn,
        name: registration.name,
        created: current.date,
        current,
        versions: [],
        aliases: new Map(),
      };
      this.#entries.set(arn, { ...entry, tags: registration.tags ?? [] });
    }
    return { stateMachineArn: arn, creationDate: this.#entry(arn).created };
  }

  /** Publishes the current revision as a version and gives the version's ARN. */
  publishVersion(arn: string): string {
    const entry = this.#entry(arn);
    const number = entry.versions.length + 1;
    entry.versions.push({ number, revision: entry.current, date: new Date(this.#now()) });
    return `${arn}:${number}`;
  }

  /** Points an alias to a version's ARN, and gives the alias's ARN. */
  pointAlias(name: string, versionArn: string): string {
    const { machine, qualifier } = splitMachineArn(versionArn);
    const entry = this.#entry(machine);
    const version = entry.versions.find(({ number }) => String(number) === qualifier);
    if (version === undefined) throw missing(versionArn);
    entry.aliases.set(name, { version: version.number, date: new Date(this.#now()) });
    return `${machine}:${name}`;
  }

  /** What the ARN of a state machine, a version or an alias starts. Throws InvalidArn or StateMachineDoesNotExist. */
  resolve(arn: string): Target {
    const { machine, qualifier } = splitMachineArn(arn);
    const entry = this.#entry(machine);
    if (qualifier === undefined) return { revision: entry.current };
    const alias = entry.aliases.get(qualifier);
    const wanted = alias === undefined ? qualifier : String(alias.version);
    const version = entry.versions.find(({ number }) => String(number) === wanted);
    if (version === undefined) throw missing(arn);
    const versionArn = `${machine}:${version.number}`;
    return { revision: version.revision, versionArn, ...(alias === undefined ? {} : { aliasArn: arn }) };
  }

  list(): { stateMachineArn: string; name: string; type: 'STANDARD'; creationDate: Date }[] {
    return [...this.#entries.values()].map(({ arn, name, created }) => ({
      stateMachineArn: arn,
      name,
      type: 'STANDARD',
      creationDate: created,
    }));
  }

  describe(arn: string): DescribeStateMachineOutput {
    const { revision, versionArn } = this.resolve(arn);
    return {
      stateMachineArn: versionArn ?? revision.machineArn,
      name: revision.name,
      status: 'ACTIVE',
      definition: revision.definition,
      roleArn: revision.roleArn,
      type: 'STANDARD',
      creationDate: this.#entry(revision.machineArn).created,
      revisionId: revision.revisionId,
      ...(revision.description === undefined ? {} : { description: revision.description }),
    };
  }

  /** The newest version first, as the API lists them. */
  versions(arn: string): { stateMachineVersionArn: string; creationDate: Date }[] {
    const entry = this.#entry(arn);
    return entry.versions
      .map(({ number, date }) => ({ stateMachineVersionArn: `${arn}:${number}`, creationDate: date }))
      .reverse();
  }

  aliases(arn: string): { stateMachineAliasArn: string; creationDate: Date }[] {
    const { machine } = splitMachineArn(arn);
    return [...this.#entry(machine).aliases].map(([name, { date }]) => ({
      stateMachineAliasArn: `${machine}:${name}`,
      creationDate: date,
    }));
  }

  tags(arn: string): Tag[] {
    const { machine } = splitMachineArn(arn);
    const entry = this.#entries.get(machine);
    if (entry === undefined) throw new AwsError('ResourceNotFound', `Resource not found: '${arn}'`);
    return entry.tags;
  }

  #entry(arn: string): Entry {
    const entry = this.#entries.get(splitMachineArn(arn).machine);
    if (entry === undefined) throw missing(arn);
    return entry;
  }
}

function missing(arn: string): AwsError {
  return new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}
