import { expect, it } from 'vitest';
import { reconcileTrail, type TrailEvent } from '../../commands/evidence/trail.ts';
import { verifyLedger } from '../../commands/evidence/verify.ts';
import { call, makeLedger, publicKey } from './ledger-of.ts';

const { entries } = verifyLedger(makeLedger([{ changes: [call()] }, {}]), publicKey);
const { executionArn = '' } = entries[0]?.record.run ?? {};

const event = (more: Partial<TrailEvent> = {}): TrailEvent => ({
  eventTime: '2026-11-29T02:10:01Z',
  eventSource: 'rds.amazonaws.com',
  eventName: 'SwitchoverBlueGreenDeployment',
  requestID: 'req-1',
  readOnly: false,
  userIdentity: { sessionContext: { sessionIssuer: { userName: 'viridian-prod-startSwitchover' } } },
  ...more,
});
/** They span the period of the calls. */
const before = event({
  requestID: 'req-0',
  eventTime: '2026-11-29T00:00:00Z',
  eventName: 'DescribeDBInstances',
  readOnly: true,
});
const after = { ...before, eventTime: '2026-11-29T23:00:00Z' };
const problemsOf = (...events: TrailEvent[]) =>
  reconcileTrail(entries, [before, ...events, after], 'viridian-prod');

it('reconciles a trail that has the same calls', () => {
  expect(problemsOf(event())).toEqual([]);
});

it.each<[string, TrailEvent[], RegExp[]]>([
  ['a call of ours that the trail lacks', [], [/the trail has no SwitchoverBlueGreenDeployment .* req-1/]],
  [
    'a call by one of our roles that no record has',
    [event(), event({ requestID: 'req-2', eventName: 'DeleteDBInstance' })],
    [/a DeleteDBInstance of .*req-2.* no record has it/],
  ],
  [
    'a run that was started and has no record',
    [
      event(),
      event({
        eventName: 'StartExecution',
        eventSource: 'states.amazonaws.com',
        responseElements: { executionArn: `${executionArn}-other` },
      }),
    ],
    [/orders-1-other was started, and has no record/],
  ],
])('finds %s', (_, events, problems) => {
  const found = problemsOf(...events);
  expect(found).toHaveLength(problems.length);
  for (const [index, problem] of problems.entries()) expect(found[index]).toMatch(problem);
});

it.each<[string, TrailEvent]>([
  ['by a person', event({ requestID: 'req-9', userIdentity: {} })],
  ['that reads', event({ requestID: 'req-9', readOnly: true })],
  [
    'of another stack',
    event({
      requestID: 'req-9',
      userIdentity: { sessionContext: { sessionIssuer: { userName: 'viridian-dev-x' } } },
    }),
  ],
  [
    'of a run that is recorded',
    event({
      requestID: 'req-9',
      eventName: 'StartExecution',
      eventSource: 'states.amazonaws.com',
      responseElements: { executionArn },
    }),
  ],
])('leaves a call alone %s', (_, other) => {
  expect(problemsOf(event(), other)).toEqual([]);
});
