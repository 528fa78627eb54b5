import { describe, expect, it } from 'vitest';
import { findNothingToRehearse, requestOnCopy } from '../../../functions/domain/on-copy/copy-request.ts';
import { requestSchema } from '../../../functions/domain/request/request.ts';
import { request } from '../sample.ts';

const hook = (name: string) => ({
  arn: `arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-${name}`,
});
const copy = { rehearsal: 'arn', resourceId: 'db-COPY', seal: 'a' };

/** A request that names everything by which a run reaches production, its people or its application. */
const asked = request({
  approval: { groups: [{ name: 'dba' }] },
  window: { opensAt: '2026-12-01T02:00:00Z', closesAt: '2026-12-01T04:00:00Z' },
  bake: { minutes: 600, alarms: ['orders-errors'] },
  oldBlue: { deleteAfterDays: 3, fenceSecurityGroup: 'sg-0123456789abcdef0' },
  wayBack: {
    login: {},
    applicationRoles: ['app'],
    onFailure: 'go-back',
    endpoint: { kind: 'route53', hostedZoneId: 'Z1', recordName: 'orders.example.com' },
  },
  hooks: {
    changeGreen: hook('change'),
    testGreen: hook('test'),
    stopWrites: hook('stop'),
    resumeWrites: hook('resume'),
    verifyProduction: hook('verify'),
    handOver: hook('consumers'),
  },
  consumers: ['search'],
  readRamp: { hostedZoneId: 'Z1', recordName: 'readers.example.com' },
  requestSeal: 'a',
  ticket: 'CHG-1',
});
const onCopy = requestOnCopy(asked, { id: 'viridian-copy-orders-1234' }, copy);

describe('the request of the run on a copy', () => {
  it('names who asked for it, and has no field for what nobody asked', () => {
    const of = (more: object) => requestOnCopy(request(more), { id: 'copy' }, copy);
    expect(of({ requestedBy: 'Ada' }).requestedBy).toBe('Ada');
    expect(of({}).oldBlue).toEqual({ deleteAutomatedBackups: true });
    for (const name of ['requestedBy', 'ticket']) expect(of({})).not.toHaveProperty(name);
  });

  it('is one that a run accepts', () => {
    expect(requestSchema.safeParse(onCopy).success).toBe(true);
  });

  it('keeps what changes the database, and the tests of the user', () => {
    expect(onCopy).toMatchObject({
      target: asked.target,
      ticket: 'CHG-1',
      wayBack: { login: { user: 'viridian' }, applicationRoles: ['app'] },
      hooks: { changeGreen: hook('change'), testGreen: hook('test'), verifyProduction: hook('verify') },
    });
  });

  it('names nothing by which production or its application would be reached', () => {
    const text = JSON.stringify(onCopy);
    for (const name of [
      '"orders"',
      'orders-errors',
      'orders.example.com',
      'readers.example.com',
      'hook-stop',
      'hook-resume',
      'hook-consumers',
      'search',
      'dba',
    ])
      expect(text).not.toContain(name);
    expect(onCopy).toMatchObject({
      database: 'viridian-copy-orders-1234',
      copy,
      approval: { required: false },
    });
    expect(onCopy.bake).toEqual({ minutes: 60, metrics: [], alarms: [] });
    expect(onCopy.oldBlue).toEqual({
      deleteAutomatedBackups: true,
      fenceSecurityGroup: asked.oldBlue.fenceSecurityGroup,
    });
    expect(onCopy).not.toHaveProperty('window');
    expect(onCopy.oldBlue).not.toHaveProperty('deleteAfterDays');
  });
});

describe('what only production has', () => {
  const members = [{ member: 'orders-r1', instanceClass: 'db.r8g.large' }];

  it('is left out beside another change', () => {
    const both = request({ target: { engineVersion: '17.10', members }, adopt: 'bgd-1' });
    const onlyCopy = requestOnCopy(both, { id: 'viridian-copy-orders-1234' }, copy);
    expect(findNothingToRehearse(both)).toBeUndefined();
    expect(requestSchema.safeParse(onlyCopy).success).toBe(true);
    expect(onlyCopy.target).toEqual({ ...both.target, members: [] });
    expect(onlyCopy).not.toHaveProperty('adopt');
  });

  it.each([
    ['classes of single members', { target: { members } }],
    ['takes up a deployment (adopt)', { target: {}, adopt: 'bgd-1' }],
  ])('is refused alone: %s', (says, only) => {
    const nothing = findNothingToRehearse(requestSchema.parse({ database: 'orders', ...only }));
    expect(nothing).toMatch(/^target: .*which a copy does not have; name what/);
    expect(nothing).toContain(says);
  });

  it('does not keep a change by a hook from its rehearsal', () => {
    const hooked = { target: { members }, hooks: { changeGreen: hook('change') } };
    expect(findNothingToRehearse(request(hooked))).toBeUndefined();
  });
});
