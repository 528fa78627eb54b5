import type { LocalClock } from '../../packages/local-aws/clock.ts';
import { ControlPlane, type ControlPlaneOptions } from '../../packages/local-aws/rds/control-plane.ts';
import { rdsMetrics } from '../../packages/local-aws/rds/metrics.ts';
import { CloudWatchService } from '../../packages/local-aws/services/cloudwatch.ts';
import { createKmsService, KmsKeys } from '../../packages/local-aws/services/kms.ts';
import {
  type Invocation,
  type LambdaOptions,
  LambdaService,
} from '../../packages/local-aws/services/lambda.ts';
import { isBrokenOff } from '../../packages/local-aws/services/lambda-run.ts';
import { serveLambda } from '../../packages/local-aws/services/lambda-service.ts';
import { LogsService } from '../../packages/local-aws/services/logs.ts';
import { createRdsService } from '../../packages/local-aws/services/rds.ts';
import { Route53Service } from '../../packages/local-aws/services/route53.ts';
import { S3Service } from '../../packages/local-aws/services/s3.ts';
import { createScalingService } from '../../packages/local-aws/services/scaling.ts';
import { SecretsService } from '../../packages/local-aws/services/secrets.ts';
import { sfnService } from '../../packages/local-aws/services/sfn.ts';
import { SigningKeys } from '../../packages/local-aws/services/signing-keys.ts';
import { SnsService } from '../../packages/local-aws/services/sns.ts';
import { createStsService } from '../../packages/local-aws/services/sts.ts';
import { StatesEngine } from '../../packages/local-aws/states/engine.ts';
import type { Service } from '../../packages/local-aws/wire/service.ts';
import { AccountAccess } from '../access.ts';
import { encryptionKeys, place } from './place.ts';

export interface ServiceOptions extends Omit<ControlPlaneOptions, 'account' | 'region'> {
  clock: LocalClock;
  lambda?: Pick<LambdaOptions, 'onInvoke' | 'intercept' | 'latency'>;
  /** What entering a state takes, in milliseconds of the clock; by default nothing. */
  transitionMs?: number;
}

const { accountId, region } = place;

/** The services of one account, and who may call them. */
export class AccountServices {
  readonly rds: ControlPlane;
  readonly cloudWatch: CloudWatchService;
  readonly sns: SnsService;
  readonly route53: Route53Service;
  readonly secrets: SecretsService;
  readonly s3: S3Service;
  readonly logs: LogsService;
  /** Keys that seal, and keys that sign. */
  readonly keys: KmsKeys;
  readonly signing: SigningKeys;
  readonly lambda: LambdaService;
  readonly states: StatesEngine;
  /** The roles of functions and state machines, and what was asked of them. */
  readonly access: AccountAccess;
  /** Invocations that ended in a crash or ran out of time. */
  readonly brokenOff: Invocation[] = [];

  constructor(options: ServiceOptions) {
    const { clock } = options;
    this.rds = new ControlPlane({ ...options, account: accountId, region });
    const sources = [rdsMetrics(this.rds)];
    this.cloudWatch = new CloudWatchService({ clock, sources, account: accountId, region });
    this.sns = new SnsService({ clock, account: accountId, region });
    this.route53 = new Route53Service({ clock, ...(options.random && { random: options.random }) });
    this.secrets = new SecretsService({ clock, region, account: accountId });
    this.s3 = new S3Service({ clock });
    this.logs = new LogsService({ clock });
    this.keys = new KmsKeys({ clock, region, accountId });
    this.signing = new SigningKeys({ region, accountId });
    this.lambda = this.#makeLambda(options);
    this.states = this.#makeStates(options);
    const { rds, keys, lambda, states, secrets } = this;
    this.access = new AccountAccess({ rds, keys, lambda, states, secrets, place, ...encryptionKeys });
  }

  #makeLambda({ clock, lambda }: ServiceOptions): LambdaService {
    return new LambdaService({
      clock,
      region,
      accountId,
      ...lambda,
      onInvoke: (invocation) => {
        if (isBrokenOff(invocation.result)) this.brokenOff.push(invocation);
        lambda?.onInvoke?.(invocation);
      },
    });
  }

  #makeStates({ clock, transitionMs, random }: ServiceOptions): StatesEngine {
    return new StatesEngine({
      clock,
      accountId,
      region,
      allow: (roleArn, call, input) => this.access.allow(roleArn, call, input),
      invoke: (name, payload) => this.lambda.invoke(name, payload),
      dryRun: (name) => this.lambda.dryRun(name),
      ...(transitionMs !== undefined && { transitionMs }),
      ...(random && { random }),
    });
  }

  /** As the endpoint serves them. */
  served(): Service[] {
    return [
      createRdsService(this.rds),
      this.cloudWatch,
      this.sns,
      createKmsService(this.keys, this.signing),
      this.s3,
      this.logs,
      serveLambda(this.lambda),
      sfnService(this.states),
      this.route53,
      this.secrets,
      createScalingService(this.rds),
      createStsService((key) => this.#callerOf(key)),
    ];
  }

  #callerOf(key: string) {
    return { accountId, arn: this.access.sessionOf(key) ?? `arn:aws:iam::${accountId}:user/${key}` };
  }
}
