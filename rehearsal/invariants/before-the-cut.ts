import { isDeepStrictEqual } from 'node:util';
import type { Deployment } from '../../functions/domain/model/deployment.ts';
import type { StateName } from '../../functions/domain/model/states.ts';
import { accepted, assignedBy, cutAt, type Evidence, enteredStates, requestOf } from './evidence.ts';
import type { Check } from './types.ts';

/** What leads to the cut, and what must not have been touched until then. */
export const beforeTheCut: Record<string, Check> = {
  I4: blueUntouched,
  I5: gatesBeforeTheCut,
  I6: oneSwitchover,
};

const unchangedEnds = ['Refused', 'Dry run passed', 'Stopped before switchover', 'Switchover rolled back'];

function blueUntouched(evidence: Evidence) {
  const before = cutAt(evidence) ?? Number.POSITIVE_INFINITY;
  const changes = evidence.mutations.filter(
    ({ at, operation, refused, touched }) =>
      at < before &&
      refused === undefined &&
      /^(?:Modify|Delete|Failover|Reboot|AddTags|RemoveTags)/.test(operation) &&
      touched.some(({ resourceId }) => resourceId === evidence.blue),
  );
  const broken = changes.map(({ operation }) => `${operation} on blue`);
  if (unchangedEnds.some((start) => evidence.end.startsWith(start))) {
    if (!isDeepStrictEqual(evidence.blueBefore, evidence.blueAfter))
      broken.push('blue is described differently');
    broken.push(...(evidence.end.startsWith('Switchover') ? [] : (evidence.leftovers ?? [])));
  }
  return {
    promise:
      'until the accepted switchover blue is unchanged, and a run that ends there leaves nothing on it',
    broken,
  };
}

/** What may stand between the last final check and the call: functions are warmed and writes are stopped for it. */
const harmless: StateName[] = [
  'Warm the functions',
  'Warm a function',
  'Are writes to be stopped first?',
  'Stop writes',
  'Stop writes and wait for the answer',
  'Did writes stop?',
  'Are application writes to be held?',
  'Hold application writes',
];

function gatesBeforeTheCut(evidence: Evidence) {
  if (cutAt(evidence) === undefined) return undefined;
  const names = enteredStates(evidence.history).map(({ name }) => name);
  const call = names.lastIndexOf('Start switchover');
  const passed = names.slice(0, call);
  const broken = [...gatesOf(evidence)]
    .filter((gate) => !passed.includes(gate))
    .map((gate) => `"${gate}" is missing`);
  const between = passed.slice(passed.lastIndexOf('Final check') + 1);
  if (!between.every((name) => harmless.includes(name)))
    broken.push(`between the last final check and the call stand ${between.join(', ')}`);
  const [checked, switched] = (['Check parity', 'Final check'] as const).map(
    (state) => (assignedBy(evidence.history, state, 'deployment') as Deployment | undefined)?.planHash,
  );
  if (!checked || checked !== switched)
    broken.push(`the plan ${checked} was checked and approved, and ${switched} was switched`);
  return {
    promise: 'the call comes after tests, parity, approval, fresh lag and a final check of one plan',
    broken,
  };
}

function* gatesOf(evidence: Evidence): Iterable<StateName> {
  const request = requestOf(evidence);
  yield 'Wait for green';
  if (request?.hooks.testGreen)
    yield request.hooks.testGreen.callback ? 'Test green and wait for the answer' : 'Test green';
  yield 'Check parity';
  if (request?.approval.required) yield 'This group approved';
  yield 'Wait for window';
  yield 'Wait for replication to catch up';
  yield 'Final check';
}

function oneSwitchover(evidence: Evidence) {
  const calls = accepted(evidence, 'SwitchoverBlueGreenDeployment').length;
  return { promise: 'at most one switchover is accepted', broken: calls > 1 ? [`${calls} were`] : [] };
}
