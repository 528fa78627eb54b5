import type { Deployment } from '../domain/model/deployment.ts';
import type { Request } from '../domain/request/request.ts';
import type { TaskEvent } from './task.ts';
import type { WaitEvent } from './wait.ts';

/** What the tasks of a validated run get: the variables of the run, as they were read last. */
export interface RunEvent extends TaskEvent {
  request: Request;
  deployment: Deployment;
}

/** The same for its waiting states. */
export interface WaitingRunEvent extends WaitEvent {
  request: Request;
  deployment: Deployment;
}
