import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSides } from '../../../functions/domain/build/parity.ts';
import { describeChangedPlan, describeChanges, planHash } from '../../../functions/domain/build/plan-hash.ts';
import type { Member, Side } from '../../../functions/domain/model/deployment.ts';
import { arnOf, blueSide, greenSide, member, request } from '../sample.ts';

const target = { engineVersion: '17.10', parameterGroup: 'orders-17' };
const greenMember = (more: Partial<Member> = {}) =>
  member('orders-green-abc123', {
    engineVersion: '17.10',
    parameterGroup: 'orders-17',
    resourceId: 'db-GREEN',
    ...more,
  });
const greenWith = (more: Partial<Member>) => greenSide({ members: [greenMember(more)] });

describe('is green what was asked for?', () => {
  it('the wanted differences go before the approvers', () => {
    expect(compareSides('postgres', request({ target }), blueSide(), greenSide())).toEqual({
      declared: [
        'orders-green-abc123 runs 17.10, blue runs 16.9, wanted is 17.10',
        'orders-green-abc123 has the parameter group orders-17, orders has orders-16, wanted is orders-17',
      ],
      undeclared: [],
    });
  });

  it('nothing differs when nothing was asked for', () => {
    const green = greenSide({
      engineVersion: '16.9',
      parameterGroup: 'orders-16',
      members: [greenMember({ engineVersion: '16.9', parameterGroup: 'orders-16' })],
    });
    expect(
      compareSides('postgres', request({ target: { storage: { allocatedGiB: 100 } } }), blueSide(), green),
    ).toEqual({
      declared: [],
      undeclared: [],
    });
  });

  it.each<[when: string, green: Side, field: string]>([
    ['another version', greenSide({ engineVersion: '17.9' }), 'engineVersion'],
    ['a member of another version', greenWith({ engineVersion: '17.9' }), 'engineVersion'],
    ['another group', greenSide({ parameterGroup: 'stray' }), 'parameterGroup'],
    [
      'a group that is not in effect',
      greenWith({ parameterGroupStatus: 'pending-reboot' }),
      'parameterGroupStatus',
    ],
    [
      'a member too many',
      greenSide({ members: [greenMember(), greenMember({ id: 'x', role: 'reader' })] }),
      'members',
    ],
    ['no member', greenSide({ members: [] }), 'members'],
    ['another class', greenWith({ instanceClass: 'db.t4g.micro' }), 'instanceClass'],
    ['no standby', greenWith({ multiAz: false }), 'multiAz'],
    ['a reader for a writer', greenWith({ role: 'reader' }), 'role'],
    ['less storage', greenSide({ storageGiB: 99 }), 'storageGiB'],
    ['unknown storage', greenSide({ storageGiB: null }), 'storageGiB'],
    ['other backups', greenSide({ backupRetentionDays: 1 }), 'backupRetentionDays'],
    ['other protection', greenSide({ deletionProtection: true }), 'deletionProtection'],
  ])('%s is not', (_when, green, field) => {
    const { undeclared } = compareSides('postgres', request({ target }), blueSide(), green);
    expect(undeclared.map((sentence) => sentence.split(':')[0])).toEqual([field]);
  });

  it.each<[what: string, allowed: string, green: Side]>([
    ['allowed backups', 'backupRetentionDays', greenSide({ backupRetentionDays: 1 })],
    ['an allowed class', 'instanceClass', greenWith({ instanceClass: 'db.t4g.micro' })],
  ])('%s are declared', (_what, field, green) => {
    const allowing = request({ target, tests: { allowDifferences: [field] } });
    expect(compareSides('postgres', allowing, blueSide(), green).undeclared).toEqual([]);
  });

  it.each(['engineVersion', 'parameterGroupStatus'])('%s cannot be allowed away', (field) => {
    const allowing = request({ target, tests: { allowDifferences: [field] } });
    const green = greenSide({
      engineVersion: '17.9',
      members: [greenMember({ engineVersion: '17.9', parameterGroupStatus: '' })],
    });
    const { undeclared } = compareSides('postgres', allowing, blueSide(), green);
    expect(undeclared.some((sentence) => sentence.startsWith(`${field}:`))).toBe(true);
  });

  it('a wanted class and more storage are wanted; a reader keeps its class', () => {
    const bigger = request({
      target: { ...target, instanceClass: 'db.r7g.xlarge', storage: { allocatedGiB: 200 } },
    });
    const reader = { id: 'r', arn: arnOf('r'), role: 'reader' as const, multiAz: false };
    const blue = blueSide({ members: [member('orders'), member('r', reader)] });
    const green = greenSide({
      storageGiB: 200,
      members: [greenMember({ instanceClass: 'db.r7g.xlarge' }), greenMember(reader)],
    });
    expect(compareSides('postgres', bigger, blue, green).undeclared).toEqual([]);
    const both = green.members.map((one) => ({ ...one, instanceClass: 'db.r7g.xlarge' }));
    expect(compareSides('postgres', bigger, blue, { ...green, members: both }).undeclared).toEqual([
      'instanceClass: r is a db.r7g.xlarge, r is a db.r7g.large, wanted is db.r7g.large',
    ]);
  });

  it('over a major version without a group, the default of the new one is what RDS gives', () => {
    const bare = request({ target: { engineVersion: '17.10' } });
    const group = 'default.postgres17';
    const green = greenSide({ parameterGroup: group, members: [greenMember({ parameterGroup: group })] });
    expect(compareSides('postgres', bare, blueSide(), green).undeclared).toEqual([]);
    expect(compareSides('postgres', bare, blueSide(), greenSide()).undeclared).toHaveLength(1);
  });
});

describe('the digest of the plan', () => {
  const plan = (blue = blueSide(), green = greenSide(), deploymentId = 'bgd-1') => ({
    deploymentId,
    blue,
    green,
  });
  const hash = planHash(plan());

  it('does not depend on the order of members or of fields, nor on what comes and goes', () => {
    const members = ['a', 'b', 'c', 'd'].map((id) => member(id));
    fc.assert(
      fc.property(fc.shuffledSubarray(members, { minLength: 4 }), fc.boolean(), (shuffled, turned) => {
        const side = blueSide({ members: shuffled });
        const entries = Object.entries({ ...side, status: 'modifying', endpoint: 'elsewhere:1' });
        const blue = Object.fromEntries(turned ? entries.reverse() : entries) as unknown as Side;
        expect(planHash(plan(blue))).toBe(planHash(plan(blueSide({ members }))));
      }),
    );
  });

  it.each<[what: string, changed: ReturnType<typeof plan>]>([
    ['the deployment', plan(blueSide(), greenSide(), 'bgd-2')],
    ['blue itself', plan(blueSide({ resourceId: 'db-OTHER' }))],
    ['green itself', plan(blueSide(), greenSide({ resourceId: 'db-OTHER' }))],
    ["blue's version", plan(blueSide({ engineVersion: '16.10' }))],
    ["green's version", plan(blueSide(), greenSide({ engineVersion: '17.11' }))],
    ['the parameter group', plan(blueSide(), greenSide({ parameterGroup: 'stray' }))],
    ['the class', plan(blueSide(), greenWith({ instanceClass: 'db.t4g.micro' }))],
    ["a member's version", plan(blueSide(), greenWith({ engineVersion: '17.11' }))],
    ["a member's group", plan(blueSide(), greenWith({ parameterGroup: 'stray' }))],
    ['the standby', plan(blueSide(), greenWith({ multiAz: false }))],
    ['one member more', plan(blueSide(), greenSide({ members: [greenMember(), member('x')] }))],
    ['the sides exchanged', plan(greenSide(), blueSide())],
  ])('changes with %s, which is named', (what, changed) => {
    expect(planHash(changed)).not.toBe(hash);
    if (what !== 'the deployment')
      expect(describeChangedPlan(plan(), changed)).not.toMatch(/itself was exchanged/);
  });

  it('does not depend on storage that grows by itself, nor on which instance is the writer', () => {
    expect(planHash(plan(blueSide({ storageGiB: 120 }), greenSide({ storageGiB: 101 })))).toBe(hash);
    const members = [member('a'), member('b', { role: 'reader' })];
    const turned = [member('a', { role: 'reader' }), member('b')];
    expect(planHash(plan(blueSide({ members: turned })))).toBe(planHash(plan(blueSide({ members }))));
  });

  it('says field, from and to', () => {
    const blue = blueSide({ members: [member('orders', { instanceClass: 'db.r7g.xlarge' }), member('x')] });
    expect(describeChanges(blueSide(), blue)).toEqual([
      'x (db-X) is new',
      'orders: instanceClass was db.r7g.large and is db.r7g.xlarge',
    ]);
    expect(describeChanges(blue, blueSide())).toContain('x (db-X) is gone');
  });
});

describe('a change that is harmless is followed', () => {
  const plain = request({ target: { storage: { type: 'gp3' } } });
  const same = { engineVersion: '16.9', parameterGroup: 'orders-16' };
  const green = (more: Partial<Side>) => greenSide({ ...same, members: [greenMember(same)], ...more });

  it.each([
    ['blue has grown, and green may grow', blueSide({ storageGiB: 120 }), green({ maxStorageGiB: 1_000 }), 0],
    ['blue has grown, and green may not', blueSide({ storageGiB: 120 }), green({}), 1],
    ['blue has grown past what green may', blueSide({ storageGiB: 120 }), green({ maxStorageGiB: 110 }), 1],
    ['green has grown', blueSide(), green({ storageGiB: 120 }), 0],
  ])('%s', (_, blue, now, faults) => {
    expect(compareSides('postgres', plain, blue, now).undeclared).toHaveLength(faults);
  });

  it('a failover that makes another instance the writer', () => {
    const large = { instanceClass: 'db.r7g.large', multiAz: false };
    const small = { instanceClass: 'db.t4g.medium', multiAz: false };
    const blue = blueSide({ members: [member('a', { ...large, role: 'reader' }), member('b', small)] });
    const twin = green({
      members: [
        greenMember({ ...same, ...large }),
        greenMember({ ...same, ...small, id: 'g2', role: 'reader' }),
      ],
    });
    const { declared, undeclared } = compareSides('aurora-postgresql', plain, blue, twin);
    expect(undeclared).toEqual([]);
    expect(declared.join('\n')).toMatch(/is a writer, a is a reader/);
  });
});
