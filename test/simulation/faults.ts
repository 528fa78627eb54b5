import { keptLogMetrics } from '../../functions/domain/hold/storage.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import type { Ask, Reply } from '../../functions/sql/contract.ts';
import type { Fault } from '../../packages/local-aws/rds/faults.ts';
import type { Behaviour } from '../../packages/local-aws/rds/simulated-data-plane.ts';
import type { Cluster, Deployment, Instance } from '../../packages/local-aws/rds/world/world.ts';
import type { LambdaFault } from '../../packages/local-aws/services/lambda.ts';
import type { Fault as WireFault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { functionNameOf, registerHook, type Stage } from './stage.ts';

/** Something that goes wrong in a run, or is done to it. Put on the stage before the run begins. */
export type Trouble = (stage: Stage) => unknown;

/** A fault that the local RDS plays by its script. */
export const rdsPlays =
  (fault: Fault): Trouble =>
  ({ faults }) =>
    faults.push(fault);

/** What the databases themselves do from now on. */
export const databases =
  (behaviour: Partial<Behaviour>): Trouble =>
  ({ plane }) =>
    Object.assign(plane.behaviour, behaviour);

/** Something happens when a state is entered for the `nth` time, before it does anything. */
export const when =
  (state: StateName, trouble: Trouble, nth = 1): Trouble =>
  (stage) => {
    let visits = 0;
    stage.account.states.on((event) => {
      if (event.kind !== 'history' || event.event.stateEnteredEventDetails?.name !== state) return;
      visits += 1;
      if (visits === nth) trouble(stage);
    });
  };

/** Something happens so many milliseconds later. */
export const later =
  (milliseconds: number, trouble: Trouble): Trouble =>
  (stage) =>
    stage.clock.after(milliseconds, () => void trouble(stage));

export const all =
  (...troubles: Trouble[]): Trouble =>
  (stage) => {
    for (const trouble of troubles) trouble(stage);
  };

/** The first `times` calls of these operations meet a fault on the wire. */
export const onTheWire =
  (operations: string | RegExp, fault: WireFault, times = Number.POSITIVE_INFINITY): Trouble =>
  ({ wireRules }) => {
    let left = times;
    wireRules.push(({ operation }) => {
      const meant = typeof operations === 'string' ? operation === operations : operations.test(operation);
      if (!meant || left <= 0) return undefined;
      left -= 1;
      return fault;
    });
  };

/** AWS refuses an operation with an error, `times` times. */
export const refuses = (operations: string | RegExp, error: string, times?: number): Trouble =>
  onTheWire(operations, { before: { refuse: new AwsError(error, 'refused by the test') } }, times);

/** The answer of an operation is lost, `times` times: AWS has done it, or has not. */
export const losesAnswer = (operations: string | RegExp, done: 'done' | 'not done', times = 1): Trouble =>
  onTheWire(operations, done === 'done' ? { after: { drop: true } } : { before: { drop: true } }, times);

/** Something happens as soon as an operation is called, before it is done. */
export const onceCalled =
  (operation: string, trouble: Trouble): Trouble =>
  (stage) => {
    let called = false;
    stage.wireRules.push((call) => {
      if (called || call.operation !== operation) return undefined;
      called = true;
      trouble(stage);
      return undefined;
    });
  };

/** Nothing of RDS can be reached any more. */
export const rdsUnreachable: Trouble = ({ wireRules }) =>
  wireRules.push(({ service }) => (service === 'rds' ? { before: { drop: true } } : undefined));

/** The wire is whole again. */
export const wireHeals: Trouble = ({ wireRules }) => wireRules.splice(0);

/** A function meets a fault in the first `times` of its invocations. */
export const onFunction =
  (key: string, fault: LambdaFault, times = Number.POSITIVE_INFINITY): Trouble =>
  ({ functionRules }) => {
    let left = times;
    functionRules.push((attempt) => {
      if (attempt.key !== key || left <= 0) return undefined;
      left -= 1;
      return fault;
    });
  };

/** A function runs, acts and then ends with an error that it does not name itself. */
export const failsAfterwards = (key: string, errorType: string, times?: number): Trouble =>
  onFunction(key, { replaceResult: { errorType, errorMessage: 'made by the test' } }, times);

/** Lambda does not run a function, `times` times. */
export const lambdaRefuses = (key: string, error: string, times?: number): Trouble =>
  onFunction(key, { refuse: new AwsError(error, 'refused by the test') }, times);

/** Lambda starts no function before its work is to be done. */
export const nothingIsWarmed: Trouble = ({ warmingRules }) =>
  warmingRules.push(() => ({
    refuse: new AwsError('Lambda.TooManyRequestsException', 'refused by the test'),
  }));

/** A function ends before it has done anything, every time. */
export const crashes = (key: string): Trouble => lambdaRefuses(key, 'Lambda.Unknown');

/** A hook of the user, and what it answers: `{ verdict, because, facts }` where all is well. */
export const hook =
  (name: string, answer: (payload: HookPayload, stage: Stage) => unknown): Trouble =>
  (stage) =>
    registerHook(stage, name, (payload: HookPayload) => answer(payload, stage));

export interface HookPayload {
  stage: string;
  endpoint: string;
  token?: string;
}

/** The word that lets a run go on. */
export const pass = { verdict: 'pass', because: 'all is well' };

/** A callback hook that answers its token so many milliseconds later. */
export const answersLater = (name: string, answer: unknown, milliseconds = 60_000): Trouble =>
  hook(name, ({ token = '' }, { account, clock }) => {
    clock.after(milliseconds, () => account.states.sendTaskSuccess(token, JSON.stringify(answer)));
  });

/** A person ends whatever waits, as a link does it. Where no token is open, nothing happens. */
const endsWait =
  (end: (states: Stage['account']['states'], token: string) => void, milliseconds = 1_000): Trouble =>
  ({ account, clock }) => {
    clock.after(milliseconds, () => {
      const [execution] = account.states.listExecutions(account.stateMachineArn, 'RUNNING');
      const task = execution?.history.events.findLast((event) => event.taskScheduledEventDetails);
      const token = /"token":"([^"]+)"/.exec(task?.taskScheduledEventDetails?.parameters ?? '')?.[1];
      try {
        end(account.states, token ?? '');
      } catch (error) {
        if (!['InvalidToken', 'TaskTimedOut'].includes((error as Error).name)) throw error;
      }
    });
  };

/** A person stops the run. */
export const stopRequested = endsWait((states, token) =>
  states.sendTaskFailure(token, 'BlueGreen.StopRequested', 'lunch'),
);

/** A person pauses the run. */
export const pauseRequested = endsWait((states, token) =>
  states.sendTaskFailure(token, 'BlueGreen.PauseRequested', 'lunch'),
);

/** A person resumes a paused run after so many milliseconds. */
export const resumedAfter = (milliseconds: number): Trouble =>
  endsWait((states, token) => states.sendTaskSuccess(token, '{"resumed":"back"}'), milliseconds);

/** A person stops the execution itself, in the console. */
export const executionStopped: Trouble = ({ account }) => {
  const [execution] = account.states.listExecutions(account.stateMachineArn, 'RUNNING');
  if (!execution) throw new Error('nothing runs');
  void account.states.stopExecution(execution.order.arn, undefined, 'lunch');
};

/** What the databases answer to a question from now on, instead of what they would. */
export const databasesAnswer =
  (ask: Ask, reply: Reply<Ask>): Trouble =>
  ({ databases: answering }) =>
    answering.instead.set(ask, reply);

/** A question is answered as it should again. */
export const databasesAnswerAgain =
  (ask: Ask): Trouble =>
  ({ databases: answering }) =>
    void answering.instead.delete(ask);

/** The stream from new production to old blue breaks, or is whole again. */
export const stream =
  (streamBroken: boolean): Trouble =>
  ({ databases: answering }) =>
    Object.assign(answering.behaviour, { streamBroken });

/** A person starts to go back by hand. */
export const goBackByHand: Trouble = ({ account }) => {
  const [run] = account.states.listExecutions(account.stateMachineArn, 'RUNNING');
  account.states.startExecution({
    stateMachineArn: account.rollBackMachineArn,
    input: JSON.stringify({ executionArn: run?.order.arn, requestedBy: 'a test' }),
  });
};

/** The alarm of the request, which is called `errors`. */
export const alarm =
  (state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'missing', actionsEnabled = true): Trouble =>
  ({ account: { cloudWatch } }) => {
    const call = { requestId: 'test', service: 'monitoring', operation: 'test' };
    if (state === 'missing') return;
    void cloudWatch.operations.PutMetricAlarm?.(
      {
        AlarmName: 'errors',
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 0,
        ActionsEnabled: actionsEnabled,
      },
      call,
    );
    void cloudWatch.operations.SetAlarmState?.(
      { AlarmName: 'errors', StateValue: state, StateReason: 'set by the test' },
      call,
    );
  };

/** The lag that CloudWatch shows from now on, in the unit of the kind's metric, or nothing. */
export const lagReads =
  (value: number | 'missing'): Trouble =>
  ({ account, kind }) =>
    account.cloudWatch.override({ metric: kind.lagMetric, value });

/** What CloudWatch shows from now on of a metric that the bake compares: of every database, as names move. */
export const metricReads =
  (metric: string, value: number | 'missing'): Trouble =>
  ({ account, clock }) =>
    account.cloudWatch.override({ metric, value, from: clock.now() });

/** Blue has 1 GiB of its storage left, and twice that is log for green. */
export const runsFull: Trouble = (stage) => {
  metricReads('FreeStorageSpace', 2 ** 30)(stage);
  for (const keptLog of Object.values(keptLogMetrics)) metricReads(keptLog, 2 ** 31)(stage);
};

/** Something is changed behind the API on the deployment or on a primary, found as it is then. */
export const onDeployment =
  (change: (deployment: Deployment, stage: Stage) => void): Trouble =>
  (stage) => {
    const [deployment] = stage.account.rds.world.deployments;
    if (!deployment) throw new Error('there is no deployment');
    change(deployment, stage);
  };

/** One instance of green, by its place: 0 is its primary or writer. */
export const onGreen = (change: (instance: Instance) => void, place = 0): Trouble =>
  onDeployment((deployment, { account }) => {
    const ids = deployment.members.filter(({ kind }) => kind === 'db').map(({ green }) => green);
    const instance = account.rds.world.instances.find(({ DbiResourceId }) => DbiResourceId === ids[place]);
    if (!instance) throw new Error(`green has no instance ${place}`);
    change(instance);
  });

/** Blue's primary or writer. */
export const onBlue =
  (change: (instance: Instance) => void): Trouble =>
  ({ account, baseline }) => {
    const instance = account.rds.world.instances.find(({ database }) => database === baseline.blue);
    if (!instance) throw new Error('blue has no instance');
    change(instance);
  };

/** Blue gets one database more: a reader of its cluster, or a replica of its primary. */
export const blueGets =
  (name: string): Trouble =>
  ({ account: { rds }, baseline }) => {
    const { world } = rds;
    const blue = world.instances.find(({ database }) => database === baseline.blue);
    if (!blue) throw new Error('blue has no instance');
    const arn = blue.DBInstanceArn.replace(blue.DBInstanceIdentifier, name);
    const own = { DBInstanceIdentifier: name, DBInstanceArn: arn, DbiResourceId: `db-${name.toUpperCase()}` };
    const source = blue.DBClusterIdentifier
      ? {}
      : { ReadReplicaSourceDBInstanceIdentifier: blue.DBInstanceIdentifier };
    world.instances.push({
      ...structuredClone(blue),
      ...own,
      ...source,
      ReadReplicaDBInstanceIdentifiers: [],
    });
    const cluster = world.clusters.find(({ DbClusterResourceId }) => DbClusterResourceId === baseline.blue);
    const row = { DBClusterParameterGroupStatus: 'in-sync', PromotionTier: 15, IsClusterWriter: false };
    if (cluster) cluster.DBClusterMembers.push({ DBInstanceIdentifier: name, ...row });
    else blue.ReadReplicaDBInstanceIdentifiers = [...(blue.ReadReplicaDBInstanceIdentifiers ?? []), name];
  };

/** Another instance of blue's cluster becomes its writer. */
export const blueFailsOver: Trouble = ({ account: { rds }, baseline }) => {
  const cluster = rds.world.clusters.find(({ DbClusterResourceId }) => DbClusterResourceId === baseline.blue);
  const [writer, reader] = cluster?.DBClusterMembers ?? [];
  if (!writer || !reader) throw new Error('blue has no cluster of two');
  [writer.IsClusterWriter, reader.IsClusterWriter] = [reader.IsClusterWriter, writer.IsClusterWriter];
};

/** The primary or writer of old blue, as it is after the cut, and its cluster where it has one. */
export const onOldBlue =
  (change: { instance?: (instance: Instance) => void; cluster?: (cluster: Cluster) => void }): Trouble =>
  ({ account: { rds }, baseline }) => {
    for (const instance of rds.world.instances)
      if (instance.database === baseline.blue) change.instance?.(instance);
    for (const cluster of rds.world.clusters)
      if (cluster.DbClusterResourceId === baseline.blue) change.cluster?.(cluster);
  };

/** No look of a waiting state is ever heard: its function runs, and does and says nothing. */
export const silent =
  (key: string): Trouble =>
  ({ account }) =>
    account.lambda.register(functionNameOf(key), () => null);

/** Something is put beside blue, by the ARN of the database that the request names. */
export const addToBlue =
  (put: (account: Stage['account'], arn: string) => unknown): Trouble =>
  ({ account, kind }) => {
    const { clusters, instances } = account.rds.world;
    put(account, kind.isCluster ? (clusters[0]?.DBClusterArn ?? '') : (instances[0]?.DBInstanceArn ?? ''));
  };
