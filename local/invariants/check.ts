import { isDeepStrictEqual } from 'node:util';
import { accepted, cutAt, type Evidence, enteredStates } from './evidence.ts';

export interface Result {
  id: string;
  holds: boolean;
  /** What was checked and, when it does not hold, what was found instead. */
  detail: string;
}

/** Undefined: this run says nothing about it. */
type Check = (evidence: Evidence) => { promise: string; broken: string[] } | undefined;

const unchangedEnds = ['Refused', 'Dry run passed', 'Stopped before switchover', 'Switchover rolled back'];
const servesBlue = ({ end }: Evidence) => unchangedEnds.some((start) => end.startsWith(start));

const oneWriter: Check = ({ writability }) => {
  const writers = new Set<string>();
  const broken: string[] = [];
  for (const { at, resourceId, writable } of writability) {
    if (writable) writers.add(resourceId);
    else writers.delete(resourceId);
    if (writers.size > 1) broken.push(`${[...writers].join(' and ')} at ${new Date(at).toISOString()}`);
  }
  return { promise: 'at no instant do two databases accept an application write', broken };
};

const writableOutsideTheCut: Check = (evidence) => {
  const { writability, production } = evidence;
  const from = cutAt(evidence);
  const writers = new Set<string>();
  const broken: string[] = [];
  for (const { at, resourceId, writable } of writability) {
    if (writable) writers.add(resourceId);
    else writers.delete(resourceId);
    if (writers.size === 0 && (from === undefined || at < from))
      broken.push(`no writer at ${new Date(at).toISOString()}`);
  }
  if (production === undefined || !writers.has(production)) {
    broken.push(
      `production leads to ${production ?? 'nothing'}, writable is ${[...writers].join(', ') || 'nothing'}`,
    );
  }
  return { promise: 'outside the cut one database is writable, and the production name leads to it', broken };
};

const nothingLost: Check = ({ rows }) => {
  if (!rows) return undefined;
  const broken = [
    ...(rows.lost > 0 ? [`${rows.lost} lost`] : []),
    ...(rows.doubled > 0 ? [`${rows.doubled} doubled`] : []),
  ];
  return { promise: `each of ${rows.acknowledged} acknowledged writes is found exactly once`, broken };
};

const blueUntouched: Check = (evidence) => {
  const before = cutAt(evidence) ?? Number.POSITIVE_INFINITY;
  const changes = evidence.mutations.filter(
    ({ at, operation, refused, touched }) =>
      at < before &&
      refused === undefined &&
      /^(?:Modify|Delete|Reboot|AddTags|RemoveTags)/.test(operation) &&
      touched.some(({ resourceId }) => resourceId === evidence.blue),
  );
  const broken = changes.map(({ operation }) => `${operation} on blue`);
  if (servesBlue(evidence)) {
    if (!isDeepStrictEqual(evidence.blueBefore, evidence.blueAfter))
      broken.push('blue is described differently');
    broken.push(...(evidence.end.startsWith('Switchover') ? [] : (evidence.leftovers ?? [])));
  }
  return {
    promise:
      'until the accepted switchover blue is unchanged, and a run that ends there leaves nothing on it',
    broken,
  };
};

const gatesBeforeTheCut: Check = (evidence) => {
  if (cutAt(evidence) === undefined) return undefined;
  const names = enteredStates(evidence.history).map(({ name }) => name);
  const call = names.lastIndexOf('Start switchover');
  const order = ['Check parity', 'Wait for replication to catch up', 'Final check'];
  const broken = order
    .filter((gate) => !names.slice(0, call).includes(gate))
    .map((gate) => `"${gate}" is missing`);
  if (names.indexOf('Final check') > call) broken.push('the final check came after the call');
  return { promise: 'the switchover call comes after parity, fresh lag and a final check', broken };
};

const oneSwitchover: Check = (evidence) => {
  const calls = accepted(evidence, 'SwitchoverBlueGreenDeployment').length;
  return { promise: 'at most one switchover is accepted', broken: calls > 1 ? [`${calls} were`] : [] };
};

const productionNeverDeleted: Check = (evidence) => {
  const broken = accepted(evidence, 'DeleteDBInstance', 'DeleteDBCluster', 'DeleteBlueGreenDeployment')
    .filter(({ operation }) => operation !== 'DeleteBlueGreenDeployment')
    .filter(({ touched }) => touched.some(({ production }) => production))
    .map(({ operation, touched }) => `${operation} of ${touched.map(({ arn }) => arn).join(', ')}`);
  return { promise: 'nothing that serves production is deleted', broken };
};

const nothingHoldsWal: Check = ({ leftovers, end }) => {
  if (!leftovers || end.startsWith('Switchover rolled back') || end.startsWith('Outcome unknown'))
    return undefined;
  return { promise: 'no slot, publication or subscription of ours is left', broken: [...leftovers] };
};

const afterTheCut = [
  'Which side serves production?',
  'Verify production',
  'Begin to bake',
  'Release the deployment record',
  'Wait for retention',
  'Take final snapshot',
  'Delete old blue',
  'Record outcome',
];

const forwardOnly: Check = ({ history }) => {
  const names = enteredStates(history).map(({ name }) => name);
  const broken: string[] = [];
  let furthest = 0;
  for (const name of names) {
    const position = afterTheCut.indexOf(name);
    if (position >= 0 && position < furthest) broken.push(`"${name}" after "${afterTheCut[furthest]}"`);
    furthest = Math.max(furthest, position);
  }
  const waited = names.lastIndexOf('Wait for switchover');
  if (waited >= 0 && names.indexOf('Remove green', waited) >= 0) broken.push('"Remove green" after the cut');
  return { promise: 'phases go forward only; after the cut nothing leads to removing green', broken };
};

/** Headings of the announcement. */
const fourThings = [
  'What happened',
  'Where writes go now',
  'What still runs and costs money',
  'What to do next',
];

const everyEndTells: Check = ({ announcements, end }) => {
  const last = announcements.at(-1);
  const broken: string[] = [];
  if (!last) broken.push('nothing was announced');
  else if (!last.message.includes(end.toUpperCase()))
    broken.push(`the announcement does not name the end "${end}"`);
  for (const heading of fourThings) {
    if (last && !last.message.includes(heading)) broken.push(`the announcement has no "${heading}"`);
  }
  return { promise: 'the end says what happened, what is writable, what still runs, what to do', broken };
};

const bounded: Check = ({ history }) => {
  const [first, last] = [history[0]?.timestamp?.getTime() ?? 0, history.at(-1)?.timestamp?.getTime() ?? 0];
  const limit = 2_500 + 40 * ((last - first) / 3_600_000);
  const largest = Math.max(
    0,
    ...history.map(({ stateEnteredEventDetails: entered, taskScheduledEventDetails: task }) =>
      Math.max(entered?.input?.length ?? 0, task?.parameters?.length ?? 0),
    ),
  );
  const broken = [
    ...(history.length > limit ? [`${history.length} history events`] : []),
    ...(largest > 65_536 ? [`a payload of ${largest} bytes`] : []),
  ];
  return {
    promise: `history of ${history.length} events and payloads of at most ${largest} bytes stay in bounds`,
    broken,
  };
};

const checks: Record<string, Check> = {
  I1: oneWriter,
  I2: writableOutsideTheCut,
  I3: nothingLost,
  I4: blueUntouched,
  I5: gatesBeforeTheCut,
  I6: oneSwitchover,
  I9: productionNeverDeleted,
  I11: nothingHoldsWal,
  I15: forwardOnly,
  I16: everyEndTells,
  I19: bounded,
};

/** Checks every invariant that the evidence of one run speaks about. */
export function checkInvariants(evidence: Evidence): Result[] {
  return Object.entries(checks).flatMap(([id, check]) => {
    const found = check(evidence);
    if (!found) return [];
    const { promise, broken } = found;
    return [
      {
        id,
        holds: broken.length === 0,
        detail: broken.length === 0 ? promise : `${promise}: ${broken.join('; ')}`,
      },
    ];
  });
}
