import { describe, expect, it } from 'vitest';
import { classWanted, planMembers } from '../../../functions/domain/build/members.ts';
import { compareSides } from '../../../functions/domain/build/parity.ts';
import type { Member } from '../../../functions/domain/model/deployment.ts';
import { blueSide, greenSide, member, request } from '../sample.ts';

const writer = member('ledger-1', { role: 'writer', instanceClass: 'db.r6g.large' });
const reader = member('ledger-2', { role: 'reader', instanceClass: 'db.r6g.large' });
const wanted = { members: [{ member: 'ledger-2', instanceClass: 'db.r6g.xlarge' }] };

describe('the class that a counterpart is to have', () => {
  it.each<[what: string, asked: Parameters<typeof classWanted>[0], of: Member, expected: string]>([
    ['its own', { members: [] }, reader, 'db.r6g.large'],
    ['the one asked for it', wanted, reader, 'db.r6g.xlarge'],
    ['its own where another one is meant', wanted, writer, 'db.r6g.large'],
    ['that of the primary', { members: [], instanceClass: 'db.r7g.large' }, writer, 'db.r7g.large'],
    ['not that of the primary', { members: [], instanceClass: 'db.r7g.large' }, reader, 'db.r6g.large'],
  ])('is %s', (_, asked, of, expected) => {
    expect(classWanted(asked, of)).toBe(expected);
  });
});

describe('what is changed of green', () => {
  const blue = blueSide({ members: [writer, reader] });
  const pairs = [
    { source: writer.arn, target: 'arn:g-1' },
    { source: reader.arn, target: 'arn:g-2' },
  ];

  it('is the counterpart by the rows of RDS', () => {
    expect(planMembers(wanted, blue, pairs)).toEqual([{ arn: 'arn:g-2', instanceClass: 'db.r6g.xlarge' }]);
  });

  it.each([
    ['a row without a target', blue, [{ source: reader.arn }]],
    ['no row', blue, []],
    ['no such member', blueSide({ members: [writer] }), pairs],
  ])('is nothing with %s', (_, side, rows) => {
    expect(planMembers(wanted, side, rows)).toMatch(/^ledger-2, .* no counterpart/);
  });
});

describe('parity with classes of single instances', () => {
  const blue = blueSide({ members: [writer, reader] });
  const greenOf = (...classes: string[]) =>
    greenSide({
      engineVersion: blue.engineVersion,
      parameterGroup: blue.parameterGroup,
      members: classes.map((instanceClass, index) =>
        member(`green-${index + 1}`, {
          ...{ role: index === 0 ? 'writer' : 'reader', instanceClass },
          engineVersion: blue.engineVersion,
        }),
      ),
    });
  const fieldsOf = (green: ReturnType<typeof greenOf>) =>
    compareSides('aurora-postgresql', request({ target: wanted }), blue, green).undeclared.filter((one) =>
      one.startsWith('instanceClass'),
    );

  it.each([
    ['as asked', ['db.r6g.large', 'db.r6g.xlarge'], 0],
    ['after a failover of green', ['db.r6g.xlarge', 'db.r6g.large'], 0],
    ['not changed', ['db.r6g.large', 'db.r6g.large'], 1],
    ['both changed', ['db.r6g.xlarge', 'db.r6g.xlarge'], 1],
  ])('%s', (_, classes, undeclared) => {
    expect(fieldsOf(greenOf(...classes))).toHaveLength(undeclared);
  });
});
