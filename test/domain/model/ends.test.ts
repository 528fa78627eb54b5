import { describe, expect, it } from 'vitest';
import { ends, isEndName, rehearsalEnds } from '../../../functions/domain/model/ends.ts';
import run from '../../../statemachine/blue-green-deployment.asl.json' with { type: 'json' };
import rehearsal from '../../../statemachine/rehearsal.asl.json' with { type: 'json' };
import rollBack from '../../../statemachine/roll-back.asl.json' with { type: 'json' };

const typeOf = (machine: { States: object }, name: string) =>
  (machine.States as Record<string, { Type: string } | undefined>)[name]?.Type.toLowerCase();

describe('which side serves at an end', () => {
  it.each<[name: keyof typeof ends, serves: string]>([
    ['Dry run passed: nothing was changed', 'blue'],
    ['Refused: nothing was changed', 'blue'],
    ['Stopped before switchover: blue serves production', 'blue'],
    ['Switchover rolled back: blue serves production', 'blue'],
    ['Green serves production', 'green'],
    ['Green serves production, clean-up incomplete', 'green'],
    ['Went back: blue serves production', 'blue'],
    // It may be refused at any time of a run.
    ['Going back refused: nothing was changed', 'unknown'],
    ['Did not go back: green serves production', 'green'],
    ['Going back incomplete: look before any retry', 'unknown'],
    ['Outcome unknown: look before any retry', 'unknown'],
  ])('%s: %s', (name, serves) => {
    expect(ends[name].serves).toBe(serves);
  });
});

describe('an end is a state of its machine, which succeeds or fails as the end says', () => {
  const machines = { 'blue-green-deployment': run, 'roll-back': rollBack };
  it.each(Object.entries(ends))('%s', (name, { machine, kind }) => {
    expect(typeOf(machines[machine], name)).toBe(kind);
  });
  it.each(Object.entries(rehearsalEnds))('%s', (name, { kind }) => {
    expect(typeOf(rehearsal, name)).toBe(kind);
  });
});

it('a run that waited for going back fails with the end of that', () => {
  const both = Object.entries(ends).filter(([, end]) => 'endsRunsToo' in end && end.endsRunsToo);
  expect(both.map(([name]) => name)).toEqual([
    'Went back: blue serves production',
    'Going back incomplete: look before any retry',
  ]);
  expect(both.map(([name]) => typeOf(run, name))).toEqual(['fail', 'fail']);
});

it.each([
  ['Green serves production', true],
  ['Bake', false],
  ['toString', false],
  [undefined, false],
  [['Green serves production'], false],
])('%s is the name of an end: %s', (text, expected) => {
  expect(isEndName(text)).toBe(expected);
});
