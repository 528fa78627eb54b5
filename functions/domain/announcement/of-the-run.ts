import { describeTests, nameOfEngine } from '../approval/evidence.ts';
import { describeCompared } from '../bake/report.ts';
import { describeFailover } from '../build/failover.ts';
import { advisePutBack, describeForecast } from '../close/put-back.ts';
import { consumersOf, describeHandOver } from '../hand-over/hand-over.ts';
import { describeLoad } from '../load-test/judge.ts';
import type { Side } from '../model/deployment.ts';
import { messageOf } from '../model/failure.ts';
import { firstNames } from '../model/first-names.ts';
import { foreignText, showSpan, withoutLinks } from '../model/text.ts';
import { describeOutage } from '../request/estimate.ts';
import { planLongestRun } from '../request/longest-run.ts';
import type { Request } from '../request/request.ts';
import { plainName } from '../way-back/address.ts';
import { type AnnouncementFacts, goBackCommand, stopCommand, timeFor } from './facts.ts';
import type { Letter, Part } from './letter.ts';

const engineOf = ({ deployment: { database } }: AnnouncementFacts) => nameOfEngine(database.engine);
const groupsOf = ({ approval }: Request) => approval.groups.map(({ name }) => name).join(', ');
const nameSide = ({ id, resourceId }: Side) => `${id} (${resourceId})`;

/** Adds minutes to an ISO time. */
const later = (isoTime: string, minutes: number): string =>
  new Date(Date.parse(isoTime) + minutes * 60_000).toISOString();

export const started: Letter = {
  severity: 'OK',
  title: () => 'A run has started',
  heading: 'What the announcements say',
  write: (facts) => {
    const { request, deployment, at } = facts;
    const time = timeFor(facts);
    const longest = planLongestRun(request, Date.parse(at)).seconds;
    return [
      `It is to change ${nameSide(deployment.blue)}, ${engineOf(facts)} ${deployment.blue.engineVersion}: ${describeTarget(request)}.`,
      `Green is built and tested beside it until ${time(later(at, request.target.readyWithinHours * 60))} at the latest. Production does not notice; green costs what blue costs meanwhile.`,
      request.approval.required
        ? `Then people are asked (${groupsOf(request)}). No answer within ${request.approval.withinHours} h is a no.`
        : 'Nobody is asked before the cut: the request turns that off.',
      `Whatever happens, the run ends by ${time(later(at, longest / 60))}. To stop it in order before:`,
      stopCommand(facts),
    ];
  },
};

/** What the request wants changed, by the fields that it names. */
function describeTarget({ target, hooks, adopt }: Request): string {
  const wanted: [string, string | number | undefined][] = [
    ['to version', target.engineVersion],
    ['parameter group', target.parameterGroup],
    ['cluster parameter group', target.clusterParameterGroup],
    ['class', target.instanceClass],
    [
      'classes of',
      target.members
        .map(({ member, instanceClass, allocatedGiB }) =>
          [member, instanceClass, allocatedGiB && `${allocatedGiB} GiB`].filter(Boolean).join(' '),
        )
        .join(', ') || undefined,
    ],
    ['storage', target.storage && describeStorage(target.storage)],
    ['what the hook changeGreen changes on green', hooks.changeGreen && ''],
    ['taking up the deployment', adopt],
  ];
  return wanted
    .filter(([, value]) => value !== undefined)
    .map(([what, value]) => `${what} ${value}`.trim())
    .join('; ');
}

const describeStorage = (storage: NonNullable<Request['target']['storage']>): string =>
  Object.entries(storage)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

export const greenReady: Letter = {
  severity: 'OK',
  title: () => 'Green is ready',
  heading: 'What the announcements say',
  write: (facts) => {
    const { request, deployment, tests = {}, window, findings = [] } = facts;
    const time = timeFor(facts);
    const warnings = findings.filter(({ severity }) => severity === 'warning').length;
    const load = describeLoad(tests.load, request);
    return [
      `${deployment.green ? nameSide(deployment.green) : 'Green'} follows production, and is what the request wants.`,
      `Test of green: ${describeTests(tests, request)}`,
      `Failover of green: ${describeFailover(tests.failover, request)}`,
      ...(load ? [`Load test: ${load}`] : []),
      `Beside blue: ${deployment.differences?.map((difference) => foreignText(difference)).join('; ') || 'no undeclared difference'}. Warnings: ${warnings}.`,
      ...describeForecast(deployment.forecast).map(([label, line]) => `${label}: ${withoutLinks(line)}`),
      request.approval.required
        ? `Now people are asked (${groupsOf(request)}), who answer by ${time(window?.approveBy)}.`
        : 'Nobody is asked: the request turns that off.',
      `The cut is for the window from ${time(window?.opensAt)} to ${time(window?.closesAt)}.`,
    ];
  },
  facts: ({ window, tests }) => ({ window, tests }),
};

export const windowOpen: Letter = {
  severity: 'OK',
  title: () => 'The window is open',
  heading: 'What the announcements say',
  write: (facts) => [
    ...describeReadRamp(facts.request),
    `${facts.request.readRamp ? 'Then the' : 'The'} cut begins as soon as green has caught up, and by ${timeFor(facts)(facts.window?.closesAt)} or not at all.`,
    describeOutage(facts.request, facts.deployment),
    'To stop the run in order, as long as the switchover is not called:',
    stopCommand(facts),
  ],
  facts: ({ window }) => ({ window }),
};

/** Readers are led to green in the window, and back before the cut. */
function describeReadRamp({ readRamp }: Request): string[] {
  if (!readRamp) return [];
  const { steps, minutesEach, recordName } = readRamp;
  return [
    `First ${steps.join(', ')} % of the readers who come by ${plainName(recordName)} are led to green, ${minutesEach} min each, and then all back to blue. They read rows there that may be older.`,
  ];
}

export const cutDone: Letter = {
  severity: 'OK',
  title: () => 'The cut is done, green is new production',
  heading: 'After a cut',
  write: (facts) => {
    const { deployment, request, at } = facts;
    const { green, blue } = deployment;
    return [
      `New production is ${green ? `${nameSide(green)}, ${engineOf(facts)} ${green.engineVersion}, ${green.endpoint}` : 'the former green'}.`,
      describeWritesOut(facts),
      ...describeOpenWayBack(facts),
      ...describeConsumers(facts),
      `Old blue is ${nameSide(blue)}, as it was at the cut. Do not point anybody at it: rows that are written from now on are not there, or are written twice.`,
      request.bake.minutes === 0
        ? 'Nobody watches new production: the request turns the bake off.'
        : `New production is verified now, and watched for ${request.bake.minutes} min, until about ${timeFor(facts)(later(at, request.bake.minutes))}.`,
    ];
  },
  facts: (facts) => ({
    newProduction: identify(facts.deployment.green),
    oldBlue: identify(facts.deployment.blue),
    writesOut: measureWritesOut(facts),
    ...(facts.deployment.handOver && { handOver: facts.deployment.handOver }),
  }),
};

/** Whoever has no hook reads nothing from the cut on, so it is told at once. */
function describeConsumers({ request, deployment, wayBack }: AnnouncementFacts): string[] {
  const consumers = consumersOf(request, deployment);
  if (consumers.length === 0) return [];
  return request.hooks.handOver && deployment.handOver
    ? [
        `Consumers of changes: your handOver hook is called now for ${firstNames(consumers.map((name) => foreignText(name, 100))).join(', ')}.`,
      ]
    : describeHandOver({ request, deployment, wayBack }, 'green');
}

const identify = (side: Side | undefined) =>
  side && { id: side.id, resourceId: side.resourceId, endpoint: side.endpoint };

/** What the run knows of the time without writes. A client needs a moment more to connect anew, and may have been let write longer. */
function measureWritesOut({ writesOut, at, wayBack, request }: AnnouncementFacts) {
  if (!writesOut) return null;
  const { since, by, until = at } = writesOut;
  const held = wayBack.open && request.wayBack.applicationRoles.length > 0;
  return {
    seconds: Math.max(0, Math.round((Date.parse(until) - Date.parse(since)) / 1_000)),
    from: by === 'hook' ? 'the call of your stopWrites hook' : 'the call of the switchover',
    to: request.hooks.resumeWrites
      ? 'the answer of your resumeWrites hook'
      : held
        ? 'the release of the roles of the application'
        : 'the proof that green serves',
    isUpperBound: by === 'switchover',
  };
}

function describeWritesOut(facts: AnnouncementFacts): string {
  const measured = measureWritesOut(facts);
  if (!measured) return 'For how long nobody could write is not known.';
  const { seconds, from, to, isUpperBound } = measured;
  const span = `${isUpperBound ? 'at most ' : ''}${showSpan(seconds)}`;
  const less = isUpperBound ? ' RDS lets blue take writes for a part of that.' : '';
  return `Writes were out for ${span}, measured by the run from ${from} to ${to}.${less} A client needs its own time to connect again besides.`;
}

function describeOpenWayBack(facts: AnnouncementFacts): Part[] {
  const { wayBack, request, at } = facts;
  const { lost, open, target, because } = wayBack;
  if (!open || lost) {
    const why = lost ? messageOf({ cause: lost }) : because;
    return [`There is no way back without losing rows: ${withoutLinks(why) || 'none was set up'}.`];
  }
  const begins =
    target === 'clone'
      ? 'as soon as a clone of old blue is made, which takes up to two hours'
      : 'as soon as old blue receives what new production takes in, in a moment';
  return [
    `The way back without losing a row is open ${begins}, and stays so until the bake ends: not before ${timeFor(facts)(later(at, request.bake.minutes))}, unless a message says that it broke. To ask the people of the approval to go back:`,
    goBackCommand(facts),
  ];
}

export const productionLacks: Letter = {
  severity: 'ACT',
  title: () => 'New production lacks what the former one had',
  heading: 'What the announcements say',
  write: ({ deployment }) => [
    `${deployment.green ? nameSide(deployment.green) : 'The former green'} serves, and a person has to give it what no deployment brings:`,
    ...advisePutBack(deployment.putBack, 'green').map(
      (line): Part => (line.startsWith('aws ') ? { command: line } : line),
    ),
  ],
  facts: ({ deployment }) => ({ lacking: deployment.putBack?.lacking ?? [] }),
};

export const oldBlueGoes: Letter = {
  severity: 'OK',
  title: ({ until }) => `The bake passed; old blue is deleted on ${until?.slice(0, 10) ?? 'an unknown day'}`,
  heading: 'What the announcements say',
  write: (facts) => {
    const { deployment, baked, wayBack, until } = facts;
    const compared = describeCompared(baked?.compared ?? {});
    return [
      `New production ${deployment.green ? nameSide(deployment.green) : ''} was watched to the end and is well.${compared.length > 0 ? ` ${compared.join('; ')}.` : ''}`,
      wayBack.possible
        ? 'With the bake the way back has ended: rows that are written from now on are not in old blue.'
        : 'There was no way back.',
      `Old blue ${nameSide(deployment.blue)} is deleted after ${timeFor(facts)(until)}, after a final snapshot. To keep it, stop the run before:`,
      stopCommand(facts),
    ];
  },
  facts: ({ deployment, until }) => ({ oldBlue: identify(deployment.blue), goesAt: until }),
};
