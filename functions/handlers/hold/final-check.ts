import { readAlarms } from '../../aws/cloudwatch/alarms.ts';
import { readLag } from '../../aws/cloudwatch/lag.ts';
import { readReadySides } from '../../aws/facts/readiness.ts';
import { verifyWith } from '../../aws/kms.ts';
import { scalingBefore } from '../../aws/put-back/scaling-before.ts';
import { type DeploymentRecord, readSomeRecords } from '../../aws/rds/deployment.ts';
import { readCutNeighbours } from '../../aws/rds/neighbours.ts';
import { readReaderHosts } from '../../aws/rds/readers.ts';
import { readSettings } from '../../aws/rds/settings.ts';
import { readReads } from '../../aws/route53/reads.ts';
import { clearTransactions } from '../../databases/end-transactions.ts';
import type { WayBackEvent } from '../../databases/question.ts';
import { verifyApprovals } from '../../domain/approval/decision.ts';
import { judgeAlarms } from '../../domain/bake/alarms.ts';
import { compareSides } from '../../domain/build/parity.ts';
import { describeChangedPlan, planHash } from '../../domain/build/plan-hash.ts';
import { judgeLag } from '../../domain/hold/lag.ts';
import { judgeNeighbours } from '../../domain/hold/neighbours.ts';
import { judgeWindow } from '../../domain/hold/window.ts';
import type { Deployment, Verdict, Window } from '../../domain/model/deployment.ts';
import {
  ApprovalDenied,
  Busy,
  NotReadyInTime,
  TestFailed,
  Throttled,
  UnexpectedState,
} from '../../domain/model/errors.ts';
import { notYet } from '../../domain/model/not-yet.ts';
import { deploymentPhase } from '../../domain/model/phase.ts';
import { judgeCopy } from '../../domain/on-copy/proof.ts';
import { readsRecordOf, shareOf } from '../../domain/read-ramp/record.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { task } from '../../tasks/task.ts';

interface Event extends WayBackEvent {
  window: Window;
  /** `{ decisions }`; nothing in it is believed without its seal. */
  approval: unknown;
}

/** Between two readings of the deployment: its AVAILABLE comes and goes for seconds. */
const pause = 3_000;

/** Reads everything once more just before the cut and believes nothing that was read earlier. Not yet is Busy. */
export const handler = task('Final check', async (event: Event): Promise<Deployment> => {
  const { request, window } = event;
  // Past its end there is no use in waiting for a turn.
  pass(judgeWindow(window, request.switchover.timeoutSeconds, clock.now()), NotReadyInTime);
  takeTurn(await readSomeRecords());
  const earlier = await readReadySides(event, clock.now());
  await clock.sleep(pause);
  const sides = await readReadySides(event, clock.now());
  const deployment = { ...event.deployment, ...sides };
  if (hash(deployment, earlier) !== hash(deployment, sides))
    throw new Busy(
      notYet(
        'what would be switched changes right now: two readings, 3 s apart, differ in the plan',
        'look who changes blue or green, and end that',
      ),
    );
  await refuseChangedPlan(event, deployment);
  const alarms = judgeAlarms(request.bake.alarms, await readAlarms(request.bake.alarms));
  pass(alarms, TestFailed);
  await refuseReadsOnGreen(event);
  pass(judgeNeighbours(await readCutNeighbours(deployment.database, sides.blue)), TestFailed);
  const lag = judgeLag(await readLag(deployment, sides, clock.now()), request.lag, clock.now());
  const verifySeal = (text: string, seal: string) => verifyWith(env('DECISION_KEY_ID'))(text, seal);
  pass(await verifyApprovals({ ...event, deployment, now: clock.now(), verifySeal }), ApprovalDenied);
  const verifyCopy = (text: string, seal: string) => verifyWith(env('REHEARSAL_KEY_ID'))(text, seal);
  pass(await judgeCopy({ ...event, blue: sides.blue, verifySeal: verifyCopy }), ApprovalDenied);
  const scaling = await scalingBefore(deployment);
  // The last act before the hold, and only when everything else is right.
  pass(await clearTransactions({ ...event, deployment }), NotReadyInTime);
  pass(judgeWindow(window, request.switchover.timeoutSeconds, clock.now()), NotReadyInTime);
  return { ...deployment, ...scaling, lag: pass(lag, UnexpectedState) };
});

/**
 * So many switchovers of an account and Region go on at the same time, ours or not: each asks RDS every few seconds, and RDS admits about
 * 12 calls a second of everybody together. Runs that look at the same moment can pass together, so this is no exact limit; and of more than a
 * hundred deployments a hundred are looked at: many that ask for all of them, page by page, would leave no call for those that switch over.
 */
const atOnce = 8;

function takeTurn(records: DeploymentRecord[]): void {
  const switching = records.filter(({ status }) => deploymentPhase(status) === 'switching').length;
  if (switching >= atOnce)
    throw new Throttled(
      notYet(
        `${switching} switchovers go on in this account and Region; it is asked again`,
        'start fewer runs for the same window',
      ),
    );
}

/** The names of green go with the cut: whoever had led readers there by hand would leave them without a database. */
async function refuseReadsOnGreen({ request, deployment }: Event): Promise<void> {
  const record = readsRecordOf(request);
  if (!record) return;
  const [seen, { green }] = await Promise.all([readReads(record), readReaderHosts(deployment)]);
  const share = shareOf(seen, green);
  if (share > 0)
    throw new UnexpectedState(
      `${share} % of the readers of ${record.recordName} are led to green, whose name goes with the cut: somebody else has changed the record`,
    );
}

type Sides = { blue: Deployment['blue']; green: Deployment['blue'] };

const hash = ({ id = '' }: Deployment, { blue, green }: Sides) => planHash({ deploymentId: id, blue, green });

async function refuseChangedPlan({ request, deployment }: Event, now: Deployment & Sides): Promise<void> {
  if (!deployment.planHash || hash(now, now) !== deployment.planHash)
    throw new UnexpectedState(describeChangedPlan(deployment, now));
  const { engine, kind } = now.database;
  const pairs = await readSettings(engine, kind, now);
  const { undeclared } = compareSides(engine, request, now.blue, now.green, pairs);
  if (undeclared.length > 0) throw new TestFailed(`green differs from blue: ${undeclared.join('; ')}`);
}

/** The facts of a verdict; not yet is Busy, a no is the error that names it. */
function pass<Facts>(verdict: Verdict<Facts>, No: new (because: string) => Error): Facts {
  if (verdict.kind === 'ready') return verdict.facts;
  throw verdict.kind === 'no' ? new No(verdict.because) : new Busy(verdict);
}
