import { askDatabase, readPlaceBeforeTheCut } from '../../databases/ask.ts';
import { loginOf } from '../../databases/question.ts';
import { isMajorUpgrade } from '../../domain/model/engine-version.ts';
import type { ServerFacts } from '../../domain/way-back/facts.ts';
import { judgeWayBack } from '../../domain/way-back/feasibility.ts';
import type { Distinction } from '../../domain/way-back/identity.ts';
import {
  beginWayBack,
  findNotAsked,
  type WayBack,
  withDistinction,
  withoutWayBack,
} from '../../domain/way-back/state.ts';
import { targetKindOf } from '../../domain/way-back/target.ts';
import type { RunEvent } from '../../tasks/run-event.ts';
import { task } from '../../tasks/task.ts';

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
      blue: blue as ServerFacts,
      ...(green !== undefined && { green: green as ServerFacts }),
    }),
    targetKindOf(deployment.database.kind, request.wayBack.target),
  );
  return green === undefined || wayBack.databases.length === 0
    ? wayBack
    : withDistinction(wayBack, await distinguish(event, wayBack));
});

/** By what both sides are told apart from inside from here on, or why nothing does. */
async function distinguish(
  { request, deployment, executionArn }: RunEvent,
  { databases }: WayBack,
): Promise<Distinction | string> {
  const [blue, green] = await Promise.all([
    readPlaceBeforeTheCut(deployment, 'blue'),
    readPlaceBeforeTheCut(deployment, 'green'),
  ]);
  const login = loginOf(request);
  const reply = await askDatabase('distinguish', { executionArn, login, databases, blue, green });
  return reply.kind === 'answer' ? reply.facts : reply.because;
}

/** The facts of a side, or why they could not be had. */
async function readFacts(
  { request, deployment, executionArn }: RunEvent,
  side: 'blue' | 'green',
): Promise<ServerFacts | string> {
  const reply = await askDatabase('facts', {
    ...(await readPlaceBeforeTheCut(deployment, side)),
    executionArn,
    login: loginOf(request),
    applicationRoles: request.wayBack.applicationRoles,
  });
  return reply.kind === 'answer' ? reply.facts : `${side} could not be asked: ${reply.because}`;
}
