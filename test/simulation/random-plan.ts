import { type FunctionKey, taskKeys } from '../../deploy/functions.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import type { Fault } from '../../packages/local-aws/rds/faults.ts';
import type { Fault as WireFault } from '../../packages/local-aws/wire/endpoint.ts';
import { AwsError } from '../../packages/local-aws/wire/service.ts';
import { machine } from '../statemachine/machine.ts';
import type { Kind } from './databases.ts';
import {
  alarm,
  hook,
  lagReads,
  lambdaRefuses,
  later,
  onFunction,
  onTheWire,
  rdsPlays,
  rdsUnreachable,
  stopRequested,
  type Trouble,
  when,
  wireHeals,
} from './faults.ts';
import { person } from './person.ts';
import type { Request } from './run.ts';
import { hookArn, hour, minute, type StageOptions } from './stage.ts';

/** Numbers in [0, 1). */
type Random = () => number;

/** What chance put together. */
export interface Plan {
  options: StageOptions;
  ask: (kind: Kind) => Request;
  troubles: Trouble[];
  /** In words, for whoever has to find out why it broke. */
  story: string[];
}

const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item;
const maybe = (random: Random, chance: number): boolean => random() < chance;
const upTo = (random: Random, most: number): number => Math.floor(random() * (most + 1));

/** A request, a weather and up to four troubles. */
export function planAtRandom(random: Random): Plan {
  const story: string[] = [];
  const troubles: Trouble[] = [
    alarm('OK'),
    hook('chance', () => ({ verdict: pick(random, verdicts), because: 'chance' })),
  ];
  if (maybe(random, 0.9))
    troubles.push(person({ answer: pick(random, ['approve', 'approve', 'approve', 'reject', 'stop']) }));
  const ask = askByChance(random, story);
  for (let left = 1 + upTo(random, 3); left > 0; left -= 1) {
    const [words, trouble] = pick(random, kindsOfTrouble)(random);
    story.push(words);
    troubles.push(trouble);
  }
  const options = {
    seed: upTo(random, 1e6),
    throttling: maybe(random, 0.2),
    staleReads: pick(random, [0, 0, 0, 1, 3]),
  };
  story.push(JSON.stringify(options));
  return { options, ask, troubles, story };
}

const verdicts = ['pass', 'pass', 'pass', 'pass', 'fail'];

function askByChance(random: Random, story: string[]): (kind: Kind) => Request {
  const hooks = Object.fromEntries(
    ['changeGreen', 'testGreen', 'verifyProduction']
      .filter(() => maybe(random, 0.2))
      .map((name) => [name, { arn: hookArn('chance') }]),
  );
  const held = { stopWrites: { arn: hookArn('chance') }, resumeWrites: { arn: hookArn('chance') } };
  const request: Request = {
    target: { readyWithinHours: 1, keepGreenWhenStopped: maybe(random, 0.2) },
    approval: maybe(random, 0.4) ? { withinHours: 1 } : { required: false },
    lag: { withinMinutes: 20 },
    bake: { minutes: pick(random, [0, 5]), alarms: maybe(random, 0.5) ? ['errors'] : [] },
    hooks: { ...hooks, ...(maybe(random, 0.3) && held) },
  };
  const deletes = maybe(random, 0.6);
  story.push(`${deletes ? 'deletes old blue ' : ''}${JSON.stringify(request)}`);
  return (kind) => ({ ...request, ...(deletes && { oldBlue: kind.deleteOldBlue }) });
}

type Chance = (random: Random) => [words: string, trouble: Trouble];

const states = Object.keys(machine.States) as StateName[];
const operations = [
  'CreateBlueGreenDeployment',
  'SwitchoverBlueGreenDeployment',
  'DeleteBlueGreenDeployment',
  'CreateDBSnapshot',
  'CreateDBClusterSnapshot',
  'DeleteDBInstance',
  'DeleteDBCluster',
  'ModifyDBInstance',
  'ModifyDBCluster',
  'AddTagsToResource',
  'DescribeBlueGreenDeployments',
  'DescribeDBInstances',
  'DescribeDBClusters',
  'ListTagsForResource',
  'DescribeEvents',
  'DescribeAlarms',
  'GetMetricData',
  'SendTaskSuccess',
  'SendTaskFailure',
  'GetExecutionHistory',
  'Publish',
];
const refusals = ['Throttling', 'InternalFailure', 'AccessDenied', 'ServiceUnavailable', 'ExpiredToken'];

const wireFault: Chance = (random) => {
  const operation = pick(random, operations);
  const times = 1 + upTo(random, 3);
  const error = pick(random, refusals);
  const faults: [string, WireFault][] = [
    ['is lost before it is done', { before: { drop: true } }],
    ['is done and its answer is lost', { after: { drop: true } }],
    ['takes long', { before: { delayMs: upTo(random, 20_000) } }],
    [`is refused with ${error}`, { before: { refuse: new AwsError(error, 'chance') } }],
  ];
  const [words, fault] = pick(random, faults);
  const state = pick(random, states);
  return [
    `${operation} ${words}, ${times} times from "${state}" on`,
    when(state, onTheWire(operation, fault, times)),
  ];
};

const functionFault: Chance = (random) => {
  const key: FunctionKey = pick(random, taskKeys);
  const times = 1 + upTo(random, 2);
  const calls = upTo(random, 8);
  const faults: [string, Trouble][] = [
    [`crashes after ${calls} calls`, onFunction(key, { crashAfterCalls: calls }, times)],
    ['is not run', lambdaRefuses(key, 'Lambda.TooManyRequestsException', times)],
    [
      'acts and is not heard',
      onFunction(key, { replaceResult: { errorType: 'Sandbox.Timedout', errorMessage: 'chance' } }, times),
    ],
  ];
  const [words, trouble] = pick(random, faults);
  return [`${key} ${words}, ${times} times`, trouble];
};

const ofRds: Fault[] = [
  { moment: 'build', effect: { fail: 'a parameter is not valid' } },
  { moment: 'build', effect: 'never-ends' },
  { moment: 'available', effect: { flapFor: 40_000 } },
  { moment: 'available', effect: { status: 'POLISHING', forMs: 5 * minute } },
  { moment: 'available', effect: { memberStatus: 'storage-optimization', forMs: 10 * minute } },
  { moment: 'available', effect: { memberStatus: 'incompatible-parameters' } },
  { moment: 'guardrails', effect: { refuse: 'DDL is running' } },
  { moment: 'guardrails', effect: { refuse: 'DDL is running', leaves: 'SWITCHOVER_FAILED' } },
  { moment: 'guardrails', effect: { refuse: 'DDL is running', leaves: 'POLISHING' } },
  { moment: 'cut', effect: { timesOut: true } },
  { moment: 'cut', effect: { timesOut: true, leaves: 'INVALID_CONFIGURATION' } },
  { moment: 'completion', effect: { memberFails: 1 } },
  { moment: 'event', effect: 'drop' },
  { moment: 'event', effect: 'duplicate' },
  { moment: 'event', effect: { delayMs: 20 * minute } },
];

const rdsFault: Chance = (random) => {
  const fault = pick(random, ofRds);
  return [JSON.stringify(fault), rdsPlays(fault)];
};

const outage: Chance = (random) => {
  const state = pick(random, states);
  const minutes = 1 + upTo(random, 29);
  return [
    `RDS cannot be reached for ${minutes} minutes from "${state}" on`,
    (stage) => {
      when(state, rdsUnreachable)(stage);
      when(state, later(minutes * minute, wireHeals))(stage);
    },
  ];
};

const waits: StateName[] = [
  'Wait for green',
  'Wait for window',
  'Wait for replication to catch up',
  'Wait for switchover',
  'Bake',
];

const stop: Chance = (random) => {
  const state = pick(random, waits);
  return [`a person stops the run in "${state}"`, when(state, stopRequested)];
};

const alarms: Chance = (random) => {
  const state = pick(random, states);
  const value = pick(random, ['ALARM', 'INSUFFICIENT_DATA'] as const);
  return [`the alarm says ${value} from "${state}" on`, when(state, alarm(value))];
};

const lag: Chance = (random) => {
  const value = pick(random, [-1, 1e12, 'missing' as const]);
  const state = pick(random, states);
  return [`the lag is ${value} from "${state}" on`, when(state, lagReads(value))];
};

/** Somebody changes a status behind the back of the run, and back again. */
const member: Chance = (random) => {
  const state = pick(random, states);
  const minutes = upTo(random, 20);
  return [
    `some instance is busy for ${minutes} minutes from "${state}" on`,
    when(state, ({ account, clock }) => {
      const busy = pick(random, account.rds.world.instances);
      if (busy.DBInstanceStatus !== 'available') return;
      busy.DBInstanceStatus = 'modifying';
      clock.after(minutes * minute, () => {
        if (busy.DBInstanceStatus === 'modifying') busy.DBInstanceStatus = 'available';
      });
    }),
  ];
};

/** The commoner ones stand more than once. */
const kindsOfTrouble: Chance[] = [
  wireFault,
  wireFault,
  wireFault,
  functionFault,
  functionFault,
  rdsFault,
  rdsFault,
  outage,
  stop,
  alarms,
  lag,
  member,
];

/** How long an execution that a person stopped lies still before it is taken up again. Milliseconds. */
export const restByChance = (random: Random): number => upTo(random, 3) * hour;
