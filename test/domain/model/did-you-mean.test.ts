import { expect, it } from 'vitest';
import { didYouMean } from '../../../functions/domain/model/did-you-mean.ts';

const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const fields = ['engineVersion', 'parameterGroup', 'instanceClass'];

it.each([
  ['engineversion', fields, 'engineVersion'],
  ['engine_version', fields, 'engineVersion'],
  ['paramterGroup', fields, 'parameterGroup'],
  ['Sunday', days, 'Sun'],
  ['sun', days, 'Sun'],
  ['instance', fields, 'instanceClass'],
  ['gp', ['gp2', 'io1'], 'gp2'],
  ['clustrParametrGroup', [...fields, 'clusterParameterGroup'], 'clusterParameterGroup'],
  ['mon', ['Mob', 'Mon'], 'Mon'],
  ['17.1', ['17.9', '17.10'], '17.9'],
  ['17.1', ['17.10'], '17.10'],
])('%s of %j is taken for %s', (typed, candidates, meant) => {
  expect(didYouMean(typed, candidates)).toBe(`did you mean ${meant}?`);
});

it.each([
  ['colour', fields],
  ['noon', days],
  ['M', days],
  [7, days],
  ['', days],
])('%s is like none of them', (typed, candidates) => {
  expect(didYouMean(typed, candidates)).toBeUndefined();
});
