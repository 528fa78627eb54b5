import { limits } from '../functions/domain/model/limits.ts';
import type { Variable } from '../functions/runtime/env.ts';

/** Everything that differs between functions, apart from their permissions. */
export interface FunctionSpec {
  /** Source file below `functions/`; it exports `handler`. */
  source: string;
  /** For the console and for whoever reads the stack. */
  description: string;
  timeoutSeconds: number;
  /** CPU comes with memory. 512 MiB loads an SDK client in about a third of a second; without one 256 MiB is plenty. */
  memoryMiB: 256 | 512;
  /** Variables that the function reads; a test compares them with its bundle. */
  environment?: readonly Variable[];
  /** Executions at the same time, when the stack is deployed with reserved concurrency. */
  reserved?: number;
}

const { look: lookSeconds, ...seconds } = limits.functions;

const look = (description: string, rest: Partial<FunctionSpec> = {}): Omit<FunctionSpec, 'source'> => ({
  description,
  timeoutSeconds: lookSeconds,
  memoryMiB: 512,
  ...rest,
});

const act = (
  description: string,
  timeoutSeconds: number,
  rest: Partial<FunctionSpec> = {},
): Omit<FunctionSpec, 'source'> => ({ description, timeoutSeconds, memoryMiB: 512, ...rest });

/** For whoever asks databases. */
const askSql: readonly Variable[] = ['SQL_POSTGRES_FUNCTION', 'SQL_MYSQL_FUNCTION'];
/** For whoever deletes. */
const askForMarks: readonly Variable[] = ['MARK_DATABASES_FUNCTION'];

/** The tasks of the state machines, by phase and by the camelCase of the state's name. A phase is a folder of `functions/handlers`. */
const tasks = {
  accept: {
    validateRequest: act('Reads the request once and fills in the defaults', seconds.brief, {
      memoryMiB: 256,
      environment: ['UNAPPROVED_RUNS'],
    }),
    checkPreconditions: act('Decides whether the change is possible; changes nothing', seconds.long, {
      environment: [
        ...askSql,
        'DATABASES',
        'LOAD_STATEMENTS',
        'READ_RAMP_RECORDS',
        'WAY_BACK_RECORDS',
        'ANNOUNCEMENTS_TOPIC_ARN',
        'APPROVALS_TOPIC_ARN',
        'REHEARSAL_STATE_MACHINE_ARN',
      ],
    }),
  },
  build: {
    createGreen: act('Creates the blue/green deployment, or takes up its own', seconds.create),
    waitForGreen: look('Looks whether green is ready, and after green of a paused run', {
      environment: askSql,
    }),
    changeMembersOfGreen: act('Gives instances of green other classes', seconds.act, {
      environment: askForMarks,
    }),
    failOverGreen: act('Fails green over, and never blue, to see how long it takes', seconds.act, {
      environment: askForMarks,
    }),
    checkParity: act('Compares green with blue and with the request', seconds.act),
    refreshTheStatisticsOfGreen: act(
      'Refreshes the statistics of green, and runs the load test, a little at a time',
      seconds.long,
      {
        environment: askSql,
      },
    ),
    removeGreen: act('Removes green of a run that stopped before the switchover', seconds.long, {
      environment: askForMarks,
    }),
    waitForRemoval: look('Looks whether green is gone'),
  },
  hold: {
    findTheNextWindow: act('Finds the next maintenance window', seconds.brief, { memoryMiB: 256 }),
    askForApproval: act('Sends the evidence and the sealed link to a group', seconds.act, {
      environment: [...askSql, 'APPROVALS_TOPIC_ARN', 'ANNOUNCEMENTS_TOPIC_ARN', 'LINK_KEY_ID', 'PAGE_URL'],
    }),
    waitForApproval: look('Re-reads the facts while people decide', { environment: askSql }),
    waitForWindow: look('Looks whether the maintenance window is open, and green harmless until then', {
      environment: askSql,
    }),
    waitForReplicationToCatchUp: look('Looks whether green has caught up with blue', {
      environment: askSql,
    }),
    takeTheBaseline: act('Measures blue for the comparison of the bake; changes nothing', seconds.brief),
    leadReadsToGreen: act('Leads a share of the readers to green, or all of them back', seconds.act),
    watchTheReads: look('Compares green with blue under its readers, and looks whether all are back'),
    finalCheck: act('Re-reads everything and verifies the approval, just before the cut', seconds.act, {
      environment: ['DECISION_KEY_ID', 'REHEARSAL_KEY_ID', ...askSql],
    }),
  },
  cut: {
    holdApplicationWrites: act('Holds the application on green, before the cut', seconds.act, {
      environment: askSql,
    }),
    startSwitchover: act('Asks RDS for the switchover, once', seconds.act),
    waitForSwitchover: look('Looks whether the switchover has ended, or new production takes writes', {
      environment: askSql,
    }),
    findProductionSide: act('Proves which side serves production', seconds.long),
    countChangesAfterTheCut: act('Notes what new production had changed at the cut', seconds.act, {
      environment: askSql,
    }),
    secureTheWayBack: look('Makes the beginning of the way back on new production', { environment: askSql }),
    releaseApplicationWrites: look('Lets the application write again', { environment: askSql }),
    findWhereConsumersGoOn: act('Reads from where consumers of changes go on after the cut', seconds.act, {
      environment: askSql,
    }),
  },
  prove: {
    putBackWhatWasDropped: act('Gives production what the deployment has not copied', seconds.act),
    verifyProduction: act(
      'Verifies new production after the cut, and that an application can write there',
      seconds.long,
      {
        environment: askSql,
      },
    ),
    bake: look('Watches and compares new production, and watches the way back', { environment: askSql }),
  },
  'way-back': {
    checkTheWayBack: act('Asks the databases whether a way back can be made, and marks green', seconds.act, {
      environment: askSql,
    }),
    makeTheRollbackTarget: act('Clones old blue of Aurora, as the target of the way back', seconds.act),
    waitForTheRollbackTarget: look('Looks whether the clone of old blue is made'),
    fenceTheRollbackTarget: act('Closes the clone of old blue for writing', seconds.act, {
      environment: askSql,
    }),
    attachTheRollbackTarget: act('Lets the target receive the changes of new production', seconds.act, {
      environment: askSql,
    }),
    removeTheRollbackTarget: act('Deletes the clone of a way back that was not used', seconds.long, {
      environment: askForMarks,
    }),
    closeTheWayBack: act('Removes everything of the way back', seconds.act, { environment: askSql }),
    waitForADecision: look('Keeps the way back watched while people decide', { environment: askSql }),
    waitForGoingBack: look('Looks whether the execution that goes back has ended'),
  },
  close: {
    releaseTheDeploymentRecord: act('Deletes the deployment record, never a database', seconds.act, {
      environment: askForMarks,
    }),
    waitForRetention: look('Looks whether the retention of old blue is over', { memoryMiB: 256 }),
    takeFinalSnapshot: act('Takes the final snapshot of old blue', seconds.act),
    waitForSnapshot: look('Looks whether the final snapshot is available'),
    deleteOldBlue: act('Deletes old blue, after its snapshot and its retention', seconds.long, {
      environment: askForMarks,
    }),
    waitForDeletion: look('Looks whether old blue is gone'),
  },
  'roll-back': {
    readTheRun: act('Reads the run to undo, verifies the yes, and marks new production', seconds.long, {
      environment: ['DECISION_KEY_ID'],
    }),
    fenceNewProduction: act('Closes new production for writing', seconds.act, { environment: askSql }),
    waitForTheLastChanges: look('Looks whether blue has received everything', { environment: askSql }),
    checkForOtherWriters: act('Proves that nobody can write on either side', seconds.act, {
      environment: askSql,
    }),
    compareBothSides: act('Compares the rows of both sides, a step at a time', seconds.long, {
      environment: askSql,
    }),
    stateTheLoss: act(
      'States what going back would lose, and compares it with the accepted loss',
      seconds.act,
      {
        environment: askSql,
      },
    ),
    detachTheRollbackTarget: act('Ends the stream into blue', seconds.act, { environment: askSql }),
    setTheSequences: act('Sets the sequences of blue', seconds.act, { environment: askSql }),
    swapTheEndpoint: act('Leads the address of production to blue, a step at a time', seconds.act, {
      environment: askSql,
    }),
    waitForTheEndpoint: look('Looks whether a step of the endpoint is through'),
    waitForTheDnsTtl: look('Looks whether the TTL of the old DNS answer has passed'),
    admitTheApplication: act('Takes the fence of Aurora off the target, which is still closed', seconds.act),
    openBlueForWrites: act('Opens blue after the proof that new production is closed', seconds.act, {
      environment: askSql,
    }),
    verifyGoingBack: act('Proves that blue serves', seconds.long, { environment: askSql }),
    stayOnNewProduction: act('Opens new production again', seconds.act, { environment: askSql }),
  },
  'on-copy': {
    makeTheCopy: look('Copies production for a rehearsal, and seals the run on the copy', {
      environment: ['COPY_SECURITY_GROUP', 'REHEARSAL_KEY_ID'],
    }),
    waitForTheRunOnTheCopy: look('Looks how far the run on the copy is, and what it measured'),
    removeTheCopy: look('Deletes everything that a rehearsal has made', {
      environment: ['ROLL_BACK_STATE_MACHINE_ARN', 'REHEARSAL_STATE_MACHINE_ARN', 'RUNBOOK'],
    }),
  },
  outcome: {
    announce: act('Announces what a run that goes on has come to', seconds.brief, {
      environment: ['ANNOUNCEMENTS_TOPIC_ARN', 'PAGE_URL', 'RUNBOOK'],
    }),
    recordOutcome: act('Reads the end state and writes the outcome', seconds.long, {
      environment: [...askSql, 'RUNBOOK'],
    }),
    notify: act('Publishes the outcome', seconds.act, { environment: ['ANNOUNCEMENTS_TOPIC_ARN'] }),
  },
} as const satisfies Record<string, Record<string, Omit<FunctionSpec, 'source'>>>;

/** A phase of a run, as the README has them, or `roll-back`. */
type Phase = keyof typeof tasks;
type TaskKey = { [P in Phase]: keyof (typeof tasks)[P] }[Phase];

/** The functions that events and people invoke. HTTP answers within the 30 s of an HTTP API. */
const others = {
  wakeRun: {
    source: 'events/wake-run.ts',
    ...act('Wakes a waiting run on an event of RDS or of an alarm', seconds.wake, {
      environment: ['STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  markDatabases: {
    source: 'events/mark-databases.ts',
    ...act('Puts on the tags without which no database is deleted, after a proof of its own', seconds.sql, {
      environment: ['STATE_MACHINE_ARN'],
      reserved: 2,
    }),
  },
  sqlPostgres: {
    source: 'sql/postgres.ts',
    ...act('Speaks SQL to PostgreSQL: answers facts or does one bounded act', seconds.sql, {
      environment: ['RDS_CA_FILE', 'STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  sqlMysql: {
    source: 'sql/mysql.ts',
    ...act('Speaks SQL to MySQL and MariaDB: answers facts or does one bounded act', seconds.sql, {
      environment: ['RDS_CA_FILE', 'STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  reconcile: {
    source: 'events/reconcile.ts',
    ...act('Reports the current state of a run that ended without an announcement', seconds.reconcile, {
      environment: [
        'STATE_MACHINE_ARN',
        'ROLL_BACK_STATE_MACHINE_ARN',
        'ANNOUNCEMENTS_TOPIC_ARN',
        'RUNBOOK',
        ...askSql,
      ],
      reserved: 2,
    }),
  },
  keepEvidence: {
    source: 'events/keep-evidence.ts',
    ...act('Writes the record of a run that has ended', seconds.evidence, {
      environment: [
        'ARTEFACT_DIGEST',
        'CHANGE_LOGS',
        'EVIDENCE_BUCKET',
        'EVIDENCE_KEY_ARN',
        'STATE_MACHINE_ARN',
        'ROLL_BACK_STATE_MACHINE_ARN',
        'REHEARSAL_STATE_MACHINE_ARN',
      ],
      reserved: 2,
    }),
  },
  approvalPage: {
    source: 'http/approval-page.ts',
    ...act('Shows the question and takes the answer of the holder of a link', seconds.page, {
      environment: ['LINK_KEY_ID', 'DECIDE_FUNCTION', 'PAGE_URL', 'STATE_MACHINE_ARN'],
      reserved: 10,
    }),
  },
  decideWithIam: {
    source: 'http/decide-with-iam.ts',
    ...act('Hands on what a person has signed whom IAM has let through', seconds.page, {
      environment: ['DECIDE_FUNCTION', 'STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  runPages: {
    source: 'http/run-pages.ts',
    ...act('Shows the runs of the stack, and how each stands; reads only', seconds.page, {
      environment: ['PAGE_URL', 'STATE_MACHINE_ARN', 'ROLL_BACK_STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  decide: {
    source: 'http/decide.ts',
    ...act('Finds the open question and answers it with a sealed decision', seconds.decide, {
      environment: [
        'LINK_KEY_ID',
        'DECISION_KEY_ID',
        'ANNOUNCEMENTS_TOPIC_ARN',
        'RUNBOOK',
        'STATE_MACHINE_ARN',
        'ROLL_BACK_STATE_MACHINE_ARN',
      ],
      reserved: 10,
    }),
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionKey = TaskKey | keyof typeof others;

const taskSpecs = Object.fromEntries(
  Object.entries(tasks).flatMap(([phase, specs]) =>
    Object.entries(specs).map(([key, spec]) => [key, describeTask(phase, key, spec)]),
  ),
) as Record<TaskKey, FunctionSpec>;

/** The functions that connect to databases: only they stand in a network of yours. */
export const connecting: readonly FunctionKey[] = ['sqlPostgres', 'sqlMysql'];

/** All functions of the stack. */
export const functionSpecs: Record<FunctionKey, FunctionSpec> = { ...taskSpecs, ...others };

export const functionKeys = Object.keys(functionSpecs) as FunctionKey[];
export const taskKeys = Object.keys(taskSpecs) as FunctionKey[];

/** Every task counts what it does not expect, in the metrics of the runs' state machine. */
function describeTask(phase: string, key: string, spec: Omit<FunctionSpec, 'source'>): FunctionSpec {
  const environment: Variable[] = ['STATE_MACHINE_ARN', ...(spec.environment ?? [])];
  return { source: `handlers/${phase}/${kebabCase(key)}.ts`, ...spec, environment };
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
