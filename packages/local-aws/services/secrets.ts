import { randomUUID } from 'node:crypto';
import type { GetSecretValueRequest, GetSecretValueResponse } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../clock.ts';
import { AwsError, type Service } from '../wire/service.ts';

interface Secret {
  arn: string;
  name: string;
  text: string;
  versionId: string;
  createdAt: Date;
}

/** The local Secrets Manager: secrets that are text, each in its present version. */
export class SecretsService implements Service {
  readonly name = 'secretsmanager';
  readonly operations: Service['operations'] = {
    GetSecretValue: (input: GetSecretValueRequest) => this.#read(input),
  };
  readonly #secrets: Secret[] = [];
  readonly #options: { clock: Pick<Clock, 'now'>; region: string; account: string };

  constructor(options: { clock: Pick<Clock, 'now'>; region: string; account: string }) {
    this.#options = options;
  }

  /** Makes a secret, or a new version of it. @returns its ARN, which ends with six characters that AWS draws */
  put(name: string, text: string): string {
    const { clock, region, account } = this.#options;
    const versionId = randomUUID();
    const known = this.#secrets.find((one) => one.name === name);
    if (known) return Object.assign(known, { text, versionId }).arn;
    const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}-${versionId.slice(0, 6)}`;
    this.#secrets.push({ arn, name, text, versionId, createdAt: new Date(clock.now()) });
    return arn;
  }

  /** ARN of a secret that is named in any way; undefined where there is none. */
  arnOf(id: string): string | undefined {
    return this.#find(id)?.arn;
  }

  #find(id: string): Secret | undefined {
    return this.#secrets.find(({ arn, name }) => id === arn || id === name);
  }

  #read({ SecretId = '' }: Partial<GetSecretValueRequest>): GetSecretValueResponse {
    const found = this.#find(SecretId);
    if (!found)
      throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    const { arn, name, text, versionId, createdAt } = found;
    return {
      ARN: arn,
      Name: name,
      SecretString: text,
      VersionId: versionId,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: createdAt,
    };
  }
}
