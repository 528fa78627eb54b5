import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareSides, pairMembers } from '../../../functions/domain/build/parity.ts';
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

describe('a fault names both sides and what is wanted', () => {
  it.each<[green: Side, sentence: string]>([
    [
      greenWith({ parameterGroupStatus: 'pending-reboot' }),
      'parameterGroupStatus: orders-green-abc123 does not run with orders-17 yet (pending-reboot); reboot it',
    ],
    [
      greenWith({ parameterGroupStatus: '' }),
      'parameterGroupStatus: orders-green-abc123 does not run with orders-17 yet (status unknown); reboot it',
    ],
    [greenSide({ members: [] }), 'members: green has 0 databases, blue has 1'],
    [greenWith({ multiAz: false }), 'multiAz: orders-green-abc123 has no standby (Multi-AZ), orders has one'],
    [
      greenSide({ storageGiB: 99 }),
      'storageGiB: orders-green-abc123 has 99 GiB, orders has 100, wanted are 100',
    ],
    [
      greenSide({ storageGiB: null }),
      'storageGiB: orders-green-abc123 has an unknown number of GiB, orders has 100, wanted are 100',
    ],
    [
      greenSide({ backupRetentionDays: 1 }),
      'backupRetentionDays: orders-green-abc123 keeps backups for 1 days, orders for 7',
    ],
    [
      greenSide({ deletionProtection: true }),
      'deletionProtection: orders-green-abc123 is protected against deletion, orders is not protected',
    ],
  ])('%#', (green, sentence) => {
    const { declared, undeclared } = compareSides('postgres', request({ target }), blueSide(), green);
    expect(undeclared).toEqual([sentence]);
    expect(declared.filter((one) => sentence.endsWith(one))).toEqual([]);
  });

  it('a standby that blue has not', () => {
    const blue = blueSide({ members: [member('orders', { multiAz: false })] });
    expect(compareSides('postgres', request({ target }), blue, greenSide()).undeclared).toEqual([
      'multiAz: orders-green-abc123 has a standby (Multi-AZ), orders has none',
    ]);
  });

  it('storage of blue that nobody knows', () => {
    const blue = blueSide({ storageGiB: null });
    expect(compareSides('postgres', request({ target }), blue, greenSide()).undeclared).toEqual([
      'storageGiB: orders-green-abc123 has 100 GiB, orders has an unknown number of, wanted are unknown',
    ]);
  });

  it('storage that was asked for and did not come', () => {
    const asking = request({ target: { ...target, storage: { allocatedGiB: 200 } } });
    const green = greenSide({ maxStorageGiB: 1_000 });
    expect(compareSides('postgres', asking, blueSide(), green).undeclared).toEqual([
      'storageGiB: orders-green-abc123 has 100 GiB, orders has 100, wanted are 200',
    ]);
  });

  it('a class that was asked for and did not come', () => {
    const asking = request({ target: { ...target, instanceClass: 'db.r7g.xlarge' } });
    expect(compareSides('postgres', asking, blueSide(), greenSide()).undeclared).toEqual([
      'instanceClass: orders-green-abc123 is a db.r7g.large, orders is a db.r7g.large, wanted is db.r7g.xlarge',
    ]);
  });

  it('a group of a reader, and a default group where an own one was asked for', () => {
    const reader = { role: 'reader' as const, resourceId: 'db-R' };
    const blue = blueSide({ members: [member('orders'), member('r', reader)] });
    const lost = { id: 'g2', arn: arnOf('g2'), parameterGroup: 'default.postgres17' };
    const green = greenSide({ members: [greenMember(), greenMember({ ...reader, ...lost })] });
    expect(compareSides('postgres', request({ target }), blue, green).undeclared).toEqual([
      'memberParameterGroup: g2 has the parameter group default.postgres17, r has orders-16, wanted is orders-17',
    ]);
  });

  it('a default group within a major version, which RDS does not fall back to', () => {
    const minor = request({ target: { engineVersion: '16.10' } });
    const group = { engineVersion: '16.10', parameterGroup: 'default.postgres16' };
    const green = greenSide({ ...group, members: [greenMember(group)] });
    expect(compareSides('postgres', minor, blueSide(), green).undeclared).toEqual([
      'parameterGroup: orders-green-abc123 has the parameter group default.postgres16, orders has orders-16',
    ]);
  });
});

describe('a deployment that was taken up', () => {
  const { engineVersion: _named, ...rest } = request().target;
  const bigger = greenSide({
    storageGiB: 200,
    members: [greenMember({ instanceClass: 'db.r7g.xlarge' })],
  });

  it('is wanted as it is, where the request leaves something out', () => {
    const adopting = { ...request(), target: rest, adopt: 'bgd-1234567890abcdef' };
    const { declared, undeclared } = compareSides('postgres', adopting, blueSide(), bigger);
    expect(undeclared).toEqual([]);
    expect(declared).toHaveLength(4);
  });

  it('is not, for a request that did not take it up', () => {
    const fields = compareSides('postgres', { ...request(), target: rest }, blueSide(), bigger).undeclared;
    expect(fields.map((sentence) => sentence.split(':')[0])).toEqual([
      'engineVersion',
      'parameterGroup',
      'instanceClass',
    ]);
  });
});

describe('databases are paired', () => {
  const names = (engine: string, blue: Member[], green: Member[]) =>
    pairMembers(engine, blue, green).map(([ours, theirs]) => [ours.id, theirs.id]);
  const reader = (id: string, instanceClass: string) => member(id, { role: 'reader', instanceClass });

  it('writer beside writer and readers by what they are made of, in whatever order they are listed', () => {
    const blue = [reader('a', 'db.x'), member('w', { instanceClass: 'db.z' }), reader('b', 'db.y')];
    const green = [reader('gb', 'db.y'), reader('ga', 'db.x'), member('gw', { instanceClass: 'db.a' })];
    expect(names('postgres', blue, green)).toEqual([
      ['w', 'gw'],
      ['a', 'ga'],
      ['b', 'gb'],
    ]);
  });

  it('in a cluster by what they are made of first, then by role', () => {
    const blue = [member('w', { instanceClass: 'db.z' }), reader('a', 'db.x'), reader('b', 'db.z')];
    const green = [reader('g3', 'db.z'), member('g1', { instanceClass: 'db.z' }), reader('g2', 'db.x')];
    expect(names('aurora-postgresql', blue, green)).toEqual([
      ['a', 'g2'],
      ['w', 'g1'],
      ['b', 'g3'],
    ]);
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

  it('is told by what changed of either side, or of neither', () => {
    const other = greenSide({ engineVersion: '17.11' });
    expect(describeChangedPlan(plan(), plan(blueSide({ engineVersion: '16.10' }), other))).toBe(
      'blue or green is not any more what was checked: orders: engineVersion was 16.9 and is 16.10; ' +
        'orders-green-abc123: engineVersion was 17.10 and is 17.11. Look at who changed it, then start again',
    );
    expect(describeChangedPlan({ blue: blueSide() }, { blue: blueSide(), green: other })).toMatch(
      /checked: the deployment itself was exchanged\. Look/,
    );
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
