import { describe, expect, it } from 'vitest';
import {
  areOfOneMachine,
  executionPrefix,
  machineOf,
  readExecutionArn,
} from '../../../functions/domain/model/execution-arn.ts';

const machine = 'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-run';
const run = 'arn:aws:states:eu-west-1:111122223333:execution:viridian-run:orders-1';

it.each([
  ['a machine', machine],
  ['a version of it', `${machine}:7`],
  ['an alias of it', `${machine}:live`],
])('executions of %s begin with its name', (_, arn) => {
  expect(executionPrefix(arn)).toBe('arn:aws:states:eu-west-1:111122223333:execution:viridian-run:');
});

it('an execution leads to its machine', () => {
  expect(machineOf(run)).toBe(machine);
});

describe('what the ARN of an execution says', () => {
  const said = { region: 'eu-west-1', account: '111122223333', machine: 'viridian-run' };
  it.each([
    [run, said],
    [run.replace('aws', 'aws-us-gov'), said],
    [run.replace('aws', 'aws-cn'), said],
  ])('%s', (arn, expected) => {
    expect(readExecutionArn(arn)).toEqual(expected);
  });

  it.each([
    ['a machine', machine],
    ['no account', run.replace('111122223333', '1111')],
    ['an account that is too long', run.replace('111122223333', '1111222233334')],
    ['no Region', run.replace('eu-west-1', '')],
    ['no name', run.replace('orders-1', '')],
    ['more behind its name', `${run}:more`],
    ['something before it', `see ${run}`],
    ['another service', run.replace('states', 'lambda')],
    ['another partition', run.replace('aws', 'AWS')],
  ])('is nothing where it has %s', (_, arn) => {
    expect(readExecutionArn(arn)).toBeUndefined();
  });
});

describe('two executions are of one machine', () => {
  it.each([
    ['of one machine', run.replace('orders-1', 'invoices-9'), true],
    ['of another stack', run.replace('viridian-run', 'viridian-other'), false],
    ['of another Region', run.replace('eu-west-1', 'eu-west-3'), false],
    ['of another account', run.replace('111122223333', '999922223333'), false],
  ])('one and one %s: %s', (_, other, same) => {
    expect(areOfOneMachine(run, other)).toBe(same);
  });

  it('not where they are no executions, however alike', () => {
    expect(areOfOneMachine('garbage', 'garbage')).toBe(false);
  });
});
