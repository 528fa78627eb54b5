import { readFile } from 'node:fs/promises';
import type { StateName } from '../functions/domain/model/states.ts';
import { configureSql } from '../functions/sql/settings.ts';
import type { PostgresDataPlane } from '../packages/local-aws/postgres/data-plane.ts';
import { APP_ROLE, MASTER_ROLE } from '../packages/local-aws/postgres/database.ts';
import { lockAgainAndAgain } from '../packages/local-aws/postgres/faults.ts';
import { WORKLOAD_SCHEMA } from '../packages/local-aws/postgres/workload-schema.ts';
import { productionOf } from './blue.ts';
import { goBackThroughDeaths } from './killed-roll-back.ts';
import { portOfJobs, type Stage, setAlarm } from './stage.ts';

const setup = new URL('../docs/setup-postgresql.sql', import.meta.url);

/**
 * The setup file as the master user runs it. The last statement stands for the right that `rds_replication` carries on RDS; here that role is
 * empty. What `rds_superuser` carries is the master's own, who is a superuser here; our role has nothing of it.
 */
export function asMaster(setup: string): string {
  return `SET SESSION AUTHORIZATION ${MASTER_ROLE}; ${setup}
ALTER ROLE viridian_replication REPLICATION; RESET SESSION AUTHORIZATION; RESET search_path; RESET standard_conforming_strings;`;
}

/** What goes wrong in the bake, or is asked of it. */
export type Occurrence =
  | 'bake-alarm'
  | 'slow-after-cut'
  | 'reverse-broken'
  | 'go-back'
  | 'crash-while-going-back';

/** Runs the setup file on blue, as its owner would, and lets functions sign in to servers on this machine. */
export async function prepareWayBack(plane: PostgresDataPlane, blue: string): Promise<void> {
  await plane.loadSchema(blue, asMaster(await readFile(setup, 'utf8')));
  configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });
}

/**
 * The part of the request.
 * @param record by which production goes back; it is renamed without one
 * @param holds hooks hold the application, so that its roles need no gate
 */
export function requestWayBack(
  occurrence: Occurrence | undefined,
  holds: boolean,
  record: object | undefined,
): object {
  return {
    login: {},
    applicationRoles: holds ? [] : [APP_ROLE],
    compare: 'checksums',
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
      'slow-after-cut': () => lockAgainAndAgain(portOfJobs(stage)),
      'reverse-broken': () => breakReverseStream(stage),
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

/** A change of the schema on new production is not carried back: with the next row of that table the stream stops. */
async function breakReverseStream({ account, plane }: Stage): Promise<void> {
  await plane
    .database(productionOf(account) ?? '')
    .sql.query(`ALTER TABLE ${WORKLOAD_SCHEMA}.audit_log ADD COLUMN channel text NOT NULL DEFAULT 'web'`);
}
