import { classifyError } from '../../aws/errors.ts';
import { sealWith } from '../../aws/kms.ts';
import { addCopyWriter, copyProduction, readCopy } from '../../aws/rds/copy.ts';
import { asSide } from '../../aws/rds/side.ts';
import { readSource, type Source } from '../../aws/rds/source.ts';
import type { Side } from '../../domain/model/deployment.ts';
import { Busy, ProvisioningFailed, RequestInvalid } from '../../domain/model/errors.ts';
import { executionPrefix } from '../../domain/model/execution-arn.ts';
import { lookAtRds, notYet } from '../../domain/model/not-yet.ts';
import { copyTag } from '../../domain/model/tags.ts';
import { type CopyStep, copyName, namesOfExecutions, nextCopyStep } from '../../domain/on-copy/copy.ts';
import { findNothingToRehearse, requestOnCopy } from '../../domain/on-copy/copy-request.ts';
import { textOfCopy } from '../../domain/on-copy/proof.ts';
import { type ProductionThen, productionOf } from '../../domain/on-copy/rehearsal.ts';
import type { Request } from '../../domain/request/request.ts';
import { env } from '../../runtime/env.ts';
import { type Look, type WaitEvent, wait } from '../../tasks/wait.ts';

interface Event extends WaitEvent {
  /** The request of a run, validated. */
  request: Request;
}

/** The copy, and the run that is to be started on it. */
interface Copied {
  resourceId: string;
  /** Name and address of the copy, host:port. */
  copy: { id: string; endpoint: string };
  production: ProductionThen & { resourceId: string };
  targetVersion: string | null;
  /** Names of the executions on the copy, and the ARN of the run. */
  names: { run: string; goingBack: string };
  run: string;
  /** Input of the run, sealed for it alone. */
  request: object;
}

const inRds = lookAtRds('the copy');

/**
 * Makes the copy of production, a step at a look, and is ready when it is available behind the one security group that the stack names. Only
 * then is the run on it sealed. Production is only read.
 */
export const handler = wait('Make the copy', async (event: Event): Promise<Look<Copied>> => {
  const { executionArn, request } = event;
  if (request.copy) throw new RequestInvalid('copy: is written by a rehearsal; leave it out');
  const nothing = findNothingToRehearse(request);
  if (nothing) throw new RequestInvalid(nothing);
  const group = readGroup();
  const source = await readProduction(request);
  const name = copyName(executionArn, source.database);
  const there = await readCopy(source.database.kind, name);
  const step = nextCopyStep(executionArn, there?.found, { groups: there?.groups ?? [], wanted: group });
  if (step.kind === 'no') throw new ProvisioningFailed(step.because);
  if (step.kind === 'busy') return notYet(step.because, inRds);
  if (step.kind === 'made')
    return { kind: 'ready', facts: await sealRun(executionArn, request, source, step.copy) };
  await take(step, source, name, group, executionArn).catch(translateRefusal);
  return notYet(step.kind === 'copy' ? 'RDS copies production' : `${step.to} gets its instance`, inRds);
});

function readGroup(): string {
  const group = env('COPY_SECURITY_GROUP');
  if (group !== 'none') return group;
  throw new RequestInvalid(
    'rehearseOnCopy: this stack names no security group for copies; deploy it with --param="copySecurityGroup=sg-…"',
  );
}

async function readProduction({ database }: Request): Promise<Source> {
  const source = await readSource(database);
  if (!source) throw new RequestInvalid(`database: there is no ${database} in this account and Region`);
  if (copyTag in source.tags)
    throw new RequestInvalid(
      `database: ${database} is a copy itself; name the database that it is a copy of`,
    );
  return source;
}

function take(
  step: CopyStep & { kind: 'copy' | 'add-writer' },
  source: Source,
  name: string,
  group: string,
  rehearsal: string,
): Promise<void> {
  const tags = { [copyTag]: rehearsal };
  return step.kind === 'copy' ? copyProduction(source, name, group, tags) : addCopyWriter(source, step, tags);
}

async function sealRun(rehearsal: string, request: Request, source: Source, copy: Side): Promise<Copied> {
  const { resourceId } = copy;
  const blue = asSide(source.raw);
  const names = namesOfExecutions(rehearsal);
  const run = `${executionPrefix(env('STATE_MACHINE_ARN'))}${names.run}`;
  const seal = await sealWith(env('REHEARSAL_KEY_ID'))(textOfCopy(run, { rehearsal, resourceId }));
  return {
    resourceId,
    copy: { id: copy.id, endpoint: copy.endpoint },
    production: { resourceId: blue.resourceId, ...productionOf(blue) },
    targetVersion: request.target.engineVersion ?? null,
    names,
    run,
    request: requestOnCopy(request, copy, { rehearsal, resourceId, seal }),
  };
}

/** Of a crashed attempt, RDS may know the name before it lists what it made. */
function translateRefusal(error: Error): never {
  if (/^DB(Cluster|Instance)AlreadyExistsFault$/.test(error.name))
    throw new Busy(notYet('RDS says that the name of the copy is taken and does not list it yet', inRds), {
      cause: error,
    });
  if (classifyError(error) !== 'refused') throw error;
  throw new ProvisioningFailed(`RDS refused to copy production (${error.name}: ${error.message})`, {
    cause: error,
  });
}
