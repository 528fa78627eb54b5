import { afterEach, describe, expect, test } from 'vitest';
import type { StateName } from '../../functions/domain/model/states.ts';
import { type Kind, kinds } from './databases.ts';
import { when } from './faults.ts';
import { finish, requestOf, start } from './run.ts';
import { ends } from './scenarios/scenario.ts';
import { countAccepted, type Stage, setStage } from './stage.ts';

let stage: Stage | undefined;
afterEach(() => stage?.close());

const chosen: Kind[] = [kinds.replica, kinds.auroraPostgres];

/** States of the first run in which a second one begins. */
const moments: StateName[] = [
  'Check preconditions',
  'Create green',
  'Wait for green',
  'Check parity',
  'Final check',
  'Start switchover',
  'Wait for switchover',
  'Find production side',
  'Verify production',
  'Release the deployment record',
  'Wait for retention',
  'Take final snapshot',
  'Delete old blue',
  'Wait for deletion',
];

describe.each(chosen)('$name', (kind) => {
  test.each(moments)('keeps a second run out that begins in "%s" of the first', async (state) => {
    stage = await setStage(kind);
    const request = requestOf(kind, { oldBlue: kind.deleteOldBlue });
    let second = '';
    when(state, (on) => {
      second ||= start(on, request, 'second');
    })(stage);
    const winner = await finish(stage, start(stage, request, 'first'));
    const loser = await finish(stage, second);

    expect({ end: winner.end, broken: winner.broken }).toEqual({ end: ends.green, broken: [] });
    expect([ends.refused, ends.stopped]).toContain(loser.end);
    expect(loser.broken.filter(({ id }) => ofTheRunAlone.includes(id))).toEqual([]);
    expectOneOfEach(stage);
  });

  test('lets one of two runs proceed that begin at the same moment', async () => {
    stage = await setStage(kind);
    const request = requestOf(kind, { oldBlue: kind.deleteOldBlue });
    const both = ['one', 'other'].map((name) => start(stage as Stage, request, name));
    const endings = [await finish(stage, both[0] ?? ''), await finish(stage, both[1] ?? '')];

    const won = endings.filter(({ end }) => end === ends.green);
    expect(won).toHaveLength(1);
    expect([ends.refused, ends.stopped]).toContain(endings.find(({ end }) => end !== ends.green)?.end);
    expect(won[0]?.broken).toEqual([]);
    expectOneOfEach(stage);
  });
});

/** The others speak of the whole account, and are judged with the run that proceeds. */
const ofTheRunAlone = ['I12', 'I16', 'I17', 'I19'];

function expectOneOfEach(on: Stage): void {
  const calls = ['CreateBlueGreenDeployment', 'SwitchoverBlueGreenDeployment', 'DeleteBlueGreenDeployment'];
  expect(calls.map((call) => [call, countAccepted(on, call)])).toEqual(calls.map((call) => [call, 1]));
}
