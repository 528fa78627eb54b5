import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { eventId } from '../../../functions/domain/announcement/announcement.ts';
import { telling } from '../../../rehearsal/invariants/announcements.ts';
import type { Evidence } from '../../../rehearsal/invariants/evidence.ts';
import { executionArn, request } from '../../domain/sample.ts';

const minute = 60_000;

/** `cut-done@9`: a message of this kind in minute 9. */
function read(text: string): Evidence['announcements'] {
  return text.split(' ').map((one) => {
    const [kind = '', minutes] = one.split('@');
    const id = eventId(executionArn, kind, null);
    return {
      ...{ at: Number(minutes) * minute, subject: '', message: '' },
      attributes: { kind: { StringValue: kind }, id: { StringValue: id } },
    };
  });
}

const exited = (id: number, name: string, variable: string, value: unknown): HistoryEvent => ({
  ...{ id, previousEventId: id - 1, timestamp: new Date(0), type: 'TaskStateExited' },
  stateExitedEventDetails: { name, assignedVariables: { [variable]: JSON.stringify(value) } },
});

/** A run that is proved to have cut over in minute 5, and whose task has told so. */
const history: HistoryEvent[] = [
  exited(1, 'Validate request', 'request', request()),
  exited(2, 'Find production side', 'serving', { side: 'green' }),
  {
    ...{ id: 3, previousEventId: 2, timestamp: new Date(5 * minute), type: 'ChoiceStateEntered' },
    stateEnteredEventDetails: { name: 'Which side serves production?' },
  },
  {
    ...{ id: 4, previousEventId: 3, timestamp: new Date(6 * minute), type: 'TaskScheduled' },
    taskScheduledEventDetails: {
      ...{ resourceType: 'lambda', resource: 'invoke', region: 'eu-west-1' },
      parameters: JSON.stringify({ Payload: { announcement: 'cut-done', executionArn } }),
    },
  },
  { id: 5, previousEventId: 4, timestamp: new Date(6 * minute), type: 'TaskSucceeded' },
];

function broken(text: string, more: Partial<Evidence> = {}): string[] | undefined {
  const evidence = { announcements: read(text), history, functionCalls: [], brokenOff: 0, ...more };
  return telling.I26?.(evidence as unknown as Evidence)?.broken;
}

describe('I26, of the announcements of a run', () => {
  it.each<[what: string, text: string, broken: RegExp | undefined]>([
    ['in their order', 'started@0 green-ready@1 window-open@2 cut-done@6 outcome@9', undefined],
    ['as soon as people know that nobody can write', 'started@0 writes-held@6 cut-done@700', undefined],
    ['one twice', 'started@0 started@0 cut-done@6', /1 were sent twice/],
    ['one too early', 'started@0 cut-done@6 window-open@7', /they came as/],
    ['the cut a day later', 'started@0 cut-done@1440', /told after 1435 min/],
    ['the cut before it is done, and never after', 'cut-done@4', /by nothing/],
    [
      'one that a task has sent and nobody got',
      'started@0 outcome@6',
      /"cut-done" was told and did not arrive/,
    ],
  ])('%s', (_what, text, expected) => {
    expect(broken(text)).toEqual(expected ? [expect.stringMatching(expected)] : []);
  });

  it('takes the copies of a call that its sender gave up before they arrived', () => {
    const lasting = (seconds: number) => ({
      functionCalls: [
        { call: { operation: 'Publish' }, at: 0, endedAt: 1_000 * seconds, outcome: { kind: 'answered' } },
      ],
    });
    const text = 'started@0 cut-done@6 outcome@9 cut-done@9';
    expect(broken(text, lasting(11) as unknown as Evidence)).toEqual([]);
    expect(broken(text, lasting(9) as unknown as Evidence)).toHaveLength(1);
  });

  it('takes a second message of a function that was broken off', () => {
    expect(broken('started@0 started@0 cut-done@6', { brokenOff: 1 })).toEqual([]);
  });
});

describe('I16, of the announcement of the end', () => {
  it('judges the announcement of the end, not a late copy of an earlier one', () => {
    const told = ['outcome@9', 'cut-done@10'].flatMap((text) => read(text));
    const message =
      'GREEN SERVES PRODUCTION What happened Where writes go now What still runs and costs money What to do next';
    const announcements = told.map((one, index) => (index === 0 ? { ...one, message } : one));
    const judge = (given: typeof announcements) =>
      telling.I16?.({ announcements: given, end: 'Green serves production' } as unknown as Evidence)?.broken;
    expect(judge(announcements)).toEqual([]);
    expect(judge(announcements.slice(1))).not.toEqual([]);
  });
});
