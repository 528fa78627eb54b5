import type { SideFacts } from '../../../functions/domain/hand-over/side-facts.ts';
import type { Kind } from '../databases.ts';
import { alarm, all, crashes, databasesAnswer, hook, later, pass, type Trouble, when } from '../faults.ts';
import { person } from '../person.ts';
import { beginning, hookArn, hour, minute } from '../stage.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

/** Replication by rows on an instance: no DDL of blue comes to green. */
const only = ({ lagMetric, isCluster }: Kind) => lagMetric === 'OldestReplicationSlotLag' && !isCluster;
const wayBack = { login: {}, applicationRoles: ['app'], secureWithinMinutes: 1 };
const called = { consumers: ['cdc'], hooks: { handOver: { arn: hookArn('tried') } } };
const goesBack = {
  ...called,
  wayBack: { ...wayBack, onFailure: 'go-back' },
  bake: { minutes: 20, alarms: ['errors'] },
};
const asked = { approval: { withinHours: 2 } };

/** What blue says of itself from now on. */
const blueSays =
  (facts: Partial<SideFacts>): Trouble =>
  ({ databases, baseline }) =>
    databases.behaviour.sides.set(baseline.blue ?? '', facts);

const changed = (tables: string, indexes: string) => blueSays({ catalogs: { shop: { tables, indexes } } });
const rowsDoNotArrive: Trouble = ({ databases }) => {
  databases.behaviour.schemaBlockers = ['table public.later is gone where its rows are to go'];
};

/** An announcement holds this, however its lines are broken. */
const isTold =
  (text: string): Trouble =>
  ({ account: { sns } }) => {
    const said = sns.messages.map(({ message }) => message.replace(/\s+/g, ' '));
    if (!said.some((one) => one.includes(text))) throw new Error(`"${text}" is not in ${said.at(-1)}`);
  };

/** No hook leads a consumer to new production while that is closed. */
const noHookIsCalledOnTheWayBack: Trouble = ({ account: { states, rollBackMachineArn } }) => {
  const [back] = states.listExecutions(rollBackMachineArn);
  if (!back) throw new Error('nothing went back');
  for (const { stateEnteredEventDetails } of states.getExecutionHistory(back.order.arn))
    if (stateEnteredEventDetails?.name === 'Call the hook of a consumer')
      throw new Error('a hook was called on the way back');
};

/** The run did not sleep on until something was to be done. */
const isBefore =
  (moment: number): Trouble =>
  ({ clock }) => {
    if (clock.now() >= moment) throw new Error('the run ended in its window only');
  };

/** Consumers of changes are led to new production, and back with it. */
const consumers: Scenario[] = [
  {
    what: 'the answers for many consumers are longer than a run can carry',
    ask: {
      ...called,
      consumers: Array.from({ length: 20 }, (_, index) => `cdc${index}`),
      wayBack,
    },
    troubles: [hook('tried', () => ({ ...pass, because: 'x'.repeat(20_000), facts: 'y'.repeat(20_000) }))],
    end: ends.green,
    passes: ['Hand over to the consumers'],
    afterwards: [isTold('cdc19: the hook handOver has led it over')],
  },
  {
    what: 'the hook of a consumer leads it to new production',
    ask: called,
    troubles: [hook('tried', () => pass)],
    end: ends.green,
    passes: ['Find where consumers go on', 'Hand over to the consumers'],
    afterwards: [isTold('cdc: the hook handOver has led it over')],
  },
  {
    what: 'the hook of a consumer throws',
    ask: called,
    troubles: [
      hook('tried', () => {
        throw new Error('the connector is gone');
      }),
    ],
    end: ends.green,
    afterwards: [isTold('the hook handOver did not lead it over'), isTold('the connector is gone')],
  },
  {
    what: 'a consumer has no hook',
    ask: { consumers: ['cdc'] },
    end: ends.green,
    passes: ['Find where consumers go on'],
    afterwards: [isTold('shop 0/1'), isTold('let it take a new first copy')],
  },
  {
    what: 'nobody can read where consumers go on',
    ask: called,
    troubles: [hook('tried', () => pass), crashes('findWhereConsumersGoOn')],
    end: ends.green,
    afterwards: [isTold('consumers of changes were not handed over'), isTold('shop 0/1')],
  },
  {
    what: 'a failed bake goes back by itself, and a consumer goes back with it',
    ask: goesBack,
    troubles: [alarm('OK'), hook('tried', () => pass), when('Bake', later(2 * minute, alarm('ALARM')))],
    end: ends.wentBack,
    error: errors.test,
    afterwards: [
      isTold('cdc: the hook handOver has led it over'),
      isTold('from its first own write on: 0/9'),
    ],
  },
  {
    what: 'production goes back, and nobody can read where a consumer goes on there',
    ask: goesBack,
    troubles: [
      alarm('OK'),
      hook('tried', () => pass),
      when('Bake', all(crashes('findWhereConsumersGoOn'), later(2 * minute, alarm('ALARM')))),
    ],
    end: ends.wentBack,
    error: errors.test,
    passes: ['Hand over to the consumers'],
    afterwards: [noHookIsCalledOnTheWayBack, isTold('consumers of changes were not handed over')],
  },
];

const reader = { name: 'cdc at 10.0.0.5', by: 'binlog', active: true, confirmed: null } as const;

/** What fetches the binary log is found by itself. */
const binlog: Scenario = {
  what: 'a consumer of the binary log is found, and told from where it goes on',
  only: ({ name }) => name === 'RDS for MariaDB',
  troubles: [blueSays({ consumers: [reader] })],
  end: ends.green,
  afterwards: [isTold('cdc at 10.0.0.5: let it read orders-old1')],
};

/** Blue is looked at while green waits, though nobody does anything. */
const looks: Scenario[] = [
  {
    what: 'tables of blue are changed while people think, and rows would be lost',
    ask: asked,
    troubles: [when('Wait for approval', changed('with one more', 'as they were'), 2), rowsDoNotArrive],
    ...stoppedBy(errors.provisioning),
  },
  {
    what: 'indexes of blue are changed while people think',
    ask: asked,
    troubles: [
      when('Wait for approval', changed('as they were', 'with one more'), 2),
      person({ answer: 'approve', after: 30 * minute }),
    ],
    end: ends.green,
  },
  {
    what: 'tables of blue are changed while the run sleeps until its window',
    ask: {
      window: {
        opensAt: new Date(beginning + 9 * hour).toISOString(),
        closesAt: new Date(beginning + 12 * hour).toISOString(),
      },
    },
    troubles: [when('Wait for window', changed('with one more', 'as they were'), 2), rowsDoNotArrive],
    ...stoppedBy(errors.provisioning),
    afterwards: [isBefore(beginning + 9 * hour)],
  },
  {
    what: 'somebody makes a slot on blue while green is built',
    troubles: [
      when(
        'Wait for green',
        blueSays({ consumers: [{ name: 'cdc', by: 'slot', active: true, confirmed: '0/1' }] }),
      ),
    ],
    ...stoppedBy(errors.late),
  },
  {
    what: 'the databases say nothing of the copy before the cut',
    troubles: [
      when(
        'Wait for replication to catch up',
        databasesAnswer('read-side', { kind: 'failed', code: '57P03', because: 'starting up' }),
      ),
    ],
    ...stoppedBy(errors.late),
  },
];

export const handOver: Scenario[] = [...consumers, binlog, ...looks].map((scenario) => ({
  only,
  ...scenario,
  ask: { wayBack, ...(scenario.ask as object) },
}));
