import { expect, test } from 'vitest';
import { rehearse, requestFor, settle } from '../on-copy/stage.ts';
import { machine } from '../statemachine/machine.ts';
import { allPlaces, placesOf } from './coverage.ts';
import { kinds } from './databases.ts';
import { judge } from './judge.ts';
import { scenarios } from './scenarios/index.ts';
import { setStage } from './stage.ts';

const visited = new Set<string>();

/** Ways that no run can take, and why. */
const unreachable: Record<string, string> = {
  'Ask whether the hooks may be invoked [catch States.ALL] Record outcome':
    'each hook catches whatever its dry run meets',
  'Where does the paused run go on? [rule 4] Were writes stopped before this?':
    'a pause that used up its time ends by its own deadline, unless it is resumed between that and the end of its last tick',
  'Are writes to be resumed? [default] Where does the run go on?':
    'writes that were stopped have a hook that resumes them: the request gives both or neither',
  'Hand over to the consumers [catch States.ALL] Is the rollback target to be attached?':
    'the hook of each consumer catches whatever it meets',
  'Is old blue to be deleted? [rule 2] Record outcome':
    'the record is kept on Aurora without a fence alone, and the preconditions refuse to delete old blue then',
};

const rows = scenarios.map((scenario) => ({
  scenario,
  kind:
    [kinds.replica, kinds.postgres, kinds.auroraPostgres].find((kind) => scenario.only?.(kind) !== false) ??
    kinds.replica,
}));

test.each(rows.filter(({ scenario, kind }) => !scenario.only || scenario.only(kind)))(
  '$scenario.what: $scenario.end',
  async ({ scenario, kind }) => {
    const { history } = (await judge(kind, scenario)).evidence;
    for (const place of await placesOf(machine, history)) visited.add(place);
  },
);

test('the run on the copy of a rehearsal: Went back on a copy: production was not touched', async () => {
  const stage = await setStage(kinds.postgres);
  try {
    await settle(stage, rehearse(stage, requestFor(kinds.postgres)));
    const { states, stateMachineArn } = stage.account;
    for (const { order } of states.listExecutions(stateMachineArn))
      for (const place of await placesOf(machine, states.getExecutionHistory(order.arn))) visited.add(place);
  } finally {
    stage.close();
  }
});

test('between them the runs enter every state and take every way that can be taken', () => {
  expect(allPlaces(machine).filter((place) => !visited.has(place))).toEqual(Object.keys(unreachable));
});
