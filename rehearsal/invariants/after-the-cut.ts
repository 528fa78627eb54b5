import type { StateName } from '../../functions/domain/model/states.ts';
import { accepted, type Evidence, enteredStates } from './evidence.ts';
import type { Check } from './types.ts';

/** What is deleted, what is left, and in which order. */
export const afterTheCut: Record<string, Check> = {
  I8: onlyOurs,
  I9: productionNeverDeleted,
  I10: everythingLeftIsAnnounced,
  I11: nothingHoldsWal,
  I15: forwardOnly,
};

function onlyOurs({ mutations, foreign }: Evidence) {
  const broken = mutations
    .filter(({ refused }) => refused === undefined)
    .flatMap(({ operation, touched }) =>
      touched
        .filter(({ resourceId }) => foreign.includes(resourceId))
        .map(({ resourceId }) => `${operation} touched ${resourceId}`),
    );
  return { promise: 'nothing that belongs to others is changed', broken };
}

function productionNeverDeleted(evidence: Evidence) {
  const broken = accepted(evidence, 'DeleteDBInstance', 'DeleteDBCluster')
    .filter(({ touched }) => touched.some(({ production }) => production))
    .map(({ operation, touched }) => `${operation} of ${touched.map(({ arn }) => arn).join(', ')}`);
  return { promise: 'nothing that serves production is deleted', broken };
}

/** A message that could read nothing says so, or that RDS still builds: it cannot name what it does not know. */
const nothingKnown = /could not be read|Not known: nothing could be read|builds green/;

function everythingLeftIsAnnounced({ left, announcements }: Evidence) {
  const last = announcements.at(-1)?.message ?? '';
  // Lines are wrapped, so a name may be cut in two by nothing but white space.
  const text = last.replace(/\s+/g, '');
  const broken = nothingKnown.test(last)
    ? []
    : left
        .filter(({ name, resourceId }) => !text.includes(name) && !text.includes(resourceId))
        .map(({ name, resourceId }) => `${name} (${resourceId})`);
  return { promise: 'nothing that costs money is left without being announced', broken };
}

function nothingHoldsWal({ leftovers, end }: Evidence) {
  if (!leftovers || end.startsWith('Switchover rolled back') || end.startsWith('Outcome unknown'))
    return undefined;
  return { promise: 'no slot, publication or subscription of ours is left', broken: [...leftovers] };
}

const order: StateName[] = [
  'Which side serves production?',
  'Verify production',
  'Begin to bake',
  'Release the deployment record',
  'Wait for retention',
  'Take final snapshot',
  'Delete old blue',
  'Record outcome',
];

function forwardOnly({ history }: Evidence) {
  const names = enteredStates(history).map(({ name }) => name);
  const broken: string[] = [];
  let furthest = 0;
  for (const name of names) {
    const position = order.indexOf(name);
    if (position >= 0 && position < furthest) broken.push(`"${name}" after "${order[furthest]}"`);
    furthest = Math.max(furthest, position);
  }
  const waited = names.lastIndexOf('Wait for switchover');
  if (waited >= 0 && names.indexOf('Remove green', waited) >= 0) broken.push('"Remove green" after the cut');
  return { promise: 'phases go forward only; after the cut nothing leads to removing green', broken };
}
