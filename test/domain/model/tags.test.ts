import { describe, expect, it, test } from 'vitest';
import * as tags from '../../../functions/domain/model/tags.ts';

const { judgeOwnership } = tags;

const run = { executionArn: 'run-1', source: 'arn:orders' };
const record = { id: 'bgd-1', source: 'arn:orders', tags: { 'viridian:execution': 'run-1' } };

/** A deployment that stands under our name; the request's "adopt"; whose it is. */
test.each([
  ['of this run', record, undefined, 'ours'],
  ['of this run, and to be adopted', record, 'bgd-1', 'ours'],
  ['of another run', { ...record, tags: { 'viridian:execution': 'run-2' } }, undefined, 'foreign'],
  [
    'of another run, and to be adopted',
    { ...record, tags: { 'viridian:execution': 'run-2' } },
    'bgd-1',
    'to-adopt',
  ],
  ['of nobody', { ...record, tags: {} }, undefined, 'foreign'],
  ['of nobody, and another one is to be adopted', { ...record, tags: {} }, 'bgd-2', 'foreign'],
  ['of this run, but for another database', { ...record, source: 'arn:invoices' }, undefined, 'foreign'],
  [
    'to be adopted, but for another database',
    { ...record, source: 'arn:invoices', tags: {} },
    'bgd-1',
    'foreign',
  ],
])('a deployment %s', (_, found, adopt, kind) => {
  expect(judgeOwnership(found, { ...run, ...(adopt && { adopt }) }).kind).toBe(kind);
});

/** Roles of people, budgets and scripts filter by them, and the tags of open runs are read again by the next version. */
test.each([
  [tags.executionTag, 'viridian:execution'],
  [tags.sweepableTag, 'viridian:sweepable'],
  [tags.removableTag, 'viridian:removable'],
  [tags.greenTag, 'viridian:green'],
  [tags.sideTag, 'viridian:side'],
  [tags.goingBackTag, 'viridian:going-back'],
  [tags.wayBackTag, 'viridian:way-back'],
  [tags.databaseTag, 'viridian:database'],
  [tags.copyTag, 'viridian:copy'],
])('the tag %s keeps its name', (tag, name) => {
  expect(tag).toBe(name);
});

describe('the value of a tag', () => {
  it.each([
    'arn:aws:states:eu-west-1:111122223333:execution:viridian:orders-1',
    'Aufträge 2026',
    'a_b.c/d=e+f-g@h',
    '',
    'x'.repeat(256),
  ])('may be "%s"', (value) => {
    expect(tags.tagValuePattern.test(value)).toBe(true);
  });
  it.each(['orders#1', '#orders', 'orders!', 'a, b', 'a*', 'x'.repeat(257)])('may not be "%s"', (value) => {
    expect(tags.tagValuePattern.test(value)).toBe(false);
  });
});
