import { expect, test } from 'vitest';
import { type AfterCut, judgeProduction } from '../../../functions/domain/cut/verification.ts';
import type { Side } from '../../../functions/domain/model/deployment.ts';
import { member } from '../sample.ts';
import { seenOf } from '../seen.ts';

const side = (id: string, resourceId: string, fields: Partial<Side> = {}): Side => ({
  id,
  arn: `arn:${id}`,
  resourceId,
  status: 'available',
  engineVersion: '17.10',
  endpoint: `${id}:5432`,
  parameterGroup: 'g',
  storageGiB: 100,
  maxStorageGiB: null,
  backupRetentionDays: 7,
  deletionProtection: false,
  replicas: [],
  members: [],
  ...fields,
});

const whole: AfterCut = {
  database: {
    kind: 'instance',
    id: 'orders',
    arn: 'arn:orders',
    engine: 'postgres',
    account: '1',
    region: 'r',
  },
  engineVersion: '17.10',
  production: 'db-GREEN',
  expected: 'db-GREEN',
  green: side('orders', 'db-GREEN'),
  oldBlue: side('orders-old1', 'db-BLUE', { engineVersion: '16.14' }),
  record: { status: 'SWITCHOVER_COMPLETED', pairs: [{ source: 'orders', status: 'SWITCHOVER_COMPLETED' }] },
};
const pairs = (status: string) => ({ status: 'SWITCHOVER_COMPLETED', pairs: [{ source: 'orders', status }] });

test('a whole cut is ready, with the sides that were read', () => {
  const { green, oldBlue } = whole;
  expect(judgeProduction(whole)).toEqual({ kind: 'ready', facts: { green, oldBlue } });
});

test.each<[when: string, change: Partial<AfterCut>, kind: 'no' | 'not-yet', because: string]>([
  [
    'a production name that leads to a stranger',
    { production: 'db-NEW' },
    'no',
    'orders leads to db-NEW, not to the former green (db-GREEN)',
  ],
  [
    'a production name that leads to old blue',
    { production: 'db-BLUE' },
    'no',
    'orders leads to db-BLUE, not to the former green (db-GREEN)',
  ],
  [
    'a member that failed',
    { record: pairs('SWITCHOVER_FAILED') },
    'no',
    'orders was not switched with the others (SWITCHOVER_FAILED)',
  ],
  [
    'a member that is missing',
    { record: pairs('MISSING_TARGET') },
    'no',
    'orders was not switched with the others (MISSING_TARGET)',
  ],
  [
    'an old blue that has the production name',
    { oldBlue: side('orders', 'db-BLUE') },
    'no',
    'old blue (db-BLUE) still has the name orders',
  ],
  ['no production name', { production: undefined }, 'not-yet', 'nothing has the name orders just now'],
  ['no record', { record: undefined }, 'not-yet', 'RDS does not list the deployment just now'],
  [
    'a switchover that still runs',
    { record: { ...pairs('SWITCHOVER_COMPLETED'), status: 'SWITCHOVER_IN_PROGRESS' } },
    'not-yet',
    'the deployment is SWITCHOVER_IN_PROGRESS',
  ],
  [
    'a member that still moves',
    { record: pairs('SWITCHOVER_IN_PROGRESS') },
    'not-yet',
    'the pair of orders is SWITCHOVER_IN_PROGRESS',
  ],
  ['a status that nobody knows', { record: pairs('RESTING') }, 'not-yet', 'the pair of orders is RESTING'],
  [
    'a green that is not listed',
    { green: undefined },
    'not-yet',
    'the former green is not listed by its resource id',
  ],
  [
    'an old blue that is not listed',
    { oldBlue: undefined },
    'not-yet',
    'old blue is not listed by its resource id',
  ],
  [
    'a green that is busy',
    { green: side('orders', 'db-GREEN', { status: 'rebooting' }) },
    'not-yet',
    'orders is rebooting',
  ],
  [
    'another version',
    { green: side('orders', 'db-GREEN', { engineVersion: '16.14' }) },
    'not-yet',
    'orders runs 16.14, wanted is 17.10',
  ],
  [
    'a reader of another version',
    { green: side('orders', 'db-GREEN', { members: [member('orders-reader', { engineVersion: '16.14' })] }) },
    'not-yet',
    'orders-reader runs 16.14, wanted is 17.10',
  ],
])('%s', (_, change, kind, because) => {
  const verdict = judgeProduction({ ...whole, ...change });
  expect(verdict.kind).toBe(kind);
  expect(verdict.kind !== 'ready' && seenOf(verdict)).toBe(because);
  expect(verdict.kind === 'not-yet' && verdict.because === because).toBe(false);
});
