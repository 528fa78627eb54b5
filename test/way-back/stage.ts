import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import type { StateName } from '../../functions/domain/model/states.ts';
import { useLogSink } from '../../functions/runtime/log.ts';
import { SimulatedDataPlane } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import { addParameterGroup } from '../../packages/local-aws/rds/world/parameter-groups.ts';
import { addInstance } from '../../packages/local-aws/rds/world/seeding.ts';
import type { LambdaFault } from '../../packages/local-aws/services/lambda.ts';
import { VirtualClock } from '../../packages/local-aws/virtual-clock.ts';
import type { Fault as WireFault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { type Account, openAccount } from '../../rehearsal/account.ts';
import { callsAreDirect } from '../simulation/lane.ts';
import { warms } from '../simulation/stage.ts';
import { FakeDatabases } from './fakes/databases.ts';

/** Something that happens in the middle of a run. */
export type Interference = (functionName: string, invocation: number) => LambdaFault | undefined;

/** One account in virtual time, with one PostgreSQL database and a function that answers for it. */
export class Stage {
  readonly account: Account;
  readonly clock: VirtualClock;
  readonly plane: SimulatedDataPlane;
  readonly databases: FakeDatabases;
  /** Asked for every AWS call: what refuses it. */
  refuse: (operation: string, input: unknown) => WireFault | undefined = () => undefined;
  /** Called before each invocation of a function, which it may make fail. */
  interfere: Interference = () => undefined;
  /** Whether functions can be warmed. */
  canWarm = true;
  readonly #invocations = new Map<string, number>();

  private constructor(clock: VirtualClock, plane: SimulatedDataPlane, account: Account) {
    this.clock = clock;
    this.plane = plane;
    this.account = account;
    this.databases = new FakeDatabases(plane);
  }

  /** @param record `byRecord`: applications come by a record of Route 53, which leads to blue */
  static async open(record?: 'byRecord'): Promise<Stage> {
    useLogSink(() => {});
    const clock = new VirtualClock();
    const plane = new SimulatedDataPlane(clock);
    const forward: { stage?: Stage } = {};
    const account = await openAccount({
      clock,
      dataPlane: plane,
      directCalls: callsAreDirect(),
      ...(record && { record: { zone: 'example.com', name: 'orders-db.example.com' } }),
      lambda: { intercept: (name, payload) => forward.stage?.intercept(name, payload) },
      intercept: ({ operation }, input) => forward.stage?.refuse(operation, input),
    });
    const stage = new Stage(clock, plane, account);
    forward.stage = stage;
    stage.databases.registerIn(account.lambda);
    for (const major of [15, 17])
      addParameterGroup(account.rds, {
        name: `logical${major}`,
        family: `postgres${major}`,
        parameters: { 'rds.logical_replication': '1' },
      });
    await stage.clock.run(
      addInstance(account.rds, {
        DBInstanceIdentifier: 'orders',
        EngineVersion: '15.18',
        parameterGroup: 'logical15',
      }),
    );
    stage.lead(plane.endpoint('orders').address);
    await stage.alarm('OK');
    return stage;
  }

  /** A call that only warms a function is none of its invocations. */
  intercept(name: string, payload: unknown): LambdaFault | undefined {
    if (warms(payload)) return this.canWarm ? undefined : { refuse: new AwsError('Lambda.Unknown', 'cold') };
    const key = name.replace('viridian-rehearsal-', '');
    const invocation = (this.#invocations.get(key) ?? 0) + 1;
    this.#invocations.set(key, invocation);
    return this.interfere(key, invocation);
  }

  /** Lets the record lead elsewhere at once, as somebody does who knows nothing of a run. */
  lead(target: string, ttl = 60): void {
    const { record, route53 } = this.account;
    if (!record) return;
    const set = { Name: record.recordName, Type: 'CNAME' as const, TTL: ttl };
    route53.putRecord(record.hostedZoneId, { ...set, ResourceRecords: [{ Value: target }] });
  }

  /** Sets the alarm that the bake watches. */
  async alarm(StateValue: 'OK' | 'ALARM'): Promise<void> {
    const { requestHandler } = this.account.endpoint;
    const credentials = { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'test' };
    const client = new CloudWatchClient({ region: 'eu-west-1', requestHandler, credentials });
    const alarm = { AlarmName: 'errors', EvaluationPeriods: 1, Threshold: 0, ActionsEnabled: true };
    await this.clock.run(
      client.send(new PutMetricAlarmCommand({ ...alarm, ComparisonOperator: 'GreaterThanThreshold' })),
    );
    await this.clock.run(
      client.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue, StateReason: 'test' })),
    );
  }

  /** Starts a run with a way back. Time passes in {@link finish}. */
  start(wayBack: object = {}, more: object = {}): string {
    return this.account.states.startExecution({
      stateMachineArn: this.account.stateMachineArn,
      input: JSON.stringify({
        database: 'orders',
        target: { engineVersion: '17.10', parameterGroup: 'logical17' },
        approval: { required: false, withinHours: 1 },
        bake: { minutes: 30, alarms: ['errors'] },
        wayBack: {
          login: {},
          applicationRoles: ['app'],
          ...(this.account.record && { endpoint: { kind: 'route53', ...this.account.record } }),
          ...wayBack,
        },
        ...more,
      }),
    }).executionArn;
  }

  /** Starts going back by hand. */
  goBack(run: string): string {
    return this.account.states.startExecution({
      stateMachineArn: this.account.rollBackMachineArn,
      input: JSON.stringify({ executionArn: run, requestedBy: 'a test' }),
    }).executionArn;
  }

  /** Lets time pass until an execution has ended, and gives the name of its last state. */
  async finish(executionArn: string): Promise<string> {
    await this.clock.run(this.account.states.settled(executionArn));
    return this.path(executionArn).at(-1) ?? '';
  }

  /** Lets time pass until a state is entered for the nth time. */
  async until(executionArn: string, state: StateName): Promise<void> {
    const arrived = async () => {
      while (!this.path(executionArn).includes(state)) await this.clock.sleep(1_000);
    };
    await this.clock.run(arrived());
  }

  path(executionArn: string): StateName[] {
    return this.account.states
      .getExecutionHistory(executionArn)
      .map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name)
      .filter((name): name is StateName => name !== undefined);
  }

  /** When a run first entered a state. Milliseconds since the epoch. */
  enteredAt(executionArn: string, state: StateName): number {
    const entered = this.account.states
      .getExecutionHistory(executionArn)
      .find(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === state);
    return entered?.timestamp?.getTime() ?? Number.NaN;
  }

  /** ARNs of the executions that went back. */
  goingsBack(): string[] {
    return this.account.states.listExecutions(this.account.rollBackMachineArn).map(({ order }) => order.arn);
  }

  /** Resource id of the database that the address of production leads to. */
  production(): string | undefined {
    const { record, route53 } = this.account;
    const answer = record && route53.resolve(record.hostedZoneId, record.recordName);
    return this.plane.leadsTo(answer ? (answer.value.split('.')[0] ?? '') : 'orders');
  }

  /** `blue`, `green` or nothing: which side the address of production leads to. */
  serves(): string | undefined {
    const leadsTo = this.production();
    const instance = this.account.rds.world.instances.find(({ database }) => database === leadsTo);
    return instance && (instance.EngineVersion === '15.18' ? 'blue' : 'green');
  }

  /** Moments at which more than one database took writes. */
  doubleWriters(): number[] {
    const writers = new Set<string>();
    return this.plane.history.flatMap((change) => {
      if (change.kind !== 'writable') return [];
      if (change.writable) writers.add(change.resourceId);
      else writers.delete(change.resourceId);
      return writers.size > 1 ? [change.at] : [];
    });
  }

  announcements(): string[] {
    return this.account.sns.messages.map(({ subject }) => subject ?? '');
  }

  close(): void {
    this.account.close();
    useLogSink(undefined);
  }
}
