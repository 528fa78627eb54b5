import { expect, test } from 'vitest';
import { wantedVersion } from '../../../functions/domain/build/wanted-version.ts';
import { blueSide, greenSide, request } from '../sample.ts';

type Asked = Parameters<typeof wantedVersion>[0];
type Sides = Parameters<typeof wantedVersion>[1];

const sides: Sides = { blue: blueSide(), green: greenSide({ engineVersion: '16.12' }) };
const { engineVersion: _named, ...target } = request().target;
const plain: Asked = { target };
const adopting: Asked = { target, adopt: 'bgd-1234567890abcdef' };

test.each<[what: string, asked: Asked, of: Sides, version: string | undefined]>([
  ['the one that the request names', request(), sides, '17.10'],
  ['that of blue, where it names none', plain, sides, '16.9'],
  ['that of green, of a deployment that was taken up', adopting, sides, '16.12'],
  ['any, as long as that has no green', adopting, { blue: blueSide() }, undefined],
])('green is to have %s', (_what, asked, of, version) => {
  expect(wantedVersion(asked, of)).toBe(version);
});
