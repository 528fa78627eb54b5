import { describe, expect, it } from 'vitest';
import { recordAddressOf } from '../../../functions/domain/way-back/address.ts';
import type { StreamFacts } from '../../../functions/domain/way-back/facts.ts';
import { judgeStart } from '../../../functions/domain/way-back/start-budget.ts';
import { judgeStreams } from '../../../functions/domain/way-back/stream.ts';
import {
  findCloneObstacle,
  nextCloneStep,
  type RemovalOfClone,
} from '../../../functions/domain/way-back/target.ts';
import { clusterSide, executionArn, member } from '../sample.ts';

const clone = clusterSide({
  id: 'orders-way-back-1',
  resourceId: 'cluster-CLONE',
  members: [member('orders-way-back-1-1')],
});
const tags = { 'viridian:execution': executionArn };

describe('a clone is kept, and it is said why', () => {
  const removal: RemovalOfClone = {
    run: executionArn,
    found: { side: clone, tags },
    production: ['cluster-GREEN'],
    blue: 'cluster-BLUE',
    green: 'cluster-GREEN',
    open: false,
  };
  const named = (resourceId: string) => ({ side: { ...clone, resourceId }, tags });
  it.each<[when: string, more: Partial<RemovalOfClone>, because: string | undefined]>([
    ['nothing speaks against it', {}, undefined],
    [
      'the way back is open',
      { open: true },
      'the way back is not closed, and orders-way-back-1 is its target',
    ],
    [
      'it is blue itself',
      { found: named('cluster-BLUE') },
      'orders-way-back-1 is not a copy that a run has made',
    ],
    [
      'it is new production itself',
      { found: named('cluster-GREEN') },
      'orders-way-back-1 is not a copy that a run has made',
    ],
    [
      'it is of another run',
      { found: { side: clone, tags: { 'viridian:execution': 'run-2' } } },
      'orders-way-back-1 belongs to run-2',
    ],
    ['it is of nobody', { found: { side: clone, tags: {} } }, 'orders-way-back-1 belongs to somebody else'],
    [
      'production leads to nothing',
      { production: [] },
      'production leads to nothing, not to new production (cluster-GREEN)',
    ],
    [
      'one address leads elsewhere',
      { production: ['cluster-GREEN', 'cluster-CLONE'] },
      'production leads to cluster-CLONE, not to new production (cluster-GREEN)',
    ],
    [
      'new production is not known',
      { green: undefined },
      'production leads to cluster-GREEN, not to new production (not known)',
    ],
  ])('%s', (_, more, because) => {
    expect(findCloneObstacle({ ...removal, ...more })).toBe(because);
  });

  it.each([
    [
      'that is of another run',
      { side: clone, tags: { 'viridian:execution': 'run-2' } },
      'orders-way-back-1 belongs to run-2',
    ],
    ['that is of nobody', { side: clone, tags: {} }, 'orders-way-back-1 belongs to somebody else'],
    ['that is busy', { side: { ...clone, status: 'modifying' }, tags }, 'orders-way-back-1 is modifying'],
    ['without a status', { side: { ...clone, status: '' }, tags }, 'orders-way-back-1 is without a status'],
    ['without an address', { side: { ...clone, endpoint: '' }, tags }, 'orders-way-back-1 has no address'],
    ['that RDS has given up', { side: { ...clone, status: 'failed' }, tags }, 'orders-way-back-1 is failed'],
  ])('nothing more is made of one %s', (_, found, because) => {
    expect(nextCloneStep(executionArn, found)).toMatchObject({ because });
  });
});

describe('the stream of a database', () => {
  const stream: StreamFacts = {
    database: 'shop',
    slot: { active: true, walStatus: 'reserved', retainedBytes: 5_000, confirmed: '1/A0', lagBytes: 0 },
    subscription: { enabled: true, workerAlive: true, received: '1/A0', applyErrors: 0, tablesNotReady: 0 },
    beat: { sent: 8, arrived: 7, arrivedAgeSeconds: 15 },
  };
  const limits = { walBudgetBytes: 9_999, doubtSeconds: 120 };
  const sent = (database: string, count: number): StreamFacts => ({
    ...stream,
    database,
    beat: { ...stream.beat, sent: count },
  });
  const judge = (now: StreamFacts[], before: StreamFacts[]) =>
    judgeStreams(now, { streams: before, doubtSince: null }, limits, 0);

  it('is held against the beat of the same database', () => {
    expect(judge([stream], [sent('crm', 3), sent('shop', 8)])).toMatchObject({
      kind: 'doubtful',
      because: 'the last beat of shop has not arrived',
    });
    expect(judge([stream], [sent('crm', 9), sent('shop', 7)])).toEqual({ kind: 'whole' });
  });
  it('is in doubt while no beat was sent before', () => {
    expect(judge([stream], [sent('crm', 3)])).toMatchObject({
      kind: 'doubtful',
      because: 'no beat of shop was sent before',
    });
  });
  it('is in doubt where no beat has arrived, also before the first was sent', () => {
    const none = { ...stream, beat: { sent: 8, arrived: null, arrivedAgeSeconds: null } };
    expect(judge([none], [sent('shop', 0)])).toMatchObject({
      kind: 'doubtful',
      because: 'the last beat of shop has not arrived',
    });
  });
  it('keeps log by the slot that is furthest behind', () => {
    const behind = {
      ...stream,
      database: 'crm',
      slot: { ...stream.slot, retainedBytes: 20_000 },
    } as StreamFacts;
    expect(judge([stream, behind], [stream, behind]).kind).toBe('broken');
  });
});

describe('another start of going back is told', () => {
  const now = Date.parse('2026-11-29T03:00:00Z');
  const held = (from: number, to: number) => ({
    executionArn: 'arn',
    since: now - from * 60_000,
    until: now - to * 60_000,
  });
  it.each([
    [
      'after one',
      [held(25, 5)],
      'in the last hour 1 execution that goes back has kept everybody from writing for 20 minutes, and 20 is the most; start again from 2026-11-29T03:36:00.000Z on',
    ],
    [
      'after two',
      [held(50, 40), held(25, 10)],
      'in the last hour 2 executions that go back have kept everybody from writing for 25 minutes, and 20 is the most; start again from 2026-11-29T03:16:00.000Z on',
    ],
    [
      'after a short one',
      [held(3, 1)],
      'the last execution that went back opened new production 60 s ago; start again from 2026-11-29T03:01:00.000Z on',
    ],
  ])('%s', (_, before, because) => {
    expect(judgeStart(before, now)).toEqual({ kind: 'no', because });
  });
  it('may begin two minutes after a short one', () => {
    expect(judgeStart([held(4, 2)], now)).toEqual({ kind: 'ready', facts: null });
  });
});

describe('a record by which applications come', () => {
  const whole = { kind: 'route53', hostedZoneId: 'Z1', recordName: 'a.example.com' };
  it.each<[what: string, endpoint: unknown, known: boolean]>([
    ['a whole one', whole, true],
    ['one of another kind', { ...whole, kind: 'rename' }, false],
    ['one without its zone', { ...whole, hostedZoneId: undefined }, false],
    ['one whose zone is no text', { ...whole, hostedZoneId: 7 }, false],
    ['one without its name', { ...whole, recordName: undefined }, false],
    ['one whose name is no text', { ...whole, recordName: ['a.example.com'] }, false],
    ['none', null, false],
  ])('%s', (_, endpoint, known) => {
    expect(recordAddressOf({ wayBack: { endpoint } }) !== undefined).toBe(known);
  });
});
