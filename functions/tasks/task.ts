import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { translateError } from '../aws/errors.ts';
import { UnexpectedState } from '../domain/model/errors.ts';
import { actAs, type TaskName } from '../runtime/actor.ts';
import { clock } from '../runtime/clock.ts';
import { type LogFields, log } from '../runtime/log.ts';
import { encodePayload } from '../runtime/payload.ts';
import { withTimeLeft } from '../runtime/time-left.ts';
import { countUnexpected } from './unexpected.ts';

/** What every state gives to its task. */
export interface TaskEvent {
  executionArn: string;
  /** Only starts the function, before its work is waited for. */
  warm?: true;
}

/** What Lambda calls. Of the context of an invocation only the time that is left is used. */
export type TaskHandler<Event, Result> = (event: Event, context?: unknown) => Promise<Result>;

/**
 * The handler of a state. Writes what began and how it ended, lets our errors pass, turns all others into ours, and
 * refuses results that Step Functions could not carry. middy's own early timeout is off: a function that runs out of
 * time is `Sandbox.Timedout`, which the state machine knows.
 * @param state the state, as in the console
 */
export function task<Event extends TaskEvent, Result>(
  state: TaskName,
  work: (event: Event) => Promise<Result>,
): TaskHandler<Event, Result> {
  const handler = middy({ timeoutEarlyInMillis: 0 })
    .use(reportTo(state))
    .handler(actAsState(state, work) as never);
  return handler as unknown as TaskHandler<Event, Result>;
}

function actAsState<Event extends TaskEvent, Result>(
  state: TaskName,
  work: (event: Event) => Promise<Result>,
) {
  return (event: Event, context?: unknown): Promise<Result> =>
    withTimeLeft(context, () =>
      actAs({ ...describeCall(state, event), state, executionArn: event.executionArn }, () => work(event)),
    );
}

function reportTo(
  state: TaskName,
): middy.MiddlewareObj<TaskEvent, unknown, Error, Context, { startedAt: number }> {
  return {
    before({ event, internal }) {
      internal.startedAt = clock.now();
      if (typeof event?.executionArn !== 'string')
        throw new UnexpectedState(
          `"${state}" has no executionArn in its input: only the state machine calls it`,
        );
      if (event.warm) return { warm: true };
      log('task.started', describeCall(state, event));
      return undefined;
    },
    after({ event, internal, response }) {
      encodePayload(response);
      log('task.finished', { ...describeCall(state, event), took: clock.now() - internal.startedAt });
    },
    onError({ event, internal, error }) {
      const ours = translateError(error);
      log('task.failed', {
        ...describeCall(state, event),
        took: clock.now() - internal.startedAt,
        error: ours.name,
        message: ours.message,
        stack: error?.stack,
      });
      countUnexpected(ours);
      throw ours;
    },
  };
}

/** Who speaks: the state, the execution's name and the deployment's id where it is known. */
export function describeCall(state: TaskName, event: unknown): LogFields {
  const { executionArn, deployment } = (event ?? {}) as {
    executionArn?: unknown;
    deployment?: { id?: string };
  };
  return {
    state,
    execution: String(executionArn ?? '')
      .split(':')
      .at(-1),
    deployment: deployment?.id,
  };
}
