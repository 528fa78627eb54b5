import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../functions/aws/step-functions/executions.ts';
import { collectRunHistory } from '../../functions/aws/step-functions/run-history.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import { measureGap, measurePhases, measureRun } from '../../functions/events/run-metrics.ts';
import { useLogSink } from '../../functions/runtime/log.ts';

const start = Date.UTC(2026, 10, 21, 12);
const at = (seconds: number) => new Date(start + seconds * 1000);

/** A history of states, each entered so many seconds after the start and answered when a second number is given. */
function history(...states: [name: StateName, entered: number, answered?: number][]): HistoryEvent[] {
  let id = 0;
  return states.flatMap(([name, entered, answered]) => {
    const events: HistoryEvent[] = [
      { id: ++id, type: 'TaskStateEntered', timestamp: at(entered), stateEnteredEventDetails: { name } },
    ];
    if (answered !== undefined)
      events.push({ id: ++id, previousEventId: id - 1, type: 'TaskSucceeded', timestamp: at(answered) });
    return events;
  });
}

const run: Run = {
  executionArn: 'arn:aws:states:eu-west-1:111122223333:execution:machine:run-1',
  machineVersion: undefined,
  status: 'SUCCEEDED',
  startedAt: at(0).toISOString(),
  endedAt: start + 1_000_000,
  error: undefined,
  cause: undefined,
  input: undefined,
};

const wholeRun = history(
  ['Accept the request', 0],
  ['Create green', 10],
  ['Find the next window', 310],
  ['Start switchover', 900],
  ['Find production side', 940, 945],
  ['Verify production', 950],
  ['Release the deployment record', 980],
  ['Green serves production', 1000],
);

describe('phases', () => {
  it('last from their first state to the first state of the next', () => {
    expect(measurePhases(collectRunHistory(wholeRun), run)).toEqual([
      { phase: 'Accept', seconds: 10 },
      { phase: 'Build', seconds: 300 },
      { phase: 'Hold', seconds: 590 },
      { phase: 'Cut', seconds: 50 },
      { phase: 'Prove', seconds: 30 },
      { phase: 'Close', seconds: 20 },
    ]);
  });

  it('say nothing when they were not gone through', () => {
    const stopped = collectRunHistory(wholeRun.slice(0, 3));
    expect(measurePhases(stopped, { ...run, status: 'ABORTED' }).map(({ phase }) => phase)).toEqual([
      'Accept',
      'Build',
    ]);
  });
});

describe('the gap', () => {
  it('lasts from the call to the proof of the serving side', () => {
    expect(measureGap(collectRunHistory(wholeRun))).toEqual([
      { name: 'WriteGapSeconds', value: 45, unit: 'Seconds' },
    ]);
  });

  it('lasts from the hold to the end of the hold when a hook holds the writes', () => {
    const held = history(
      ['Stop writes', 100, 102],
      ['Start switchover', 103],
      ['Find production side', 140, 141],
      ['Resume writes', 142, 147],
      ['Verify production', 148],
    );
    expect(measureGap(collectRunHistory(held))).toEqual([
      { name: 'WriteGapSeconds', value: 47, unit: 'Seconds' },
    ]);
  });

  it('is not measured where no cut was made', () => {
    const back = history(
      ['Start switchover', 100],
      ['Find production side', 140, 141],
      ['Record outcome', 150],
    );
    expect(measureGap(collectRunHistory(back))).toEqual([]);
  });
});

describe('what CloudWatch reads', () => {
  const lines: string[] = [];
  beforeEach(() => useLogSink((line) => lines.push(line)));
  afterEach(() => {
    useLogSink(undefined);
    lines.length = 0;
  });

  it('are lines in the embedded metric format with at most one dimension', () => {
    measureRun(
      'arn:aws:states:eu-west-1:111122223333:stateMachine:machine',
      run,
      collectRunHistory(wholeRun),
    );
    const metrics = lines.map((line) => JSON.parse(line));
    expect(metrics).toHaveLength(8);
    for (const { _aws, ...values } of metrics) {
      const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
      expect(Namespace).toBe('Viridian/machine');
      expect(Dimensions[0].length).toBeLessThanOrEqual(1);
      for (const { Name } of Metrics) expect(values[Name]).toBeTypeOf('number');
      for (const name of Dimensions[0]) expect(values[name]).toBeTypeOf('string');
    }
    expect(metrics[0]).toMatchObject({ Runs: 1, End: 'Green serves production' });
  });

  it('name the end of a run that had none', () => {
    const stopped = { ...run, status: 'ABORTED' as const };
    measureRun(
      'arn:aws:states:eu-west-1:111122223333:stateMachine:machine',
      stopped,
      collectRunHistory(wholeRun),
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ End: 'Aborted' });
  });
});
