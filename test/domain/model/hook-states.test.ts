import { describe, expect, it } from 'vitest';
import { resumesWrites, stopsWrites } from '../../../functions/domain/model/hook-states.ts';
import type { StateName } from '../../../functions/domain/model/states.ts';
import run from '../../../statemachine/blue-green-deployment.asl.json' with { type: 'json' };
import rollBack from '../../../statemachine/roll-back.asl.json' with { type: 'json' };

const states = [run, rollBack].flatMap(({ States }) => Object.entries(States)) as [StateName, unknown][];
/** States whose payload names the stage of a hook. */
const calling = (stage: string) =>
  states.filter(([, state]) => JSON.stringify(state).includes(`"stage":"${stage}"`)).map(([name]) => name);

describe.each([
  ['stopWrites', stopsWrites],
  ['resumeWrites', resumesWrites],
] as const)('the hook %s', (stage, calls) => {
  it('is called by two states of each machine, one for each form of a hook', () => {
    expect(calling(stage)).toHaveLength(4);
  });
  it('is called by the states that the rule says, and by no other', () => {
    expect(states.map(([name]) => name).filter(calls)).toEqual(calling(stage));
  });
});
