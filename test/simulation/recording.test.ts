import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkInvariants } from '../../rehearsal/invariants/check.ts';
import type { Evidence } from '../../rehearsal/invariants/evidence.ts';
import { kinds } from './databases.ts';
import { run } from './run.ts';
import { ends } from './scenarios/scenario.ts';
import { type Stage, setStage } from './stage.ts';

/** What I18 says of evidence: empty when it holds. */
const judge = (evidence: Evidence): string[] =>
  checkInvariants(evidence).flatMap(({ id, holds, detail }) => (id === 'I18' && !holds ? [detail] : []));

const isEntry = (line: string, call: string) =>
  line.startsWith('{"event":"change.sent"') && line.includes(`"call":"${call}"`);

describe('the record of changes (I18)', () => {
  let stage: Stage;
  let evidence: Evidence;
  beforeAll(async () => {
    stage = await setStage(kinds.postgres);
    const ending = await run(stage, {
      wayBack: { login: {}, applicationRoles: ['app'] },
      bake: { minutes: 5 },
    });
    expect(ending.end).toBe(ends.green);
    evidence = ending.evidence;
  });
  afterAll(() => stage.close());

  test('holds for the run as it was', () => {
    expect(judge(evidence)).toEqual([]);
  });

  test.each([
    'SwitchoverBlueGreenDeployment',
    'AddTagsToResource',
    'Publish',
    'SendTaskSuccess',
    'SQL secure',
  ])('is broken when the entry of %s is missing', (call) => {
    const at = evidence.logs.findIndex((line) => isEntry(line, call));
    expect(at).toBeGreaterThanOrEqual(0);
    const [detail] = judge({ ...evidence, logs: evidence.logs.toSpliced(at, 1) });
    expect(detail).toMatch(new RegExp(`${call} .*has no entry`));
  });

  test('is broken when a call comes that nobody recorded', () => {
    const [call] = evidence.functionCalls.filter(({ call }) => call.operation.startsWith('Switchover'));
    const { functionCalls } = evidence;
    const again = call && { ...call, call: { ...call.call, invocationId: 'another', requestId: 'another' } };
    expect(judge({ ...evidence, functionCalls: [...functionCalls, ...(again ? [again] : [])] })).toEqual([
      expect.stringContaining('SwitchoverBlueGreenDeployment another/1 has no entry'),
    ]);
  });

  test.each(['SwitchoverBlueGreenDeployment', 'SQL secure'])(
    'is broken when an entry of %s has no call',
    (call) => {
      const made = (one: Evidence['functionCalls'][number]) =>
        call === one.call.operation || (one.call.operation === 'Invoke' && asks(one.input, 'secure'));
      const functionCalls = evidence.functionCalls.filter((one) => !made(one));
      expect(functionCalls.length).toBeLessThan(evidence.functionCalls.length);
      expect(judge({ ...evidence, functionCalls })).toEqual([
        expect.stringMatching(new RegExp(`the entry ${call} .*has no call`)),
      ]);
    },
  );

  test.each([
    ['without an outcome', /"event":"change.accepted".*\n/, '', 'have no outcome'],
    [
      'with another outcome',
      '"event":"change.accepted"',
      '"event":"change.refused"',
      'is not change.refused',
    ],
    [
      'of a state that was not entered',
      '"state":"Start switchover"',
      '"state":"Delete old blue"',
      'did not act',
    ],
    ['of another execution', /"executionArn":"[^"]+"/, '"executionArn":"arn:other"', 'names no execution'],
    ['about another resource', /Identifier=bgd-/, 'Identifier=bgd-x', 'names bgd-x'],
  ])('is broken by an entry %s', (_, what, instead, said) => {
    const logs = evidence.logs.flatMap((line) => {
      if (!line.includes('"call":"SwitchoverBlueGreenDeployment"')) return [line];
      const changed = `${line}\n`.replace(what, instead).trimEnd();
      return changed ? [changed] : [];
    });
    expect(judge({ ...evidence, logs })).toEqual([expect.stringContaining(said)]);
  });

  test('is broken when an outcome is told twice', () => {
    const line = evidence.logs.find((one) => one.startsWith('{"event":"change.accepted"')) ?? '';
    expect(judge({ ...evidence, logs: [...evidence.logs, line] })).toEqual([
      expect.stringContaining('two outcomes'),
    ]);
  });
});

test('a function that dies in its call leaves an entry without an outcome', async () => {
  const stage = await setStage(kinds.postgres);
  try {
    // The first call reads.
    stage.functionRules.push(({ key }) => (key === 'createGreen' ? { crashAfterCalls: 2 } : undefined));
    const { evidence } = await run(stage);
    const lines = evidence.logs.filter((line) => line.includes('"call":"CreateBlueGreenDeployment"'));
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['change.sent']);
    expect(judge(evidence)).toEqual([]);
    expect(judge({ ...evidence, brokenOff: 0 })).toEqual([expect.stringContaining('have no outcome')]);
  } finally {
    stage.close();
  }
});

function asks(input: unknown, ask: string): boolean {
  const { Payload } = input as { Payload?: Uint8Array };
  return Buffer.from(Payload ?? [])
    .toString()
    .startsWith(`{"ask":"${ask}"`);
}
