import type { Deployment, Side, Window } from '../model/deployment.ts';
import type { Request } from '../request/request.ts';
import { type Comparison, comparisonOf } from '../way-back/comparison.ts';
import type { Loss } from '../way-back/loss.ts';
import { targetOf } from '../way-back/target.ts';
import { digestOf } from './seal.ts';

/** What people say yes to when production is to go back: `$plan` of an execution of `roll-back`. */
export interface GoingBackPlan {
  /** ARN of the run that is undone. */
  run: string;
  /** Names of new production and of the rollback target, as they are now. */
  from: string;
  to: string;
  /** Resource ids of the same: names change while production goes back. */
  fromId: string;
  toId: string;
  /** How both sides are compared, and how the run would by itself. */
  compare: Comparison;
  compareAsked: Comparison;
  /** The loss that is to be accepted: who says yes types this. Null: none, and going back must be whole. */
  statement: string | null;
  loss: Loss | null;
  /** Who asked for it, as the input says; such a person cannot say yes. */
  requestedBy: string | null;
  /** Proves that IAM knows who asked. */
  requestSeal: string | null;
}

/** Digest of a plan of going back. A yes is for one plan. */
export function hashOfGoingBack({ run, fromId, toId, compare, statement }: GoingBackPlan): string {
  return digestOf([run, fromId, toId, compare, statement]);
}

/** Longest time for the answer: an execution has eight hours, and its own waits add up to four and a half. */
const longestHours = 3;

/**
 * Until when people can say yes. Nothing opens or closes beside that.
 * @param now milliseconds since the epoch
 */
export function windowOfGoingBack({ approval }: Pick<Request, 'approval'>, now: number): Window {
  const until = new Date(now + Math.min(approval.withinHours, longestHours) * 3_600_000).toISOString();
  return { opensAt: new Date(now).toISOString(), closesAt: until, approveBy: until };
}

/** Why an execution needs no yes of people; undefined: it does. */
export function findNoYesNeeded({
  request,
  startedByRun,
  moved,
  takesUp,
  loss,
}: {
  request: Pick<Request, 'approval'>;
  /** The run itself has started this execution, as its history shows: its bake has decided. */
  startedByRun: boolean;
  /** The address of production has left new production: there is no other direction than on. */
  moved: boolean;
  /** An earlier execution had its yes, has begun and was killed: production may be closed. */
  takesUp: boolean;
  loss: Loss | null;
}): string | undefined {
  if (startedByRun) return 'the bake of the run decided it';
  if (moved)
    return 'an earlier execution has led the address of production away, and there is no other way than on';
  if (loss) return undefined;
  if (takesUp) return 'an earlier execution had a yes and did not come to its end';
  return request.approval.required ? undefined : 'the request of the run asks nobody';
}

/** The plan of going back from a deployment as it was just read. */
export function planGoingBack(
  {
    run,
    request,
    deployment,
    wayBack,
  }: {
    run: string;
    request: Request;
    deployment: Deployment & { green?: Side };
    wayBack?: { compare?: Comparison };
  },
  input: {
    requestedBy?: string | undefined;
    requestSeal?: string | undefined;
    compare?: GoingBackPlan['compare'] | undefined;
  },
  loss: Loss | null,
): GoingBackPlan {
  const target = targetOf(deployment);
  return {
    run,
    from: deployment.green?.id ?? '',
    to: target.id,
    fromId: deployment.green?.resourceId ?? '',
    toId: target.resourceId,
    compare: input.compare ?? comparisonOf({ request, wayBack }),
    compareAsked: comparisonOf({ request, wayBack }),
    statement: loss?.statement ?? null,
    loss,
    requestedBy: input.requestedBy ?? null,
    requestSeal: input.requestSeal ?? null,
  };
}
