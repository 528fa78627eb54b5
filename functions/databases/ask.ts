import { requireMark } from '../aws/facts/roll-back-mark.ts';
import { invokeFunction } from '../aws/lambda.ts';
import { readSide } from '../aws/rds/side.ts';
import type { Deployment, Side } from '../domain/model/deployment.ts';
import type { EngineFamily } from '../domain/model/engine.ts';
import { Busy, TestFailed } from '../domain/model/errors.ts';
import { answerIn, limits } from '../domain/model/limits.ts';
import { lookAtRds, type NotYet, notYet } from '../domain/model/not-yet.ts';
import { cannotHeal } from '../domain/way-back/cannot-heal.ts';
import {
  type Distinction,
  type Identity,
  identify,
  identifyBeforeTheCut,
} from '../domain/way-back/identity.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import { targetOf } from '../domain/way-back/target.ts';
import { env, type Variable } from '../runtime/env.ts';
import { secondsLeft } from '../runtime/time-left.ts';
import type { Answer, Ask, Input, Place, RefusalCode, Reply } from '../sql/contract.ts';
import { askOnRecord } from './change-log.ts';
import type { WayBackEvent } from './question.ts';
import { refusalFixes } from './refusal-fixes.ts';

/**
 * Asks the function that speaks SQL. No answer is a failure as a database's own is: it may have been done. Another server than the one that is
 * meant is no answer of any kind: names come to lead where they should, so it is Busy.
 */
export async function askDatabase<A extends Ask>(ask: A, input: Input<A>): Promise<Reply<A>> {
  const reply = await askOnRecord(ask, input, () => invokeSql(ask, input));
  if (reply.kind === 'refused' && reply.code === 'other-server') throw new Busy(sayNoAnswer(reply));
  return reply;
}

/** Which function speaks a family's SQL. */
const sqlFunctions = {
  postgresql: 'SQL_POSTGRES_FUNCTION',
  mysql: 'SQL_MYSQL_FUNCTION',
} as const satisfies Record<EngineFamily, Variable>;

async function invokeSql<A extends Ask>(ask: A, input: Input<A>): Promise<Reply<A>> {
  try {
    const seconds = answerIn(limits.answer.sql, secondsLeft());
    const speaks = env(sqlFunctions[input.family ?? 'postgresql']);
    return (await invokeFunction(speaks, { ask, ...input }, seconds)) as Reply<A>;
  } catch (error) {
    const { name } = error as Error;
    return {
      kind: 'failed',
      code: name,
      because: `no answer came from the function that asks databases (${name})`,
    };
  }
}

/** Refusals that pass by themselves: writers may come to their end, and the service may open a server a moment later. */
const passing: RefusalCode[] = ['read-only', 'writers'];

/** The same for acts that may be repeated: a failure is Busy, and so is a refusal that passes by itself; any other refusal is a failed test. */
export async function insist<A extends Ask>(ask: A, input: Input<A>): Promise<Answer<A>> {
  return settle(await askDatabase(ask, input));
}

/**
 * While writes are held nobody waits for nothing.
 * @throws TestFailed for a failure that asking again cannot heal
 */
export function refuseWhatCannotHeal(reply: Reply<Ask>): void {
  if (reply.kind === 'failed' && cannotHeal(reply.code))
    throw new TestFailed(`${reply.because}; asking again cannot heal that`);
}

export function settle<A extends Ask>(reply: Reply<A>): Answer<A> {
  if (reply.kind === 'answer') return reply.facts;
  if (reply.kind === 'failed' || passing.includes(reply.code)) throw new Busy(sayNoAnswer(reply));
  throw new TestFailed(sayRefusal(reply));
}

/** Why a database gave no answer, and what a person does about it. */
export function sayNoAnswer(reply: Exclude<Reply<Ask>, { kind: 'answer' }>): NotYet {
  return reply.kind === 'refused'
    ? notYet(sayRefusal(reply), null)
    : notYet(
        reply.because,
        'look at the server, at the login, and at the way of the function to it (docs/deploy.md)',
      );
}

/** With the fix that fits its code. */
const sayRefusal = ({ because, code }: { because: string; code: RefusalCode }): string =>
  `${because} (${code}): ${refusalFixes[code]}`;

/** What a place is made of: the sides, and by what they are told apart. */
type Sides = Pick<Deployment, 'database' | 'blue' | 'green' | 'clone'>;
interface Told {
  deployment: Sides;
  wayBack: Pick<WayBack, 'distinction' | 'fenced' | 'at'>;
}

/**
 * RDS's own address of the writer of a side before the cut, found by its resource id: its name has led there for long.
 * @param distinction once it is taken, the server there must show it
 */
export async function readPlaceBeforeTheCut(
  deployment: Sides,
  which: 'blue' | 'green',
  distinction?: Distinction,
): Promise<Place> {
  return placeOf(await readSide(deployment, which), identifyBeforeTheCut(distinction, which));
}

/** The same with what the server there must show. `target`: what production goes back to. */
export async function readPlace(told: Told, which: 'green' | 'target'): Promise<Place> {
  return placeOf(await readSide(told.deployment, which), identityOf(told, which));
}

/**
 * Asks green, or new production. Where RDS is not done with its names it is asked at the address at which it proved itself; that may be taken away
 * meanwhile, and then RDS's own address of it counts. Another server than green does nothing at either.
 */
export async function atNewProduction<A extends Ask>(
  told: Told,
  ask: (place: Place) => Promise<Reply<A>>,
): Promise<Reply<A>> {
  const early = earlyPlace(told);
  const reply = early && (await ask(early).catch(busyIsNoAnswer));
  return reply && reply.kind !== 'failed' ? reply : ask(await readPlace(told, 'green'));
}

function earlyPlace(told: Told): Place | undefined {
  const { green } = told.deployment;
  const { at } = told.wayBack;
  return at && green ? placeOf({ ...green, endpoint: at }, identityOf(told, 'green')) : undefined;
}

/** Another server answers at that name. */
export function busyIsNoAnswer(error: unknown): undefined {
  if (error instanceof Busy) return undefined;
  throw error;
}

/** What the server of a side must show. Where the sides cannot be told apart, nothing is done on a guess. */
export function identityOf({ deployment, wayBack }: Told, which: 'green' | 'target'): Identity {
  const { distinction, fenced = false } = wayBack;
  if (!distinction)
    throw new TestFailed('nothing tells the servers of both sides apart, so neither is asked for anything');
  const isClone = deployment.clone !== undefined;
  return identify(distinction, which, { resourceId: targetOf(deployment).resourceId, fenced, isClone });
}

/** RDS's own address of the writer of a side that was just read. */
export function placeOf(
  { id, resourceId, endpoint, status }: Pick<Side, 'id' | 'resourceId' | 'endpoint' | 'status'>,
  is: Identity | null,
): Place {
  const [host = '', port = ''] = endpoint.split(':');
  if (!host || !port)
    throw new Busy(notYet(`${id} (${resourceId}) has no address; it is ${status}`, lookAtRds(id)));
  return { resourceId, host, port: Number(port), is };
}

/** Both sides of the way back: new production, and the target. */
export interface Places {
  production: Place;
  target: Place;
}

export async function readBothPlaces(told: Told): Promise<Places> {
  const [production, target] = await Promise.all([readPlace(told, 'green'), readPlace(told, 'target')]);
  return { production, target };
}

/**
 * Both sides, for a step that is taken only while no other execution has the mark of going back. Nobody can write meanwhile, so one
 * description of new production serves for its address and for its mark, which is read last.
 */
export async function readMarkedPlaces(
  event: Pick<WayBackEvent, 'deployment' | 'wayBack' | 'run' | 'executionArn'>,
): Promise<Places> {
  const { deployment } = event;
  const [green, target] = await Promise.all([readSide(deployment, 'green'), readSide(deployment, 'target')]);
  await requireMark(event, green);
  return {
    production: placeOf(green, identityOf(event, 'green')),
    target: placeOf(target, identityOf(event, 'target')),
  };
}
