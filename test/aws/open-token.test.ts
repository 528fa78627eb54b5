import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { type OpenToken, openTokens } from '../../functions/aws/step-functions/open-token.ts';

/** Writes a history as Step Functions does: every event has a number and names the one before it in its branch. */
class History {
  readonly events: HistoryEvent[] = [];

  add(type: HistoryEvent['type'], previousEventId: number, details: Partial<HistoryEvent> = {}): number {
    const id = this.events.length + 1;
    const timestamp = new Date(1_700_000_000_000 + id * 1_000);
    this.events.push({ id, previousEventId, type, timestamp, ...details });
    return id;
  }

  /** Scheduled, started and submitted, as one attempt of a waiting state is. */
  attempt(
    previous: number,
    token: string,
    payload: object = {},
    answer: object = { kind: 'not-yet' },
  ): number {
    const Payload = { state: 'Wait for green', kind: 'wait', group: null, token, ...payload };
    const scheduled = this.add('TaskScheduled', previous, {
      taskScheduledEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke.waitForTaskToken',
        region: 'eu-west-1',
        parameters: JSON.stringify({ FunctionName: 'look', Payload }),
      },
    });
    const started = this.add('TaskStarted', scheduled);
    return this.add('TaskSubmitted', started, {
      taskSubmittedEventDetails: {
        resourceType: 'lambda',
        resource: 'invoke.waitForTaskToken',
        output: JSON.stringify({ StatusCode: 200, Payload: answer }),
      },
    });
  }
}

async function openIn(history: History): Promise<string[]> {
  return (await tokensIn(history)).map(({ token }) => token);
}

async function tokensIn(history: History): Promise<OpenToken[]> {
  const found: OpenToken[] = [];
  for await (const token of openTokens(backwards(history))) found.push(token);
  return found;
}

async function* backwards(history: History): AsyncGenerator<HistoryEvent> {
  yield* history.events.toReversed();
}

function startedRun(): { history: History; entered: number } {
  const history = new History();
  const start = history.add('ExecutionStarted', 0);
  return { history, entered: history.add('TaskStateEntered', start) };
}

test('the attempt that waits is open, with its state, its time and what its look said', async () => {
  const { history, entered } = startedRun();
  history.attempt(
    entered,
    'first',
    { deployment: { id: 'bgd-1' } },
    { kind: 'not-yet', because: 'building' },
  );

  const tokens = await tokensIn(history);

  expect(tokens).toMatchObject([
    {
      token: 'first',
      state: 'Wait for green',
      kind: 'wait',
      group: null,
      scheduledAt: 1_700_000_003_000,
      parameters: { deployment: { id: 'bgd-1' } },
      answer: { kind: 'not-yet', because: 'building' },
    },
  ]);
});

test('an attempt that has only been scheduled is open', async () => {
  const { history, entered } = startedRun();
  history.attempt(entered, 'first');
  history.events.splice(-2);

  expect(await openIn(history)).toEqual(['first']);
});

test.each(['TaskSucceeded', 'TaskFailed', 'TaskTimedOut', 'TaskStateAborted'] as const)(
  'an attempt is closed by %s',
  async (end) => {
    const { history, entered } = startedRun();
    history.add(end, history.attempt(entered, 'first'));

    expect(await openIn(history)).toEqual([]);
  },
);

test('after a tick only the new attempt is open', async () => {
  const { history, entered } = startedRun();
  const timedOut = history.add('TaskTimedOut', history.attempt(entered, 'first'));
  const choice = history.add('ChoiceStateEntered', history.add('TaskStateExited', timedOut));
  const again = history.add('TaskStateEntered', history.add('ChoiceStateExited', choice));
  history.attempt(again, 'second');

  expect(await openIn(history)).toEqual(['second']);
});

test('after a retry only the new attempt is open', async () => {
  const { history, entered } = startedRun();
  const failed = history.add('TaskFailed', history.attempt(entered, 'first'));
  history.attempt(failed, 'second');

  expect(await openIn(history)).toEqual(['second']);
});

test('the groups of an approval are open side by side, whatever the order of their events', async () => {
  const { history, map } = approvalOfTwoGroups();
  const first = history.attempt(map.first, 'dba-1', { kind: 'approval', group: 'dba' });
  history.attempt(map.second, 'app-1', { kind: 'approval', group: 'app' });
  const timedOut = history.add('TaskTimedOut', first);
  history.attempt(timedOut, 'dba-2', { kind: 'approval', group: 'dba' });

  expect((await openIn(history)).toSorted()).toEqual(['app-1', 'dba-2']);
});

test('a Map that failed takes the open attempts of its other groups with it', async () => {
  const { history, map } = approvalOfTwoGroups();
  history.attempt(map.first, 'dba-1', { kind: 'approval', group: 'dba' });
  const denied = history.add(
    'TaskSucceeded',
    history.attempt(map.second, 'app-1', { kind: 'approval', group: 'app' }),
  );
  const failed = history.add('MapStateFailed', history.add('MapIterationFailed', denied));
  history.add('TaskStateEntered', failed);

  expect(await openIn(history)).toEqual([]);
});

test.each(['ExecutionSucceeded', 'ExecutionFailed', 'ExecutionAborted', 'ExecutionTimedOut'] as const)(
  'nothing is open after %s',
  async (end) => {
    const { history, entered } = startedRun();
    history.attempt(entered, 'first');
    history.add(end, 0);

    expect(await openIn(history)).toEqual([]);
  },
);

test('a redriven run shows the token of its new attempt and not the one before it failed', async () => {
  const { history, entered } = startedRun();
  history.attempt(entered, 'before');
  history.add('ExecutionAborted', 0);
  history.attempt(history.add('ExecutionRedriven', 0), 'after');

  expect(await openIn(history)).toEqual(['after']);
});

test('a plain task and the callback of a hook are not ours to answer', async () => {
  const { history, entered } = startedRun();
  history.attempt(entered, 'hook', { state: undefined, kind: undefined });
  const plain = history.attempt(entered, 'plain');
  const scheduled = history.events[plain - 3];
  if (scheduled?.taskScheduledEventDetails) scheduled.taskScheduledEventDetails.resource = 'invoke';

  expect(await openIn(history)).toEqual([]);
});

function approvalOfTwoGroups() {
  const { history, entered } = startedRun();
  const map = history.add('MapStateStarted', history.add('MapStateEntered', entered));
  const first = history.add('TaskStateEntered', history.add('MapIterationStarted', map));
  const second = history.add('TaskStateEntered', history.add('MapIterationStarted', map));
  return { history, map: { first, second } };
}
