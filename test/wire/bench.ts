import { configureClients } from '../../functions/aws/clients/settings.ts';
import type { Deployment } from '../../functions/domain/model/deployment.ts';
import { type Request, requestSchema } from '../../functions/domain/request/request.ts';
import type { WayBack } from '../../functions/domain/way-back/state.ts';
import { handler as markDatabases } from '../../functions/events/mark-databases.ts';
import { useClock } from '../../functions/runtime/clock.ts';
import { useLogSink } from '../../functions/runtime/log.ts';
import { ControlPlane } from '../../packages/local-aws/rds/control-plane.ts';
import { rdsMetrics } from '../../packages/local-aws/rds/metrics.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { CloudWatchService } from '../../packages/local-aws/services/cloudwatch.ts';
import { LambdaService } from '../../packages/local-aws/services/lambda.ts';
import { serveLambda } from '../../packages/local-aws/services/lambda-service.ts';
import { createRdsService } from '../../packages/local-aws/services/rds.ts';
import { createScalingService } from '../../packages/local-aws/services/scaling.ts';
import { SnsService } from '../../packages/local-aws/services/sns.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import { type CallRecord, createEndpoint, type Fault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError, type Service } from '../../packages/local-aws/wire/service.ts';

export const minute = 60_000;
export const executionArn = 'arn:aws:states:eu-west-1:111122223333:execution:blue-green-deployment:run-1';

/** Every handler, the real SDK clients and a simulated RDS, on a virtual clock and without a socket. */
export class Bench {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 21, 12));
  readonly dataPlane = new SimulatedDataPlane(this.clock);
  readonly rds = new ControlPlane({ clock: this.clock, dataPlane: this.dataPlane });
  readonly sns = new SnsService({ clock: this.clock });
  readonly cloudWatch = new CloudWatchService({ clock: this.clock, sources: [rdsMetrics(this.rds)] });
  /** Every call that reached the wire. */
  readonly calls: CallRecord[] = [];
  /** What was answered to each token. */
  readonly answers = new Map<string, unknown>();
  /** Name of the database that the run is for. */
  database = '';
  /** Status of executions by ARN. */
  readonly executions = new Map<string, string>([[executionArn, 'RUNNING']]);
  intercept: (call: CallRecord['call']) => Fault | undefined = () => undefined;

  constructor() {
    const { requestHandler } = createEndpoint({
      services: [
        createRdsService(this.rds),
        createScalingService(this.rds),
        this.sns,
        this.cloudWatch,
        this.#states(),
        this.#functions(),
      ],
      onCall: (record) => this.calls.push(record),
      intercept: (call) => this.intercept(call),
    });
    useClock(this.clock);
    useLogSink(() => undefined);
    process.env.LOAD_STATEMENTS = 'none';
    process.env.READ_RAMP_RECORDS = 'none';
    process.env.WAY_BACK_RECORDS = 'none';
    for (const name of ['ANNOUNCEMENTS', 'APPROVALS'])
      process.env[`${name}_TOPIC_ARN`] = (
        this.sns.operations.CreateTopic as (input: { Name: string }) => { TopicArn: string }
      )({ Name: name.toLowerCase() }).TopicArn;
    process.env.SQL_POSTGRES_FUNCTION = 'viridian-sqlPostgres';
    process.env.DATABASES = 'all';
    process.env.MARK_DATABASES_FUNCTION = 'markDatabases:1';
    process.env.REHEARSAL_STATE_MACHINE_ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:rehearsal';
    process.env.STATE_MACHINE_ARN =
      'arn:aws:states:eu-west-1:111122223333:stateMachine:blue-green-deployment';
    configureClients({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      requestHandler,
    });
  }

  close(): void {
    useClock(undefined);
    useLogSink(undefined);
    configureClients(undefined);
    delete process.env.LOAD_STATEMENTS;
    delete process.env.READ_RAMP_RECORDS;
    delete process.env.WAY_BACK_RECORDS;
    delete process.env.DATABASES;
  }

  /** Invokes a handler as Lambda does: time passes only while it sleeps. */
  invoke<Event, Result>(handler: (event: Event) => Promise<Result>, event: Event): Promise<Result> {
    return this.clock.run(this.clock.during('handler', () => handler(event)));
  }

  /** Invokes the handler of a waiting state and gives what its token was answered; undefined when it is still open. */
  async look<Facts>(handler: (event: never) => Promise<unknown>, event: object): Promise<Facts | undefined> {
    const token = `token-${this.calls.length}`;
    await this.invoke(handler as (event: object) => Promise<unknown>, { ...event, kind: 'wait', token });
    return this.answers.get(token) as Facts | undefined;
  }

  pass(milliseconds: number): Promise<void> {
    return this.clock.run(this.clock.sleep(milliseconds));
  }

  /** Names of the RDS calls that changed or could have changed something, in order. */
  writes(): string[] {
    return this.rds.journal.mutations.map(({ operation }) => operation);
  }

  /** How often an operation was sent, repeated tries included. */
  sent(operation: string): number {
    return this.calls.filter(({ call }) => call.operation === operation).length;
  }

  /** The one function that the handlers here ask. */
  #functions(): Service {
    const functions = new LambdaService({ clock: this.clock });
    functions.register('markDatabases', markDatabases, { timeoutSeconds: 40 });
    return serveLambda(functions);
  }

  #states(): Service {
    return {
      name: 'states',
      operations: {
        SendTaskSuccess: ({ taskToken, output }) => {
          this.answers.set(taskToken, JSON.parse(output));
          return {};
        },
        ListExecutions: () => ({ executions: [] }),
        DescribeExecution: ({ executionArn: arn }) => {
          const status = this.executions.get(arn);
          if (!status) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
          const input = JSON.stringify({ database: this.database });
          return { executionArn: arn, status, stateMachineArn: 'x', startDate: new Date(0), input };
        },
      },
    };
  }
}

export const asRequest = (input: object): Request => requestSchema.parse(input);

/** What a run hands to its tasks. */
export interface Run {
  executionArn: string;
  request: Request;
  deployment: Deployment;
  wayBack: WayBack;
}
