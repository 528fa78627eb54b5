import { expect, test } from 'vitest';
import { type AfterCut, judgeProduction } from '../../../functions/domain/cut/verification.ts';
import type { Side } from '../../../functions/domain/model/deployment.ts';

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

test.each([
  ['a whole cut', {}, 'ready'],
  ['a production name that leads to a stranger', { production: 'db-NEW' }, 'no'],
  ['a production name that leads to old blue', { production: 'db-BLUE' }, 'no'],
  ['a member that failed', { record: pairs('SWITCHOVER_FAILED') }, 'no'],
  ['a member that is missing', { record: pairs('MISSING_TARGET') }, 'no'],
  ['an old blue that has the production name', { oldBlue: side('orders', 'db-BLUE') }, 'no'],
  ['no production name', { production: undefined }, 'not-yet'],
  ['no record', { record: undefined }, 'not-yet'],
  [
    'a switchover that still runs',
    { record: { ...pairs('SWITCHOVER_COMPLETED'), status: 'SWITCHOVER_IN_PROGRESS' } },
    'not-yet',
  ],
  ['a member that still moves', { record: pairs('SWITCHOVER_IN_PROGRESS') }, 'not-yet'],
  ['a status that nobody knows', { record: pairs('RESTING') }, 'not-yet'],
  ['a green that is not listed', { green: undefined }, 'not-yet'],
  ['an old blue that is not listed', { oldBlue: undefined }, 'not-yet'],
  ['a green that is busy', { green: side('orders', 'db-GREEN', { status: 'rebooting' }) }, 'not-yet'],
  ['another version', { green: side('orders', 'db-GREEN', { engineVersion: '16.14' }) }, 'not-yet'],
])('%s', (_, change, kind) => {
  expect(judgeProduction({ ...whole, ...change }).kind).toBe(kind);
});
