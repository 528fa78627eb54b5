import { describe, expect, it } from 'vitest';
import { functionSpecs } from '../../deploy/functions.ts';
import { answerIn, limits } from '../../functions/domain/model/limits.ts';
import { shortestTick } from '../../functions/domain/model/tick.ts';
import { allStates, isOurs, isOurWait, machines } from './machine.ts';

const { sql, step, aws, answer, functions, say, margin, patience } = limits;

/** What the function that speaks SQL is given for a statement of so many seconds, at the worst. */
const spoken = (statement: number) => sql.connect + statement + sql.silence;

/** The inner limit, the outer one, and how long the inner one may last. */
const pairs: [inner: string, outer: string, innerSeconds: number, outerSeconds: number][] = [
  ['a lock', 'its statement', sql.lock, sql.statement],
  ['a statement', 'the function that speaks SQL', spoken(sql.statement), functions.sql],
  [
    'a step of comparing',
    'the function that speaks SQL',
    step.compare + sql.piece + sql.silence,
    functions.sql,
  ],
  // The tables are read before and after.
  [
    'a step of analyzing',
    'the function that speaks SQL',
    step.analyze + sql.table + 2 * spoken(0),
    functions.sql,
  ],
  ['a statement of a load test', 'all runs of it on both sides', sql.load, sql.compared],
  // One side is signed in to after the other.
  [
    'a step of the load test',
    'the function that speaks SQL',
    step.load + 2 * sql.connect + sql.compared + sql.silence,
    functions.sql,
  ],
  ['the function that speaks SQL', 'the wait for its answer', functions.sql, answer.sql],
  ['the wait for an answer of SQL', 'a function that acts', answer.sql + say, functions.act],
  ['comparing, and the last step of it', 'its function', patience.compare + answer.sql + say, functions.long],
  ['analyzing, and the last step of it', 'its function', patience.analyze + answer.sql + say, functions.long],
  [
    'the load test, and the last step of it',
    'its function',
    patience.load + answer.sql + say,
    functions.long,
  ],
  ['the wait for the last changes', 'a look', patience.lastChanges + say, functions.look],
  ['a beat between two looks', 'a look', patience.travel + say, functions.look],
  ['the time between two looks at a failover', 'a look', patience.failover + say, functions.look],
  ['looking at the switchover', 'a look', patience.cut + say, functions.look],
  ['looking at the record', 'a look', patience.endpoint + say, functions.look],
  [
    'looking who serves, and the last call of it',
    'its function',
    patience.production + aws.tries * (aws.connect + aws.request) + say,
    functions.long,
  ],
  [
    'every try of a call of AWS',
    'a function that acts',
    aws.tries * (aws.connect + aws.request),
    functions.act,
  ],
  ['a decision', 'the wait for its answer', functions.decide, answer.decide],
  ['the wait for a decision', 'the page', answer.decide, functions.page],
  ['the page', 'an HTTP API of AWS, which gives 30 s', functions.page, 30],
  ['a look and its margin', 'the shortest tick', functions.look + margin - 1, shortestTick],
];

describe('limits are ordered', () => {
  it.each(pairs)('%s ends before %s', (_inner, _outer, inner, outer) => {
    expect(inner).toBeLessThan(outer);
  });

  const states = machines.flatMap(({ name, machine }) =>
    allStates(machine)
      .filter(([, state]) => isOurs(state))
      .map(([state, task]) => ({ machine: name, state, task })),
  );

  it.each(states)('the function of "$state" in $machine is over before its state is', ({ task }) => {
    const key = /^\$\{(\w+)\}$/.exec(task.Arguments?.FunctionName ?? '')?.[1] as keyof typeof functionSpecs;
    const { timeoutSeconds } = functionSpecs[key];
    const whole = isOurWait(task) ? shortestTick : Number(task.TimeoutSeconds);
    expect(timeoutSeconds).toBeLessThanOrEqual(whole - margin);
    expect(isOurWait(task) ? timeoutSeconds : functions.look).toBe(functions.look);
  });

  it('every timeout of a function is one of the table', () => {
    const known: number[] = Object.values(functions);
    const others = Object.entries(functionSpecs).filter(
      ([, { timeoutSeconds }]) => !known.includes(timeoutSeconds),
    );
    expect(others).toEqual([]);
  });

  it('whoever waits for another function gives up before it is ended itself', () => {
    for (const left of [functions.look, functions.act, functions.long, 2.5])
      expect(answerIn(answer.sql, left) + say).toBeLessThanOrEqual(left);
    expect(answerIn(answer.sql, functions.long)).toBe(answer.sql);
    expect(answerIn(answer.sql, undefined)).toBe(answer.sql);
  });
});
