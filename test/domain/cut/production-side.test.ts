import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findServingSide,
  type KnownSides,
  type SideReading,
} from '../../../functions/domain/cut/production-side.ts';
import { read, unreadable } from '../../../functions/domain/model/reading.ts';

const known: KnownSides = {
  blue: { resourceId: 'db-BLUE', members: ['db-BLUE', 'db-BLUE-READER'] },
  green: { resourceId: 'db-GREEN', members: ['db-GREEN', 'db-GREEN-READER'] },
};

function serving(side: 'blue' | 'green', status: string, pair: string): SideReading {
  return {
    production: read(known[side].resourceId),
    members: read(known[side].members),
    deployment: read({ status, pairs: [pair, pair] }),
  };
}

const green = serving('green', 'SWITCHOVER_COMPLETED', 'SWITCHOVER_COMPLETED');
const blue = serving('blue', 'AVAILABLE', 'AVAILABLE');
const rolledBack = serving('blue', 'SWITCHOVER_FAILED', 'SWITCHOVER_FAILED');

describe('which side serves production?', () => {
  it.each<[side: string, when: string, readings: SideReading[], because: string]>([
    [
      'green',
      'the name leads to green twice, and all is completed',
      [green, green],
      'the production name leads to green (db-GREEN) and the deployment is SWITCHOVER_COMPLETED',
    ],
    [
      'blue',
      'the name leads to blue twice, nothing moves',
      [blue, blue],
      'the production name still leads to blue (db-BLUE) and the deployment is AVAILABLE',
    ],
    [
      'blue',
      'RDS rolled back',
      [rolledBack, rolledBack],
      'the production name still leads to blue (db-BLUE) and the deployment is SWITCHOVER_FAILED',
    ],
    [
      'blue',
      'the deployment became invalid',
      [serving('blue', 'INVALID_CONFIGURATION', 'AVAILABLE'), blue],
      'the production name still leads to blue (db-BLUE) and the deployment is INVALID_CONFIGURATION',
    ],
    ['unknown', 'nothing was read', [], 'one reading proves nothing; two are needed'],
    ['unknown', 'one reading', [green], 'one reading proves nothing; two are needed'],
    ['unknown', 'first blue, then green', [blue, green], 'two readings name different sides'],
    [
      'unknown',
      'still moving, under the blue name',
      [serving('blue', 'SWITCHOVER_IN_PROGRESS', 'SWITCHOVER_IN_PROGRESS'), blue],
      'production leads to blue, but the deployment is SWITCHOVER_IN_PROGRESS',
    ],
    [
      'unknown',
      'completed, but the name leads to blue',
      [serving('blue', 'SWITCHOVER_COMPLETED', 'SWITCHOVER_COMPLETED'), blue],
      'production leads to blue, but the deployment is SWITCHOVER_COMPLETED',
    ],
    [
      'unknown',
      'the name leads to green, but nothing is completed',
      [serving('green', 'AVAILABLE', 'AVAILABLE'), green],
      'production leads to green, but the deployment is AVAILABLE',
    ],
    [
      'unknown',
      'a reader did not switch (row)',
      [
        green,
        {
          ...green,
          deployment: read({
            status: 'SWITCHOVER_COMPLETED',
            pairs: ['SWITCHOVER_COMPLETED', 'SWITCHOVER_FAILED'],
          }),
        },
      ],
      'production leads to green, but a member of the deployment is SWITCHOVER_FAILED',
    ],
    [
      'unknown',
      'a reader did not switch (name)',
      [green, { ...green, members: read(['db-GREEN', 'db-BLUE-READER']) }],
      "production leads to green, but a member's name leads to db-BLUE-READER",
    ],
    [
      'unknown',
      'a reader has gone',
      [green, { ...green, members: read(['db-GREEN', null]) }],
      "production leads to green, but a member's name leads to nothing",
    ],
    [
      'unknown',
      'a reader was not read',
      [green, { ...green, members: read(['db-GREEN']) }],
      'only 1 of 2 members of production were read',
    ],
    [
      'unknown',
      'a third database has the name',
      [green, { ...green, production: read('db-THIRD') }],
      'the production name leads to db-THIRD, which is neither side',
    ],
    [
      'unknown',
      'nothing has the name',
      [green, { ...green, production: read(null) }],
      'nothing has the production name',
    ],
    [
      'unknown',
      'the record is gone',
      [green, { ...green, deployment: read(null) }],
      'production leads to green, but RDS has no record of the deployment',
    ],
    [
      'unknown',
      'the record lists nobody',
      [green, { ...green, deployment: read({ status: 'SWITCHOVER_COMPLETED', pairs: [] }) }],
      'production leads to green, but the deployment lists no members',
    ],
    [
      'unknown',
      'a status from the future',
      [green, serving('green', 'SWITCHOVER_POLISHING', 'SWITCHOVER_COMPLETED')],
      'production leads to green, but the deployment is SWITCHOVER_POLISHING',
    ],
    [
      'unknown',
      'the name cannot be read',
      [green, { ...green, production: unreadable('Throttling') }],
      'the production name could not be read: Throttling',
    ],
    [
      'unknown',
      'the members cannot be read',
      [green, { ...green, members: unreadable('Throttling') }],
      'the members of production could not be read: Throttling',
    ],
    [
      'unknown',
      'the record cannot be read',
      [{ ...green, deployment: unreadable('Throttling') }, green],
      'the deployment could not be read: Throttling',
    ],
    [
      'unknown',
      'neither the record nor a member has a status',
      [{ ...green, deployment: read({ status: '', pairs: [''] }) }, green],
      'production leads to green, but the deployment is without a status',
    ],
    [
      'unknown',
      'a member has no status',
      [{ ...green, deployment: read({ status: 'SWITCHOVER_COMPLETED', pairs: [''] }) }, green],
      'production leads to green, but a member of the deployment is without a status',
    ],
  ])('%s: %s', (side, _when, readings, because) => {
    expect(findServingSide(known, readings)).toEqual({ side, because });
  });

  const notKnown = 'the resource ids of both sides are not all known';
  it.each<[when: string, sides: KnownSides, because: string]>([
    ['a side was never known', { ...known, green: { resourceId: '', members: [''] } }, notKnown],
    [
      'an id of a member was never known',
      { ...known, green: { resourceId: 'db-GREEN', members: ['db-GREEN', ''] } },
      notKnown,
    ],
    ['no members of blue are known', { ...known, blue: { resourceId: 'db-BLUE', members: [] } }, notKnown],
    ['both sides are the same', { ...known, green: known.blue }, 'db-BLUE is recorded for both sides'],
    [
      'a member is on both',
      { ...known, green: { resourceId: 'db-GREEN', members: ['db-GREEN', 'db-BLUE'] } },
      'db-BLUE is recorded for both sides',
    ],
    ['no members are known', { ...known, green: { resourceId: 'db-GREEN', members: [] } }, notKnown],
  ])('unknown: %s', (_when, sides, because) => {
    expect(findServingSide(sides, [green, green])).toEqual({ side: 'unknown', because });
  });
});

describe('a status that does not go with the side, in both readings alike', () => {
  const all = [
    'PROVISIONING',
    'AVAILABLE',
    'SWITCHOVER_IN_PROGRESS',
    'SWITCHOVER_COMPLETED',
    'SWITCHOVER_FAILED',
    'INVALID_CONFIGURATION',
    'DELETING',
    'MISSING_SOURCE',
    'MISSING_TARGET',
    'SWITCHOVER_POLISHING',
    '',
  ];
  const fits = {
    green: { status: ['SWITCHOVER_COMPLETED'], pair: ['SWITCHOVER_COMPLETED'] },
    blue: {
      status: ['PROVISIONING', 'AVAILABLE', 'SWITCHOVER_FAILED', 'INVALID_CONFIGURATION'],
      pair: ['PROVISIONING', 'AVAILABLE', 'SWITCHOVER_FAILED'],
    },
  };
  const sides = ['green', 'blue'] as const;
  const calm = { green: 'SWITCHOVER_COMPLETED', blue: 'AVAILABLE' };

  it.each(sides.flatMap((side) => all.map((status) => [side, status] as const)))('%s: %s', (side, status) => {
    const ofDeployment = serving(side, status, calm[side]);
    expect(findServingSide(known, [ofDeployment, ofDeployment]).side).toBe(
      fits[side].status.includes(status) ? side : 'unknown',
    );
    const ofMembers = serving(side, calm[side], status);
    expect(findServingSide(known, [ofMembers, ofMembers]).side).toBe(
      fits[side].pair.includes(status) ? side : 'unknown',
    );
  });
});

describe('whatever is read', () => {
  const ids = ['db-BLUE', 'db-BLUE-READER', 'db-GREEN', 'db-GREEN-READER', 'db-THIRD', '', null];
  const statuses = [
    'PROVISIONING',
    'AVAILABLE',
    'SWITCHOVER_IN_PROGRESS',
    'SWITCHOVER_COMPLETED',
    'SWITCHOVER_FAILED',
    'INVALID_CONFIGURATION',
    'DELETING',
    'MISSING_TARGET',
    '',
    'NEW',
  ];
  const orUnreadable = <Value>(values: fc.Arbitrary<Value>) =>
    fc.oneof(
      { weight: 9, arbitrary: values.map(read) },
      { weight: 1, arbitrary: fc.constant(unreadable('lost')) },
    );
  const anything = fc.record({
    production: orUnreadable(fc.constantFrom(...ids)),
    members: orUnreadable(fc.array(fc.constantFrom(...ids), { maxLength: 3 })),
    deployment: orUnreadable(
      fc.option(
        fc.record({
          status: fc.constantFrom(...statuses),
          pairs: fc.array(fc.constantFrom(...statuses), { maxLength: 3 }),
        }),
      ),
    ),
  });
  // Readings that are right but for one sign reach further into the rules than wholly random ones.
  const nearly = fc
    .tuple(
      fc.constantFrom(green, blue, rolledBack),
      anything,
      fc.constantFrom('production', 'members', 'deployment', 'none'),
    )
    .map(([right, wrong, sign]) =>
      sign === 'none' ? right : { ...right, [sign]: wrong[sign as keyof SideReading] },
    );

  it('a side is named only when every sign of every reading names it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(nearly, anything), { maxLength: 3 }), (readings) => {
        const { side } = findServingSide(known, readings);
        if (side === 'unknown') {
          return;
        }
        expect(readings.length).toBeGreaterThanOrEqual(2);
        for (const { production, members, deployment } of readings) {
          expect(production).toEqual({ value: side === 'green' ? 'db-GREEN' : 'db-BLUE' });
          const others = side === 'green' ? /BLUE|THIRD/ : /GREEN|THIRD/;
          expect(JSON.stringify(members)).not.toMatch(others);
          const signs = JSON.stringify(deployment);
          expect(signs).not.toMatch(/IN_PROGRESS|DELETING|MISSING|NEW|unreadable|null/);
          expect(/"(AVAILABLE|PROVISIONING|SWITCHOVER_FAILED|INVALID_CONFIGURATION)"/.test(signs)).toBe(
            side === 'blue',
          );
          expect(/SWITCHOVER_COMPLETED/.test(signs)).toBe(side === 'green');
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('both sides can be named', () => {
    const sides = fc
      .sample(fc.tuple(nearly, nearly), { numRuns: 500, seed: 1 })
      .map((pair) => findServingSide(known, pair).side);
    expect(new Set(sides)).toEqual(new Set(['blue', 'green', 'unknown']));
  });
});
