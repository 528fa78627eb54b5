import type { Evidence } from '../approval/evidence.ts';
import type { Baked } from '../bake/report.ts';
import type { Deployment, Finding, Window } from '../model/deployment.ts';
import type { Failure } from '../model/failure.ts';
import { showTime } from '../model/text.ts';
import type { Request } from '../request/request.ts';
import { timeZoneOf } from '../request/time-zone.ts';
import type { WayBack } from '../way-back/state.ts';

/** What the state machine gives to "announce": variables of the run, and of those only what a message needs. */
export interface AnnouncementFacts {
  executionArn: string;
  /** When the state was entered, as ISO time: the moment of what is told. */
  at: string;
  request: Request;
  deployment: Deployment;
  wayBack: WayBack;
  findings?: Finding[];
  window?: Window;
  tests?: Evidence['tests'];
  failure?: Failure | null;
  baked?: Baked;
  writesOut?: WritesOut;
  /** ISO time: so long a decision is waited for, the release of writes is tried, or old blue is kept. */
  until?: string;
  /** Of an execution that goes back: the run that it undoes, and the approval that it has. */
  run?: string;
  approval?: unknown;
  /** Address of the HTTP API of the stack, for the commands of people. */
  api: string;
  /** Where the people of this stack read the runbook. */
  runbook: string;
}

/** Since when clients may not have been able to write, and by what: a hook that stops them, or the call of the switchover. */
export interface WritesOut {
  since: string;
  by: 'hook' | 'switchover';
  /** When they were released by the proof of new production, before RDS was done. */
  until?: string;
}

/** A moment, in UTC and in the zone of the request. A message whose time is missing is told all the same. */
export const timeFor =
  ({ request }: Pick<AnnouncementFacts, 'request'>) =>
  (isoTime = 'an unknown time'): string =>
    showTime(isoTime, timeZoneOf(request));

/** The command by which a person with rights in IAM asks to go back. */
export function goBackCommand({ api, executionArn }: Pick<AnnouncementFacts, 'api' | 'executionArn'>) {
  return { command: `npm run go-back -- --api ${api} --execution ${executionArn}` };
}

/** The command by which a person with rights in IAM stops the run in order. */
export function stopCommand({ api, executionArn }: Pick<AnnouncementFacts, 'api' | 'executionArn'>) {
  return { command: `npm run stop -- --api ${api} --execution ${executionArn} --reason 'WHY'` };
}
