import { readGroupUse } from '../../aws/rds/read-only.ts';
import { askDatabase, readPlaceBeforeTheCut } from '../../databases/ask.ts';
import { signInOf } from '../../databases/question.ts';
import { findEngine } from '../../domain/model/engine.ts';
import { isMajorUpgrade } from '../../domain/model/engine-version.ts';
import { judgeWayBack } from '../../domain/way-back/feasibility.ts';
import type { Distinction } from '../../domain/way-back/identity.ts';
import { findGroupObstacle } from '../../domain/way-back/mysql/own-group.ts';
import {
  beginWayBack,
  findNotAsked,
  type WayBack,
  withDistinction,
  withoutWayBack,
} from '../../domain/way-back/state.ts';
import { targetKindOf } from '../../domain/way-back/target.ts';
import type { Answer } from '../../sql/contract.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

type Facts = Answer<'facts'>;

/**
 * Asks both databases whether a way back can be set up without losing a row. A no refuses nothing: the approval says so. Green
 * is asked once it is there.
 */
export const handler = task('Check the way back', async (event: RunEvent): Promise<WayBack> => {
  const { request, deployment } = event;
  const because = findNotAsked(request, deployment.database);
  if (because) return withoutWayBack(because);
  const [blue, green] = await Promise.all([
    readFacts(event, 'blue'),
    deployment.green ? readFacts(event, 'green') : undefined,
  ]);
  const unanswered = [blue, green].flatMap((reading) => (typeof reading === 'string' ? [reading] : []));
  if (unanswered.length > 0) return withoutWayBack(unanswered.join('; '));
  const wayBack = beginWayBack(
    judgeWayBack({
      enabled: true,
      engine: deployment.database.engine,
      replication: deployment.replication,
      stopsWrites: request.hooks.stopWrites !== undefined,
      applicationRoles: request.wayBack.applicationRoles,
      compare: request.wayBack.compare,
      losesStatistics: isMajorUpgrade(
        deployment.database.engine,
        deployment.blue.engineVersion,
        request.target.engineVersion ?? deployment.blue.engineVersion,
      ),
      readOnlyObstacle: await findReadOnlyObstacle(event),
      ...(deployment.schema && { schemaObstacles: deployment.schema.back }),
      blue: blue as Facts,
      ...(green !== undefined && { green: green as Facts }),
    }),
    targetKindOf(deployment.database.kind, request.wayBack.target),
  );
  return green === undefined || wayBack.databases.length === 0
    ? wayBack
    : withDistinction(wayBack, await distinguish(event, wayBack));
});

/** Of an instance of the MySQL family: why going back could not let blue be written again, which its parameter group decides. */
async function findReadOnlyObstacle({ deployment }: RunEvent): Promise<string | undefined> {
  const { engine, kind } = deployment.database;
  if (kind === 'cluster' || findEngine(engine)?.family !== 'mysql') return undefined;
  return findGroupObstacle(await readGroupUse(deployment.blue.resourceId));
}

/** By what both sides are told apart from inside from here on, or why nothing does. */
async function distinguish(
  { request, deployment, executionArn }: RunEvent,
  { databases }: WayBack,
): Promise<Distinction | string> {
  const [blue, green] = await Promise.all([
    readPlaceBeforeTheCut(deployment, 'blue'),
    readPlaceBeforeTheCut(deployment, 'green'),
  ]);
  const signIn = signInOf(request, deployment.database);
  const reply = await askDatabase('distinguish', { executionArn, ...signIn, databases, blue, green });
  return reply.kind === 'answer' ? reply.facts : reply.because;
}

/** The facts of a side, or why they could not be had. */
async function readFacts(
  { request, deployment, executionArn }: RunEvent,
  side: 'blue' | 'green',
): Promise<Facts | string> {
  const reply = await askDatabase('facts', {
    ...(await readPlaceBeforeTheCut(deployment, side)),
    executionArn,
    ...signInOf(request, deployment.database),
    applicationRoles: request.wayBack.applicationRoles,
  });
  return reply.kind === 'answer' ? reply.facts : `${side} could not be asked: ${reply.because}`;
}
