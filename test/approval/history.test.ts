import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { collect } from '../../functions/aws/step-functions/approval-history.ts';
import { raisedElsewhere } from '../../functions/domain/model/errors.ts';

const event = (type: string, details: Partial<HistoryEvent> = {}) => ({ type, ...details }) as HistoryEvent;

const asked = (group: string, occasion = 'ask') =>
  event('TaskSucceeded', {
    taskSucceededEventDetails: {
      resourceType: 'lambda',
      resource: 'invoke',
      output: JSON.stringify({
        Payload: { kind: 'asked', occasion, group, at: '', evidence: [], state: [] },
      }),
    },
  });
const looked = (group: string, at: string) =>
  event('TaskSubmitted', {
    taskSubmittedEventDetails: {
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      output: JSON.stringify({ Payload: { kind: 'looked', group, at } }),
    },
  });

/** Reads a history that is written oldest first, as people read it. */
async function read(events: HistoryEvent[]) {
  async function* backwards() {
    yield* events.toReversed();
  }
  return collect(backwards(), 'dba');
}

describe('the question of a group in a history', () => {
  it('has the looks of its group, newest first, and none from before it was asked', async () => {
    const { looks, closed, ended } = await read([
      looked('dba', 'earlier'),
      asked('dba'),
      looked('owners', 'other'),
      looked('dba', 'first'),
      asked('dba', 'remind'),
      looked('dba', 'second'),
    ]);
    expect(looks.map(({ at }) => at)).toEqual(['second', 'first']);
    expect({ closed, ended }).toEqual({ closed: false, ended: false });
  });

  it('is closed when the Map has ended, and ended with the run', async () => {
    expect(await read([asked('dba'), event('MapStateFailed')])).toMatchObject({ closed: true, ended: false });
    expect(await read([asked('dba'), event('ExecutionAborted')])).toMatchObject({
      closed: true,
      ended: true,
    });
  });

  it('is open again after a redrive', async () => {
    const history = [
      asked('dba'),
      event('MapStateAborted'),
      event('ExecutionAborted'),
      event('ExecutionRedriven'),
    ];
    expect(await read(history)).toMatchObject({ closed: false, ended: false });
    expect(await read([...history, event('ExecutionFailed')])).toMatchObject({ closed: true, ended: true });
  });

  it('knows who asked the run to stop', async () => {
    const stop = event('TaskFailed', {
      timestamp: new Date(0),
      taskFailedEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke.waitForTaskToken',
        error: raisedElsewhere.stopRequested,
        cause: 'Alice',
      },
    });
    expect((await read([asked('dba'), stop])).stop).toEqual({
      because: 'Alice',
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('is not found past 5,000 events', async () => {
    const far = [asked('dba'), ...Array.from({ length: 5_000 }, () => event('TaskStarted'))];
    expect((await read(far)).asked).toBeUndefined();
    expect((await read(far.slice(0, -1))).asked).toBeDefined();
  });

  it('is not disturbed by outputs that are no JSON, or no object', async () => {
    const odd = ['no JSON', 'null', '7', '[]', '"asked"'].map((output) =>
      event('TaskSucceeded', {
        taskSucceededEventDetails: { resourceType: 'lambda', resource: 'invoke', output },
      }),
    );
    expect((await read([asked('dba'), ...odd])).asked).toBeDefined();
  });
});
