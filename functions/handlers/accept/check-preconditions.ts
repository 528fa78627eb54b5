import { readPreconditions } from '../../aws/facts/preconditions.ts';
import { attempt } from '../../aws/readings.ts';
import { readLastRehearsal } from '../../aws/step-functions/rehearsals.ts';
import { readSide } from '../../databases/look-at-following.ts';
import { lookAtLoad } from '../../databases/look-at-load.ts';
import { lookBefore } from '../../databases/look-before.ts';
import type { Deployment, Finding } from '../../domain/model/deployment.ts';
import { deploymentName } from '../../domain/model/deployment-name.ts';
import { PreconditionFailed } from '../../domain/model/errors.ts';
import { isRead } from '../../domain/model/reading.ts';
import { judgeCopy } from '../../domain/on-copy/proof.ts';
import { describeRehearsed, findChangesSince, productionOf } from '../../domain/on-copy/rehearsal.ts';
import type { HookAsked, PreconditionFacts } from '../../domain/preconditions/facts.ts';
import { describeRefusal, judgePreconditions, sourceMissing } from '../../domain/preconditions/list.ts';
import type { Request } from '../../domain/request/request.ts';
import { clock } from '../../runtime/clock.ts';
import { env } from '../../runtime/env.ts';
import { type TaskEvent, task } from '../../tasks/task.ts';

interface Event extends TaskEvent {
  request: Request;
  hooks: HookAsked[];
}

interface Result {
  deployment: Deployment;
  /** Warnings; a run with anything worse is refused. */
  findings: Finding[];
}

/** Reads the source and everything around it, asks the databases themselves, and asks every rule. Changes nothing. */
export const handler = task(
  'Check preconditions',
  async ({ request, hooks, executionArn }: Event): Promise<Result> => {
    const reading = await attempt(
      readPreconditions(
        request,
        executionArn,
        clock.now(),
        {
          changeableRecords: env('WAY_BACK_RECORDS').split(','),
          readRampRecords: env('READ_RAMP_RECORDS').split(','),
        },
        env('DATABASES'),
        { announcements: env('ANNOUNCEMENTS_TOPIC_ARN'), approvals: env('APPROVALS_TOPIC_ARN') },
      ),
    );
    const known = 'value' in reading ? reading.value : undefined;
    const facts = known && {
      ...known,
      hooks,
      copyRefused: await refuseCopy(known),
      rehearsed: await attempt(readLastRehearsal(env('REHEARSAL_STATE_MACHINE_ARN'), known.blue.resourceId)),
      sql: await lookBefore({ ...known, hooks }),
      ...(await withLoad(known)),
    };
    const findings = facts
      ? judgePreconditions(facts)
      : [sourceMissing(request.database, 'unreadable' in reading ? reading.unreadable : undefined)];
    const refusal = describeRefusal(findings);
    if (refusal !== undefined || !facts) throw new PreconditionFailed(refusal);
    const { database, blue, replication } = facts;
    const rehearsed = sayRehearsed(facts);
    const deployment = {
      name: deploymentName(database),
      database,
      blue,
      replication,
      ...(rehearsed && { rehearsed }),
    };
    return { deployment: await withBlue({ request, executionArn }, deployment), findings };
  },
);

async function withLoad(facts: Parameters<typeof lookAtLoad>[0]): Promise<Pick<PreconditionFacts, 'load'>> {
  const load = await lookAtLoad(facts, env('LOAD_STATEMENTS').split(','));
  return load ? { load } : {};
}

/** For the people who are asked; undefined without a rehearsal that could be read. */
function sayRehearsed({
  request,
  blue,
  rehearsed,
}: Pick<PreconditionFacts, 'request' | 'blue' | 'rehearsed'>): string | undefined {
  if (!rehearsed || !isRead(rehearsed) || !rehearsed.value) return undefined;
  const { value } = rehearsed;
  return describeRehearsed(
    value,
    findChangesSince(value, productionOf(blue), request.target.engineVersion ?? null),
  );
}

/** Why the run is none on a copy; null: it is, or does not say so. Its seal is verified just before the cut. */
async function refuseCopy(
  facts: Pick<PreconditionFacts, 'request' | 'executionArn' | 'blue' | 'tags'>,
): Promise<string | null> {
  const verdict = await judgeCopy(facts);
  return verdict.kind === 'no' ? verdict.because : null;
}

/**
 * With what blue says of itself: how large it is, for the estimates, and what its catalogs are before green is built, where replication brings no change
 * of them to green. What cannot be read is not known later; of a deployment that is taken up only a change from now on is seen.
 */
async function withBlue(event: Pick<Event, 'request' | 'executionArn'>, deployment: Deployment) {
  if (!event.request.wayBack.login) return deployment;
  const isCompared = deployment.replication === 'logical' && !event.request.dryRun;
  const side = await readSide(event, deployment, deployment.blue, isCompared ? 'catalogs' : 'tables');
  if (!isRead(side)) return deployment;
  const { catalogs, consumers, size } = side.value;
  return { ...deployment, consumers, ...(size && { size }), ...(isCompared && { catalogs }) };
}
