import type { TaskState } from './definition.ts';
import { StateError, TaskTimeout } from './errors.ts';
import { whole } from './history.ts';
import { type Integration, integrationOf } from './integrations.ts';
import { isObject, type Json } from './json.ts';
import type { Step, Visit } from './visit.ts';

const longestTask = 99_999_999;
const isTimeout = (value: Json): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= longestTask;

interface Limits {
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
}

/** One attempt of a Task: it is scheduled, started and, with a token, submitted; then it succeeds, fails or times out. */
export async function runTask(visit: Visit<TaskState>): Promise<Step> {
  const { state, run } = visit;
  const integration = integrationOf(state.Resource);
  const limits = await readLimits(visit);
  visit.token = integration.waits ? run.tokens.issue(run.machineArn) : undefined;
  const given = await visit.evaluateAs(state.Arguments ?? {}, 'Arguments', isObject, 'an object');
  visit.limit(given, 'set of arguments');
  const { type: resourceType, action: resource } = integration;
  visit.record('TaskScheduled', {
    taskScheduledEventDetails: {
      resourceType,
      resource,
      region: run.region,
      parameters: JSON.stringify(given),
      ...limits,
    },
  });
  visit.record('TaskStarted', { taskStartedEventDetails: { resourceType, resource } });
  const result = await answerOf(visit, integration, given, limits);
  visit.limit(result, `result of the task '${resourceType}'`);
  const output = { output: JSON.stringify(result), outputDetails: whole };
  visit.record('TaskSucceeded', { taskSucceededEventDetails: { resourceType, resource, ...output } });
  visit.token = undefined;
  return visit.step(state, state.Next, result, { result });
}

async function readLimits(visit: Visit<TaskState>): Promise<Limits> {
  const { TimeoutSeconds, HeartbeatSeconds } = visit.state;
  const read = (value: number | string, field: string): Promise<number> =>
    visit.evaluateAs(value, field, isTimeout, `a whole number from 1 to ${longestTask}`);
  const limits: Limits = {};
  if (TimeoutSeconds !== undefined) limits.timeoutInSeconds = await read(TimeoutSeconds, 'TimeoutSeconds');
  if (HeartbeatSeconds !== undefined)
    limits.heartbeatInSeconds = await read(HeartbeatSeconds, 'HeartbeatSeconds');
  return limits;
}

async function answerOf(
  visit: Visit<TaskState>,
  task: Integration,
  given: { [key: string]: Json },
  limits: Limits,
) {
  try {
    return await waitForAnswer(visit, task, given, limits);
  } catch (error) {
    if (!(error instanceof StateError)) throw error;
    const details = { resourceType: task.type, resource: task.action, error: error.name, cause: error.cause };
    if (error instanceof TaskTimeout) visit.record('TaskTimedOut', { taskTimedOutEventDetails: details });
    else visit.record('TaskFailed', { taskFailedEventDetails: details });
    throw error;
  } finally {
    visit.token = undefined;
  }
}

/**
 * Calls the service and waits for what comes first: its answer (with a token: the token's answer, or an error of the
 * service), the timeout, which runs from scheduling on, or a missing heartbeat. The call itself is never stopped.
 */
function waitForAnswer(
  visit: Visit<TaskState>,
  task: Integration,
  given: { [key: string]: Json },
  limits: Limits,
): Promise<Json> {
  const { run, cancellation, token } = visit;
  return cancellation.wait<Json>((resolve, reject) => {
    let open = true;
    const timers = new TaskTimers(visit, limits, reject);
    if (token !== undefined)
      run.tokens.open(token, { succeed: resolve, fail: reject, heartbeat: () => timers.beat() });
    const submitted = (result: Json): void => {
      const output = { output: JSON.stringify(result), outputDetails: whole };
      visit.record('TaskSubmitted', {
        taskSubmittedEventDetails: { resourceType: task.type, resource: task.action, ...output },
      });
    };
    const answered = (result: Json): void => {
      if (!open) return;
      if (token === undefined) resolve(result);
      else submitted(result);
    };
    task.call(run, given).then(answered).catch(reject);
    return () => {
      open = false;
      timers.stop();
      if (token !== undefined) run.tokens.close(token);
    };
  });
}

/** The two time limits of a waiting task. A heartbeat starts the second one anew and leaves the first as it is. */
class TaskTimers {
  readonly #visit: Visit<TaskState>;
  readonly #limits: Limits;
  readonly #expire: (reason: TaskTimeout) => void;
  readonly #stopTimeout: () => void;
  #stopHeartbeat: () => void;

  constructor(visit: Visit<TaskState>, limits: Limits, expire: (reason: TaskTimeout) => void) {
    this.#visit = visit;
    this.#limits = limits;
    this.#expire = expire;
    this.#stopTimeout = this.#arm('States.Timeout', limits.timeoutInSeconds);
    this.#stopHeartbeat = this.#arm('States.HeartbeatTimeout', limits.heartbeatInSeconds);
  }

  beat(): void {
    this.#stopHeartbeat();
    this.#stopHeartbeat = this.#arm('States.HeartbeatTimeout', this.#limits.heartbeatInSeconds);
  }

  stop(): void {
    this.#stopTimeout();
    this.#stopHeartbeat();
  }

  #arm(kind: TaskTimeout['kind'], seconds: number | undefined): () => void {
    if (seconds === undefined) return () => {};
    return this.#visit.run.clock.after(seconds * 1000, () => this.#expire(new TaskTimeout(kind)));
  }
}
