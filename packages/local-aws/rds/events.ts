import type {
  DescribeEventsCommandInput,
  DescribeEventsCommandOutput,
  Event,
  SourceType,
  Tag,
} from '@aws-sdk/client-rds';
import type { Clock } from '../clock.ts';
import { AwsError } from '../wire/service.ts';
import type { Background } from './background.ts';
import type { FaultScript } from './faults.ts';
import { copyOf } from './world/copy.ts';
import type { Names } from './world/naming.ts';
import { page, refuseFilters } from './world/paging.ts';
import { invalidCombination } from './world/refusals.ts';

/** An RDS event as EventBridge delivers it. */
export interface BusEvent {
  version: '0';
  id: string;
  account: string;
  region: string;
  time: string;
  source: 'aws.rds';
  'detail-type': string;
  resources: string[];
  detail: {
    EventCategories: string[];
    SourceType: string;
    SourceArn: string;
    Date: string;
    Message: string;
    SourceIdentifier: string;
    EventID: string;
    Tags: Record<string, string>;
  };
}

export interface EventSource {
  type: SourceType;
  identifier: string;
  arn: string;
  tags: Tag[];
}

const onTheBus: Partial<Record<SourceType, { detailType: string; sourceType: string }>> = {
  'blue-green-deployment': {
    detailType: 'RDS Blue Green Deployment Event',
    sourceType: 'BLUE_GREEN_DEPLOYMENT',
  },
  'db-instance': { detailType: 'RDS DB Instance Event', sourceType: 'DB_INSTANCE' },
  'db-cluster': { detailType: 'RDS DB Cluster Event', sourceType: 'CLUSTER' },
  'db-snapshot': { detailType: 'RDS DB Snapshot Event', sourceType: 'SNAPSHOT' },
  'db-cluster-snapshot': { detailType: 'RDS DB Cluster Snapshot Event', sourceType: 'CLUSTER_SNAPSHOT' },
};

interface Kept {
  sequence: number;
  event: Event & { Date: Date };
}

const minutes = 60_000;
const retention = 14 * 24 * 60 * minutes;

/** Keeps what DescribeEvents shows and hands each event to the listeners, best effort as the service does. */
export class Events {
  readonly #listeners: ((event: BusEvent) => void)[] = [];
  /** In the order of their dates. */
  readonly #kept: Kept[] = [];
  /** The same by what they are about: a run asks for the events of one source, whatever else an account has. */
  readonly #bySource = new Map<string, Kept[]>();
  #sequence = 0;
  readonly #clock: Clock;
  readonly #names: Names;
  readonly #faults: FaultScript;
  readonly #background: Background;

  constructor(parts: { clock: Clock; names: Names; faults: FaultScript; background: Background }) {
    this.#clock = parts.clock;
    this.#names = parts.names;
    this.#faults = parts.faults;
    this.#background = parts.background;
  }

  /** Delivered once, in order, unless the fault script drops, doubles or delays it. */
  listen(listener: (event: BusEvent) => void): void {
    this.#listeners.push(listener);
  }

  /** `eventId` without its prefix, for example `0248`; `undefined` for the few that have none documented. */
  emit(source: EventSource, category: string, eventId: string | undefined, message: string): void {
    const date = new Date(this.#clock.now());
    this.#sequence += 1;
    this.#keep(source, {
      sequence: this.#sequence,
      event: {
        SourceIdentifier: source.identifier,
        SourceType: source.type,
        SourceArn: source.arn,
        Message: message,
        EventCategories: [category],
        Date: date,
      },
    });
    this.#deliver(this.#toBus(source, category, eventId, message, date), eventId);
  }

  /** DescribeEvents: the last 60 minutes unless asked otherwise. */
  describe(input: DescribeEventsCommandInput): Omit<DescribeEventsCommandOutput, '$metadata'> {
    refuseFilters(input.Filters);
    if (input.SourceIdentifier && !input.SourceType)
      throw new AwsError('InvalidParameterCombination', 'SourceType must be supplied with SourceIdentifier');
    const end = input.EndTime?.getTime() ?? this.#clock.now();
    const start = input.StartTime?.getTime() ?? end - (input.Duration ?? 60) * minutes;
    if (start > end) throw invalidCombination('The start time must be before the end time');
    const oldest = this.#clock.now() - retention;
    const { SourceType, SourceIdentifier } = input;
    const asked = SourceIdentifier
      ? (this.#bySource.get(`${SourceType} ${SourceIdentifier}`) ?? [])
      : this.#kept;
    const matching = between(asked, Math.max(start, oldest), end).filter(
      ({ event }) =>
        (!SourceType || event.SourceType === SourceType) &&
        (!input.EventCategories?.length ||
          event.EventCategories?.some((category) => input.EventCategories?.includes(category))),
    );
    const { items, Marker } = page(matching, ({ sequence }) => String(sequence).padStart(12, '0'), input);
    return { Events: items.map(({ event }) => ({ ...event })), Marker };
  }

  #keep({ type, identifier }: EventSource, kept: Kept): void {
    const source = `${type} ${identifier}`;
    const ofSource = this.#bySource.get(source) ?? [];
    this.#bySource.set(source, ofSource);
    for (const list of [this.#kept, ofSource]) {
      list.splice(0, placeOf(list, kept.event.Date.getTime() - retention + 1));
      list.push(kept);
    }
  }

  #toBus(
    source: EventSource,
    category: string,
    eventId: string | undefined,
    message: string,
    date: Date,
  ): BusEvent {
    const bus = onTheBus[source.type] ?? { detailType: 'RDS Event', sourceType: source.type };
    return {
      version: '0',
      id: this.#names.eventId(),
      account: this.#names.account,
      region: this.#names.region,
      time: `${date.toISOString().slice(0, 19)}Z`,
      source: 'aws.rds',
      'detail-type': bus.detailType,
      resources: [source.arn],
      detail: {
        EventCategories: [category],
        SourceType: bus.sourceType,
        SourceArn: source.arn,
        Date: date.toISOString(),
        Message: message,
        SourceIdentifier: source.identifier,
        EventID: eventId === undefined ? '' : `RDS-EVENT-${eventId}`,
        Tags: Object.fromEntries(source.tags.map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
      },
    };
  }

  #deliver(event: BusEvent, eventId: string | undefined): void {
    const fault = this.#faults.at('event', eventId);
    if (fault === 'drop') return;
    const hand = () => this.#listeners.forEach((listener) => void listener(copyOf(event)));
    if (typeof fault === 'object') {
      this.#background.run(async () => {
        await this.#background.sleep(fault.delayMs);
        hand();
      });
      return;
    }
    hand();
    if (fault === 'duplicate') hand();
  }
}

/** Events from a moment to another, both included. Milliseconds since the epoch. */
function between(events: Kept[], from: number, to: number): Kept[] {
  return events.slice(placeOf(events, from), placeOf(events, to + 1));
}

/** How many events are older than a moment, by halving: they are in the order of their dates. */
function placeOf(events: Kept[], moment: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle]?.event.Date.getTime() ?? 0) < moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
