import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn';
import type { Clock } from '../clock.ts';
import { HistoryFull } from './errors.ts';
import { quotas } from './quotas.ts';

/** The details of an event: the one field of {@link HistoryEvent} that belongs to its type. */
export type Details = Omit<HistoryEvent, 'id' | 'type' | 'timestamp' | 'previousEventId'>;

/** In the service a long value is cut and marked; payloads here are always whole. */
export const whole = { truncated: false } as const;

/** The events of one execution, numbered from 1. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #clock: Clock;
  readonly #announce: (event: HistoryEvent) => void;
  readonly #limit: number;

  constructor(clock: Clock, announce: (event: HistoryEvent) => void, limit: number = quotas.historyEvents) {
    this.#clock = clock;
    this.#announce = announce;
    this.#limit = limit;
  }

  /** Adds an event and gives its id. Throws {@link HistoryFull} when only the place of the last event is left. */
  add(type: HistoryEventType, previousEventId: number, details: Details = {}): number {
    if (this.events.length >= this.#limit - 1) throw new HistoryFull(this.#limit);
    return this.#append(type, previousEventId, details);
  }

  /** Adds the event that ends the execution, which always finds its place. */
  close(type: HistoryEventType, previousEventId: number, details: Details): number {
    return this.#append(type, previousEventId, details);
  }

  /** Whether another event but the last finds a place. */
  get open(): boolean {
    return this.events.length < this.#limit - 1;
  }

  #append(type: HistoryEventType, previousEventId: number, details: Details): number {
    const id = this.events.length + 1;
    const event = { timestamp: new Date(this.#clock.now()), type, id, previousEventId, ...details };
    this.events.push(event);
    this.#announce(event);
    return id;
  }
}
