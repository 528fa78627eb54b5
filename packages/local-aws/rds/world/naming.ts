import { AwsError } from '../../wire/service.ts';

export type ResourceKind =
  | 'db'
  | 'cluster'
  | 'deployment'
  | 'snapshot'
  | 'cluster-snapshot'
  | 'pg'
  | 'cluster-pg'
  | 'cluster-endpoint'
  | 'es';

const upperAndDigits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const lowerAndDigits = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Makes ARNs and the ids that RDS draws at random. `random` gives numbers in [0, 1), so that a seed repeats a run. */
export class Names {
  readonly account: string;
  readonly region: string;
  readonly #random: () => number;

  constructor(account: string, region: string, random: () => number) {
    this.account = account;
    this.region = region;
    this.#random = random;
  }

  arn(kind: ResourceKind, name: string): string {
    return `arn:aws:rds:${this.region}:${this.account}:${kind}:${name}`;
  }

  instanceId(): string {
    return `db-${this.#draw(upperAndDigits, 26)}`;
  }

  clusterId(): string {
    return `cluster-${this.#draw(upperAndDigits, 26)}`;
  }

  deploymentId(): string {
    return `bgd-${this.#draw(lowerAndDigits, 16)}`;
  }

  customEndpointId(): string {
    return `cluster-endpoint-${this.#draw(upperAndDigits, 26)}`;
  }

  eventId(): string {
    return [8, 4, 4, 4, 12].map((length) => this.#draw('0123456789abcdef', length)).join('-');
  }

  /** Every member of a deployment gets a suffix of its own. */
  green(blue: string): string {
    return `${blue}-green-${this.#draw(lowerAndDigits, 6)}`;
  }

  /** `<name>-oldN` with the lowest N that is free, counting up over repeated deployments. */
  old(blue: string, isTaken: (name: string) => boolean): string {
    let n = 1;
    while (isTaken(`${blue}-old${n}`)) n += 1;
    return `${blue}-old${n}`;
  }

  #draw(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[Math.floor(this.#random() * alphabet.length)]).join('');
  }
}

/** The kind and name in an RDS ARN; `undefined` when the text is a plain name. */
export function parseArn(text: string): { kind: ResourceKind; name: string; region: string } | undefined {
  const [prefix, , service, region, , kind, ...name] = text.split(':');
  if (prefix !== 'arn' || service !== 'rds' || !region) return undefined;
  return { kind: kind as ResourceKind, name: name.join(':').toLowerCase(), region };
}

/** Identifiers are stored in lower case; an ARN of the right kind is accepted wherever a name is. */
export function nameFrom(identifier: string, kind: ResourceKind): string {
  const arn = parseArn(identifier);
  if (arn && arn.kind !== kind)
    throw new AwsError('InvalidParameterValue', `Invalid resource name: ${identifier} is not a ${kind} ARN`);
  return arn ? arn.name : identifier.toLowerCase();
}

/** Whether a call means this resource: an ARN is of one account and Region, and a call reaches its own only. */
export function isMeant(identifier: string, arn: string): boolean {
  return !identifier.startsWith('arn:') || identifier.toLowerCase() === arn.toLowerCase();
}

/** What RDS asks of the name of an instance, a cluster or a snapshot (API reference, CreateDBInstance). */
export function checkIdentifier(parameter: string, name: string, longest = 63): void {
  if (name.length <= longest && /^[a-z](?:-?[a-z0-9]+)*$/i.test(name)) return;
  throw new AwsError(
    'InvalidParameterValue',
    `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; must not end with a hyphen or contain two consecutive hyphens; and have at most ${longest} characters.`,
  );
}
