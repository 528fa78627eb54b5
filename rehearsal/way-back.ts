import type { StateName } from '../functions/domain/model/states.ts';
import { APP_ROLE } from '../packages/local-aws/postgres/database.ts';
import { productionOf } from './blue.ts';
import { goBackThroughDeaths } from './killed-roll-back.ts';
import { portOfJobs, type Stage, setAlarm } from './stage.ts';

/** What goes wrong in the bake, or is asked of it. */
export type Occurrence =
  | 'bake-alarm'
  | 'slow-after-cut'
  | 'reverse-broken'
  | 'go-back'
  | 'crash-while-going-back';

/**
 * The part of the request.
 * @param record by which production goes back; it is renamed without one
 * @param holds hooks hold the application, so that its roles need no gate
 * @param known the rows are our own and few: the comparison is the strongest. Of what comes from the user the run decides, as it would for a request that
 * says nothing
 */
export function requestWayBack(
  occurrence: Occurrence | undefined,
  { holds, record, known }: { holds: boolean; record: object | undefined; known: boolean },
): object {
  return {
    login: {},
    applicationRoles: holds ? [] : [APP_ROLE],
    ...(known && { compare: 'checksums' }),
    ...(record && { endpoint: { kind: 'route53', ...record } }),
    onFailure: occurrence === 'bake-alarm' || occurrence === 'slow-after-cut' ? 'go-back' : 'ask',
  };
}

const watched: StateName = 'Bake';

/**
 * Lets something happen once the run bakes with its way back attached.
 * @param told gets a line about what happens beside the states
 */
export function letHappen(
  stage: Stage,
  occurrence: Occurrence,
  executionArn: () => string,
  told: (line: string) => void,
): void {
  let happened = false;
  stage.account.states.on((event) => {
    if (happened || event.kind !== 'history' || event.event.stateEnteredEventDetails?.name !== watched)
      return;
    happened = true;
    const acts: Record<Occurrence, () => Promise<unknown>> = {
      'bake-alarm': () => setAlarm(stage.account, 'ALARM'),
      'slow-after-cut': async () => stage.servers.troubles.slowDown?.(portOfJobs(stage)),
      'reverse-broken': () =>
        stage.servers.run(productionOf(stage.account) ?? '', stage.servers.breaksReverseStream),
      'crash-while-going-back': () => goBackThroughDeaths(stage, executionArn(), told),
      'go-back': async () =>
        stage.account.states.startExecution({
          stateMachineArn: stage.account.rollBackMachineArn,
          input: JSON.stringify({ executionArn: executionArn(), requestedBy: 'npm start' }),
        }),
    };
    // New production takes writes for a while before it is given up.
    stage.clock.sleep(writingMs).then(acts[occurrence]);
  });
}

/** Of the run's time: two seconds of real time. */
const writingMs = 60_000;
