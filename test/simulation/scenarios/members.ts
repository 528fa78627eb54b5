import { type Kind, kinds } from '../databases.ts';
import { failsAfterwards, losesAnswer, refuses, type Trouble } from '../faults.ts';
import { ends, errors, type Scenario, stoppedBy } from './scenario.ts';

const change = 'ModifyDBInstance';
const wanted = 'db.r6g.xlarge';

/** A replica of an instance, or a reader of a cluster. */
const memberOf = ({ isCluster, database }: Kind) => (isCluster ? `${database}-2` : `${database}-replica`);
const only = (kind: Kind): boolean => kind.isCluster || kind === kinds.replica;
const ask = (kind: Kind) => ({ target: { members: [{ member: memberOf(kind), instanceClass: wanted }] } });

/** One instance of new production has the class that was asked for, and the others have not. */
const hasClass: Trouble = ({ account, kind }) => {
  const found = account.rds.world.instances.filter(({ DBInstanceClass }) => DBInstanceClass === wanted);
  const names = found.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier).join();
  if (names !== memberOf(kind)) throw new Error(`[${names}] have the class ${wanted}`);
};

/** Other classes for single instances of green. */
export const members: Scenario[] = [
  { what: 'a member of green gets another class', ask, only, end: ends.green, afterwards: [hasClass] },
  {
    what: 'a replica of green gets more storage',
    ask: (kind) => ({ target: { members: [{ member: memberOf(kind), allocatedGiB: 400 }] } }),
    only: (kind) => !kind.isCluster && only(kind),
    end: ends.green,
    afterwards: [
      ({ account, kind }) => {
        const found = account.rds.world.instances.filter(({ AllocatedStorage }) => AllocatedStorage === 400);
        const names = found.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier).join();
        if (names !== memberOf(kind)) throw new Error(`[${names}] have 400 GiB`);
      },
    ],
  },
  {
    what: 'the answer to the change of a member is lost',
    ...{ ask, only },
    troubles: [losesAnswer(change, 'done')],
    end: ends.green,
    afterwards: [hasClass],
  },
  {
    what: 'the function that changes members ends before it says so, once',
    ...{ ask, only },
    troubles: [failsAfterwards('changeMembersOfGreen', errors.crash, 1)],
    end: ends.green,
    afterwards: [hasClass],
  },
  {
    what: 'RDS refuses to change a member of green',
    ...{ ask, only },
    troubles: [refuses(change, 'InsufficientDBInstanceCapacityFault')],
    ...stoppedBy(errors.unexpected),
  },
];
