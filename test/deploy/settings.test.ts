import { describe, expect, it } from 'vitest';
import { readSettings } from '../../deploy/settings.ts';
import { defaultParams } from './default-settings.ts';

const settings = (params: Partial<typeof defaultParams>) => readSettings({ ...defaultParams, ...params });

describe('settings', () => {
  it('send the questions to whoever gets the outcomes, unless approvers are named', () => {
    expect(settings({ email: 'ops@example.com' }).approvers).toEqual(['ops@example.com']);
    expect(
      settings({ email: 'ops@example.com', approvers: 'a@example.com, b@example.com' }).approvers,
    ).toEqual(['a@example.com', 'b@example.com']);
  });

  it.each(['hooks', 'my-hook', 'dev'])(
    'take the stage %s, whose functions nobody can take for hooks',
    (stage) => {
      expect(settings({ stage }).prefix).toBe(`viridian-${stage}`);
      expect(`viridian-${stage}-notify`).not.toMatch(/^viridian-hook-/);
    },
  );

  it('take databases by name or by tag, and tags', () => {
    expect(settings({ databases: 'orders, stock' }).databases).toEqual({ names: ['orders', 'stock'] });
    expect(settings({ databases: 'tag:viridian=yes' }).databases).toEqual({
      tag: { key: 'viridian', value: 'yes' },
    });
    expect(settings({}).databases).toBeUndefined();
    expect(settings({ tags: 'owner=dba,cost=' }).tags).toEqual({ owner: 'dba', cost: '' });
  });

  it('gather the records of a hosted zone', () => {
    expect(
      settings({ wayBackRecords: 'Z1A/a.example.com, Z2B/b.example.org,Z1A/c.example.com' }),
    ).toMatchObject({
      wayBackRecords: [
        { hostedZoneId: 'Z1A', names: ['a.example.com', 'c.example.com'] },
        { hostedZoneId: 'Z2B', names: ['b.example.org'] },
      ],
    });
  });

  it.each([
    ['email', { email: 'ops' }],
    ['approvers', { approvers: 'a@example.com,b' }],
    ['stage', { stage: 'Prod_1' }],
    ['stage', { stage: 'hook' }],
    ['stage', { stage: 'hook-a' }],
    ['logDays', { logDays: '91' }],
    ['approvalAlarmHours', { approvalAlarmHours: 'soon' }],
    ['startFromAccounts', { startFromAccounts: '123' }],
    ['wayBackRecords', { wayBackRecords: 'orders-db.example.com' }],
    ['wayBackRecords', { wayBackRecords: 'Z1ABC/Orders-DB.example.com.' }],
    ['readRampRecords', { readRampRecords: 'orders-readers.example.com' }],
    ['loadStatements', { loadStatements: 'orders-tests/*' }],
    ['permissionsBoundary', { permissionsBoundary: 'boundary' }],
    ['rolePath', { rolePath: 'databases' }],
    ['tags', { tags: 'owner' }],
    ['tags', { tags: 'aws:owner=dba' }],
    ['dataKey', { dataKey: 'alias/company' }],
    ['databases', { databases: 'Orders DB' }],
    ['databases', { databases: 'tag:viridian' }],
    ['subnets and securityGroups', { subnets: 'subnet-1' }],
    ['domain and certificate', { domain: 'approvals.example.com' }],
    ['jwtIssuer and jwtAudience', { jwtAudience: 'viridian' }],
  ])('name %s when it is malformed', (name, params) => {
    expect(() => settings(params)).toThrow(name);
  });
});
