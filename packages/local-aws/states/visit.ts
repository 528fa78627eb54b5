import type { HistoryEventType } from '@aws-sdk/client-sfn';
import type { Cancellation } from './cancellation.ts';
import type { Assign, State } from './definition.ts';
import { StateError } from './errors.ts';
import { EvaluationError, evaluate } from './evaluation.ts';
import type { Details } from './history.ts';
import type { Json } from './json.ts';
import { requirePayload } from './quotas.ts';
import type { Run } from './run.ts';
import type { Lane } from './running-lane.ts';

/** What a state decided. Without `next` the lane ends. */
export interface Step {
  output: Json;
  assign: Record<string, Json>;
  next: string | undefined;
}

/** Parts of `$states` that exist in some fields only. */
export interface Outcome {
  result?: Json;
  errorOutput?: Json;
}

/** One stay in a state: its input, its place in the history and what its expressions see. */
export class Visit<S extends State = State> {
  readonly run: Run;
  readonly lane: Lane;
  readonly name: string;
  readonly state: S;
  readonly cancellation: Cancellation;
  readonly stay: { event: number; time: number };
  retryCount = 0;
  /** The task token, while there is one. */
  token: string | undefined;

  constructor(
    run: Run,
    lane: Lane,
    state: S,
    cancellation: Cancellation,
    stay: { event: number; time: number },
  ) {
    this.run = run;
    this.lane = lane;
    this.name = lane.at;
    this.state = state;
    this.cancellation = cancellation;
    this.stay = stay;
  }

  get input(): Json {
    return this.lane.input;
  }

  /** Adds an event of this lane, unless the lane was called off. */
  record(type: HistoryEventType, details?: Details): number {
    this.cancellation.check();
    this.lane.lastEvent = this.run.history.add(type, this.lane.lastEvent, details);
    return this.lane.lastEvent;
  }

  /** Waits, for seconds of the engine's clock. */
  pause(seconds: number): Promise<void> {
    return this.cancellation.wait<void>((resolve) => this.run.clock.after(seconds * 1000, resolve));
  }

  /** The value of a field; an expression that fails is recorded as EvaluationFailed. */
  async evaluate(
    template: Json,
    field: string,
    outcome: Outcome = {},
    item: Json | undefined = this.lane.item,
  ): Promise<Json> {
    try {
      return await evaluate(template, field, {
        states: { input: this.input, context: this.#context(item), ...outcome },
        variables: this.lane.scope.all(),
        now: this.run.clock.now(),
        random: this.run.random,
      });
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw this.#failed(error, error.field);
    }
  }

  /** The value of a field of one type; anything else is an evaluation error, as in the service. */
  async evaluateAs<T extends Json>(
    template: Json,
    field: string,
    fits: (value: Json) => value is T,
    wanted: string,
  ): Promise<T> {
    const value = await this.evaluate(template, field);
    if (fits(value)) return value;
    const text = `The field '${field}' must be ${wanted}, but it is ${JSON.stringify(value).slice(0, 200)}.`;
    throw this.#failed(new StateError('States.QueryEvaluationError', text), field);
  }

  /** Output and Assign of the state, of a choice rule or of a catcher: both see the values from before this state ended. */
  async step(
    from: { Output?: Json | undefined; Assign?: Assign },
    next: string | undefined,
    otherwise: Json,
    outcome: Outcome = {},
    field = '',
  ): Promise<Step> {
    const output =
      from.Output === undefined ? otherwise : await this.evaluate(from.Output, `${field}Output`, outcome);
    const assign = await this.evaluate(from.Assign ?? {}, `${field}Assign`, outcome);
    this.limit(output, 'output');
    this.limit(assign, 'set of assigned variables');
    return { output, assign: assign as Record<string, Json>, next };
  }

  /** Throws States.DataLimitExceeded for a value that is too large for one payload. */
  limit(value: Json, what: string): void {
    requirePayload(value, `${this.#where()}The ${what}`);
  }

  /** An error that the interpreter itself finds in this state. */
  error(name: string, cause: string): StateError {
    return new StateError(name, this.#where() + cause);
  }

  #failed(error: StateError, location: string): StateError {
    const failure = this.error(error.name, error.cause ?? '');
    this.record('EvaluationFailed', {
      evaluationFailedEventDetails: { error: failure.name, cause: failure.cause, location, state: this.name },
    });
    return failure;
  }

  #where(): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.stay.event}). `;
  }

  /** The context object as it is in this state: "Context object" in the developer guide. */
  #context(item: Json | undefined): Json {
    const EnteredTime = new Date(this.stay.time).toISOString();
    return {
      ...this.run.context(),
      State: { EnteredTime, Name: this.name, RetryCount: this.retryCount },
      ...(this.token === undefined ? {} : { Task: { Token: this.token } }),
      ...(item === undefined ? {} : { Map: { Item: item } }),
    };
  }
}
