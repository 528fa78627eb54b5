import type { Database, Deployment } from '../domain/model/deployment.ts';
import { findEngine } from '../domain/model/engine.ts';
import { UnexpectedState } from '../domain/model/errors.ts';
import type { Request } from '../domain/request/request.ts';
import type { WayBack } from '../domain/way-back/state.ts';
import type { Login, Question } from '../sql/contract.ts';
import type { RunEvent, WaitingRunEvent } from '../tasks/run-event.ts';

/** What the tasks of the way back get, in the run itself and in the execution that goes back. */
export interface WayBackEvent extends RunEvent {
  wayBack: WayBack;
  /** The run that the way back belongs to, where another execution acts. */
  run?: string;
}

export interface WaitingWayBackEvent extends WaitingRunEvent {
  wayBack: WayBack;
  run?: string;
}

/** What every question to a database has, and the databases that it is about. */
export function questionOf({
  run,
  executionArn,
  request,
  deployment,
  wayBack,
}: Pick<WayBackEvent, 'run' | 'executionArn' | 'request' | 'wayBack'> & {
  deployment: Pick<Deployment, 'database'>;
}): Question & { databases: string[] } {
  return {
    executionArn: run ?? executionArn,
    ...signInOf(request, deployment.database),
    databases: wayBack.databases,
  };
}

/** Which function is asked, and as whom it signs in. */
export function signInOf(
  request: Request,
  { engine }: Pick<Database, 'engine'>,
): Pick<Question, 'login' | 'family'> {
  const family = findEngine(engine)?.family;
  return { login: loginOf(request), ...(family && { family }) };
}

/** How to sign in. A request without a login never gets as far as asking. */
function loginOf({ wayBack }: Request): Login {
  if (!wayBack.login) throw new UnexpectedState('the request names no wayBack.login');
  return wayBack.login;
}
