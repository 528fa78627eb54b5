import { expect, test } from 'vitest';
import { judgeOwnership } from '../../../functions/domain/model/tags.ts';

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
