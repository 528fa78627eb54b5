import type { Deployment, Side } from '../model/deployment.ts';
import { messageOf } from '../model/failure.ts';
import { firstNames } from '../model/first-names.ts';
import { foreignText, quote } from '../model/text.ts';
import type { Request } from '../request/request.ts';
import type { SecuredDatabase } from '../way-back/facts.ts';
import type { WayBack } from '../way-back/state.ts';
import type { At, Beginning, Called, HandOver } from './facts.ts';
import type { LogPlace } from './side-facts.ts';

/** Those that the request names, and those that were found. */
export function consumersOf(
  request: unknown,
  { consumers: found = [] }: Pick<Deployment, 'consumers'>,
): string[] {
  const { consumers: named = [] } = (request ?? {}) as { consumers?: string[] };
  return [...new Set([...named, ...found.map(({ name }) => name)])];
}

export const at = ({ id, resourceId, endpoint }: Side): At => ({ id, resourceId, endpoint });

/** Where new production began to write, as the way back was secured: a slot for each database, or one place of the binary log. */
export function beginningsOf(
  replication: Deployment['replication'],
  secured: readonly SecuredDatabase[] = [],
): Beginning[] {
  if (replication !== 'binlog')
    return secured.map(({ database, start, slot }) => ({ database, position: start, gtid: null, slot }));
  return secured.slice(0, 1).map(({ start }) => ({ database: '', position: start, gtid: null, slot: null }));
}

/** A line for the people who decide; undefined where nobody is known to read changes. */
export function describeHandOverPlan(
  { hooks }: { hooks: { handOver?: unknown } },
  consumers: string[],
): string | undefined {
  if (consumers.length === 0) return undefined;
  const names = firstNames(consumers.map((name) => foreignText(name, 100))).join(', ');
  return hooks.handOver
    ? `${names}. After the cut the hook handOver is called for each, with the positions`
    : `${names}. After the cut they read nothing until somebody leads them to new production: the request names no hook handOver, and the outcome says how`;
}

/** Beginnings, and why there are none, or what is to be known of them. */
export type Known = Pick<HandOver['begins'], 'places' | 'because'>;

/** Why no position could be read. */
export function whyNotKnown({
  request,
  wayBack,
}: {
  request: unknown;
  wayBack?: Partial<WayBack> | undefined;
}): string {
  const { login } = ((request ?? {}) as Partial<Request>).wayBack ?? {};
  if (!login) return 'the request names no wayBack.login';
  if (wayBack?.lost) return `the way back was not secured: ${messageOf({ cause: wayBack.lost })}`;
  return wayBack?.possible
    ? 'the run did not get so far'
    : `no way back was set up: ${wayBack?.because ?? 'it was not looked at'}`;
}

/**
 * What an outcome says of each consumer, where that side serves: what its hook said, or what a person does now. A run that ended before it had read the
 * positions tells those that it knows.
 */
export function describeHandOver(
  { deployment, request, wayBack }: Pick<Told, 'deployment' | 'request' | 'wayBack'>,
  serves: 'blue' | 'green' | 'unknown',
): string[] {
  const handOver = handOverOf({ deployment, request, wayBack }, serves);
  if (!handOver) return [];
  const { consumers, answers = [] } = handOver;
  const positions = [describeEnd(handOver), describeBeginnings(handOver)];
  const each = consumers.map((consumer) => {
    const called = answers.find((one) => one.consumer === consumer);
    return `${foreignText(consumer, 100)}: ${called && isTakenOver(called) ? `the hook handOver has led it over${because(called)}` : `${called ? `the hook handOver did not lead it over${because(called)}. ` : ''}${adviseConsumer(handOver)}`}`;
  });
  return [...positions, ...each];
}

interface Told {
  deployment: Partial<Deployment>;
  request: unknown;
  wayBack?: Partial<WayBack> | undefined;
}

/** What was noted for that side, or what the run knows of it without. */
export function handOverOf(
  { deployment, request, wayBack }: Told,
  serves: 'blue' | 'green' | 'unknown',
): HandOver | undefined {
  const { handOver, blue, green, replication } = deployment;
  if (handOver?.side === serves) return handOver;
  const consumers = consumersOf(request, deployment);
  // Going back has its own execution, which tells it.
  if (serves !== 'green' || consumers.length === 0 || handOver || !blue || !green || !replication)
    return undefined;
  const because = whyNotKnown({ request, wayBack });
  const places = beginningsOf(replication, wayBack?.secured);
  return {
    side: 'green',
    consumers,
    ended: { ...at(blue), log: null, because: 'it was not read' },
    begins: { ...at(green), places, because: places.length > 0 ? null : because },
  };
}

/** Consumers that nobody has led over: a person is needed. */
export const leftBehind = ({ consumers, answers = [] }: HandOver): string[] =>
  consumers.filter((consumer) => !answers.some((one) => one.consumer === consumer && isTakenOver(one)));

const isTakenOver = ({ answer }: Called): boolean =>
  typeof answer === 'object' && answer !== null && 'verdict' in answer && answer.verdict === 'pass';

function because({ answer, failed }: Called): string {
  const told = (answer as { because?: unknown } | undefined)?.because ?? failed;
  return typeof told === 'string' && told !== '' ? `: ${quote(told, 300)}` : '';
}

const gtidOf = ({ gtid }: LogPlace): string => (gtid ? ` (GTID set ${foreignText(gtid, 1_000)})` : '');

function describeEnd({ ended: { id, resourceId, log, because: why } }: HandOver): string {
  const where = log ? `${log.position}${gtidOf(log)}` : `not known, since ${why}`;
  return `The log of ${id} (${resourceId}), which took the last writes before: ${where}`;
}

function describeBeginnings({ begins: { id, resourceId, places, because: why } }: HandOver): string {
  const told = places.map(
    (one) => `${one.database ? `${foreignText(one.database)} ` : ''}${one.position}${gtidOf(one)}`,
  );
  const where = told.length > 0 ? firstNames(told).join(', ') : 'not known';
  return `The log of ${id} (${resourceId}), which serves now, from its first own write on: ${where}${why ? `; ${why}` : ''}`;
}

/** Where a log of the former production can still be read, and where not. A binary log is read on by its position; a slot was dropped before the cut. */
function adviseConsumer({ ended, begins }: HandOver): string {
  const [place] = begins.places;
  const anew = 'stop it and let it take a new first copy, since changes may lie between';
  if (!place) return `lead it to ${begins.endpoint}: ${anew}`;
  if (place.position.includes('/'))
    return `lead it to ${begins.endpoint}, with a slot that is made there: ${anew}. It has everything up to ${ended.log?.position ?? 'the cut'} where it had read ${ended.id} to its end`;
  const upTo = ended.log ? `up to ${ended.log.position}` : 'to its end';
  return `let it read ${ended.endpoint} ${upTo}, then stop it and start it at ${begins.endpoint} from ${place.position}${gtidOf(place)}: so it loses no row and repeats none`;
}
