import { expect, it } from 'vitest';
import { describeStack } from '../../deploy/stack.ts';
import { defaultParams } from './default-settings.ts';

const dataKey = 'arn:aws:kms:eu-west-1:111122223333:key/0d0d0d0d-0e0e-0f0f-0a0a-0b0b0b0b0b0b';
const { Resources } = describeStack({
  ...defaultParams,
  dataKey,
  databases: 'orders,stock',
  tags: 'owner=dba',
}).resources;

it('has no data under a key of ours where the company gives one', () => {
  const keys = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::KMS::Key');
  expect(keys.map(([id]) => id).sort()).toEqual(['DecisionKey', 'EvidenceKey', 'LinkKey', 'RehearsalKey']);
  expect(JSON.stringify(Resources)).not.toMatch(/"(MachineKey|MessagesKey|LogsKey)"/);
  for (const [id, { Type, Properties }] of Object.entries(Resources))
    if (Type === 'AWS::Logs::LogGroup') expect(Properties?.KmsKeyId, id).toBe(dataKey);
});

it('lets green be built of the named databases only', () => {
  const role = JSON.stringify(Resources.CreateGreenRole);
  const create =
    /"rds:CreateBlueGreenDeployment"\],"Resource":\[[^\]]*:db:orders[^\]]*\]/.exec(role)?.[0] ?? '';
  for (const kind of ['db', 'cluster'])
    for (const name of ['orders', 'stock']) expect(create).toContain(`:${kind}:${name}"`);
  expect(create).not.toContain(':*');
});
