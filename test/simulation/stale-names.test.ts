import { expect, test } from 'vitest';
import { kinds } from './databases.ts';
import { alarm, databasesAnswer, rdsPlays, type Trouble } from './faults.ts';
import { play } from './play.ts';
import { ends } from './scenarios/scenario.ts';

/** Names lead to old blue for half a minute after the cut. */
const lagging: Trouble = rdsPlays({ moment: 'names-after-cut', effect: { staleForMs: 33_000 } });
const uncompared: Trouble = ({ databases }) => Object.assign(databases.behaviour, { comparesServers: false });
/** Green's own name, which does not lag, is asked for nothing. */
const afterRds = databasesAnswer('takes-writes', { kind: 'failed', code: 'ECONNREFUSED', because: 'no' });

const ask = {
  wayBack: { login: {}, applicationRoles: ['app'] },
  bake: { minutes: 20, alarms: ['errors'] },
};

test('with the comparison of servers taken out, a name that lags leaves the application held on new production', async () => {
  const { end, evidence } = await play(kinds.postgres, {
    what: 'nobody compares',
    ask,
    troubles: [alarm('OK'), lagging, uncompared, afterRds],
    end: ends.incomplete,
  });
  expect(end).not.toBe(ends.green);
  expect(evidence.leftovers?.join()).toMatch(/^app on db-/);
});
