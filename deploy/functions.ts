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

/**
 * A waiting state asks again after 15 s at the earliest, and a look must be over 3 s before that.
 * Looks around the cut use up to 10 s of it.
 */
const lookSeconds = 12;

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
const askSql: readonly Variable[] = ['SQL_POSTGRES_FUNCTION'];

/** The tasks of the state machines, by the camelCase of the state's name. */
const tasks = {
  validateRequest: act('Reads the request once and fills in the defaults', 20, { memoryMiB: 256 }),
  checkPreconditions: act('Decides whether the change is possible; changes nothing', 110, {
    environment: ['WAY_BACK_RECORDS'],
  }),
  checkTheWayBack: act('Asks the databases whether a way back can be made', 50, { environment: askSql }),
  createGreen: act('Creates the blue/green deployment, or takes up its own', 60),
  waitForGreen: look('Looks whether green is ready'),
  checkParity: act('Compares green with blue and with the request', 50),
  refreshTheStatisticsOfGreen: act('Refreshes the statistics of green, a few tables at a time', 110, {
    environment: askSql,
  }),
  findTheNextWindow: act('Finds the next maintenance window', 20, { memoryMiB: 256 }),
  askForApproval: act('Sends the evidence and the sealed link to a group', 50, {
    environment: ['APPROVALS_TOPIC_ARN', 'ANNOUNCEMENTS_TOPIC_ARN', 'LINK_KEY_ID', 'PAGE_URL'],
  }),
  waitForApproval: look('Re-reads the facts while people decide'),
  waitForWindow: look('Looks whether the maintenance window is open', { memoryMiB: 256 }),
  waitForReplicationToCatchUp: look('Looks whether green has caught up with blue'),
  takeTheBaseline: act('Measures blue for the comparison of the bake; changes nothing', 20),
  finalCheck: act('Re-reads everything and verifies the approval, just before the cut', 50, {
    environment: ['DECISION_KEY_ID'],
  }),
  holdApplicationWrites: act('Holds the application on green, before the cut', 50, { environment: askSql }),
  startSwitchover: act('Asks RDS for the switchover, once', 50),
  waitForSwitchover: look('Looks whether the switchover has ended'),
  findProductionSide: act('Proves which side serves production', 110),
  countChangesAfterTheCut: act('Notes what new production had changed at the cut', 50, {
    environment: askSql,
  }),
  secureTheWayBack: look('Makes the beginning of the way back on new production', { environment: askSql }),
  releaseApplicationWrites: act('Lets the application write again', 50, { environment: askSql }),
  makeTheRollbackTarget: act('Clones old blue of Aurora, as the target of the way back', 50),
  waitForTheRollbackTarget: look('Looks whether the clone of old blue is made'),
  fenceTheRollbackTarget: act('Closes the clone of old blue for writing', 50, { environment: askSql }),
  attachTheRollbackTarget: act('Lets the target receive the changes of new production', 50, {
    environment: askSql,
  }),
  removeTheRollbackTarget: act('Deletes the clone of a way back that was not used', 110),
  closeTheWayBack: act('Removes everything of the way back', 50, { environment: askSql }),
  tellAboutTheWayBack: act('Says that there is no way back, or asks whether to use it', 50, {
    environment: ['ANNOUNCEMENTS_TOPIC_ARN'],
  }),
  waitForADecision: look('Keeps the way back watched while people decide', { environment: askSql }),
  waitForGoingBack: look('Looks whether the execution that goes back has ended'),
  verifyProduction: act('Verifies new production after the cut', 110),
  bake: look('Watches and compares new production, and watches the way back', { environment: askSql }),
  releaseTheDeploymentRecord: act('Deletes the deployment record, never a database', 50),
  waitForRetention: look('Looks whether the retention of old blue is over', { memoryMiB: 256 }),
  takeFinalSnapshot: act('Takes the final snapshot of old blue', 50),
  waitForSnapshot: look('Looks whether the final snapshot is available'),
  deleteOldBlue: act('Deletes old blue, after its snapshot and its retention', 110),
  waitForDeletion: look('Looks whether old blue is gone'),
  removeGreen: act('Removes green of a run that stopped before the switchover', 110),
  waitForRemoval: look('Looks whether green is gone'),
  recordOutcome: act('Reads what is true now and says how the run ended', 110),
  readTheRun: act('Reads what is to be gone back from, and marks it', 110),
  fenceNewProduction: act('Closes new production for writing', 50, { environment: askSql }),
  waitForTheLastChanges: look('Looks whether blue has received everything', { environment: askSql }),
  checkForOtherWriters: act('Proves that nobody can write on either side', 50, { environment: askSql }),
  compareBothSides: act('Compares the rows of both sides, a step at a time', 50, { environment: askSql }),
  stateTheLoss: act('Says what going back would lose, and whether that was accepted', 50, {
    environment: askSql,
  }),
  detachTheRollbackTarget: act('Ends the stream into blue', 50, { environment: askSql }),
  setTheSequences: act('Sets the sequences of blue', 50, { environment: askSql }),
  swapTheEndpoint: act('Leads the address of production to blue, a step at a time', 50, {
    environment: askSql,
  }),
  waitForTheEndpoint: look('Looks whether a step of the endpoint is through'),
  waitForOldAnswersToRunOut: look('Looks whether a client may still hold an answer of before'),
  admitTheApplication: act('Takes the fence of Aurora off the target, which is still closed', 50),
  openBlueForWrites: act('Opens blue after the proof that new production is closed', 50, {
    environment: askSql,
  }),
  verifyGoingBack: act('Proves that blue serves', 110, { environment: askSql }),
  stayOnNewProduction: act('Opens new production again', 50, { environment: askSql }),
  notify: act('Publishes the outcome', 50, { environment: ['ANNOUNCEMENTS_TOPIC_ARN'] }),
} as const satisfies Record<string, Omit<FunctionSpec, 'source'>>;

/** The functions that events and people invoke. HTTP answers within the 30 s of an HTTP API. */
const others = {
  wakeRun: {
    source: 'events/wake-run.ts',
    ...act('Wakes a waiting run when RDS or an alarm says something', 60, {
      environment: ['STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  sqlPostgres: {
    source: 'sql/postgres.ts',
    ...act('Speaks SQL to PostgreSQL: answers facts or does one bounded act', 60, {
      environment: ['RDS_CA_FILE', 'STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  reconcile: {
    source: 'events/reconcile.ts',
    ...act('Tells what is true now when a run ended without telling', 300, {
      environment: [
        'STATE_MACHINE_ARN',
        'ROLL_BACK_STATE_MACHINE_ARN',
        'ANNOUNCEMENTS_TOPIC_ARN',
        'SQL_POSTGRES_FUNCTION',
      ],
      reserved: 2,
    }),
  },
  approvalPage: {
    source: 'http/approval-page.ts',
    ...act('Shows the question and takes the answer of the holder of a link', 29, {
      environment: ['LINK_KEY_ID', 'DECIDE_FUNCTION', 'PAGE_URL', 'STATE_MACHINE_ARN'],
      reserved: 10,
    }),
  },
  decideWithIam: {
    source: 'http/decide-with-iam.ts',
    ...act('Takes the answer of a person whom IAM has authenticated', 29, {
      environment: ['LINK_KEY_ID', 'DECIDE_FUNCTION', 'STATE_MACHINE_ARN'],
      reserved: 5,
    }),
  },
  decide: {
    source: 'http/decide.ts',
    ...act('Finds the open question and answers it with a sealed decision', 25, {
      environment: ['LINK_KEY_ID', 'DECISION_KEY_ID', 'ANNOUNCEMENTS_TOPIC_ARN', 'STATE_MACHINE_ARN'],
      reserved: 10,
    }),
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionKey = keyof typeof tasks | keyof typeof others;

/** All functions of the stack. */
export const functionSpecs: Record<FunctionKey, FunctionSpec> = {
  ...(Object.fromEntries(
    Object.entries(tasks).map(([key, spec]) => [key, describeTask(key, spec)]),
  ) as Record<keyof typeof tasks, FunctionSpec>),
  ...others,
};

export const functionKeys = Object.keys(functionSpecs) as FunctionKey[];
export const taskKeys = Object.keys(tasks) as FunctionKey[];

/** Every task counts what it does not expect, in the metrics of the runs' state machine. */
function describeTask(key: string, spec: Omit<FunctionSpec, 'source'>): FunctionSpec {
  const environment: Variable[] = ['STATE_MACHINE_ARN', ...(spec.environment ?? [])];
  return { source: `handlers/${kebabCase(key)}.ts`, ...spec, environment };
}

function kebabCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
