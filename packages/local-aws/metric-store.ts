import type { Dimension, MetricDatum } from '@aws-sdk/client-cloudwatch';

export interface Sample {
  /** Milliseconds since the epoch, by the clock of the rehearsal. */
  at: number;
  value: number;
}

export interface MetricQuery {
  namespace: string;
  metric: string;
  dimensions: Record<string, string>;
  /** Milliseconds since the epoch; `end` itself is outside. */
  start: number;
  end: number;
}

/** Where measurements come from. It may give more than was asked for. */
export type MetricSource = (query: MetricQuery) => Sample[] | Promise<Sample[]>;

/** Replaces what is measured: a number for every sample, or nothing at all. */
export interface Override {
  metric: string;
  /** Only for series with these dimensions; without it for all of that name. */
  dimensions?: Record<string, string>;
  /** Only for samples from this moment on; without it for all. */
  from?: number;
  value: number | 'missing';
}

/** Measurements that were put here, those of the sources, and what a scenario says instead. */
export class MetricStore {
  readonly #sources: MetricSource[];
  readonly #put: (MetricQuery & Sample)[] = [];
  readonly overrides: Override[] = [];

  constructor(sources: MetricSource[]) {
    this.#sources = sources;
  }

  /** Keeps what PutMetricData brings; a datum without a time is of `now`. */
  put(namespace: string, data: MetricDatum[], now: number): void {
    for (const datum of data) {
      const at = datum.Timestamp?.getTime() ?? now;
      const values = datum.Value === undefined ? (datum.Values ?? []) : [datum.Value];
      const series = { namespace, metric: datum.MetricName ?? '', dimensions: asRecord(datum.Dimensions) };
      for (const value of values) this.#put.push({ ...series, start: at, end: at, at, value });
    }
  }

  async read(query: MetricQuery): Promise<Sample[]> {
    const overrides = this.overrides.filter(
      ({ metric, dimensions }) =>
        metric === query.metric && (!dimensions || sameDimensions(dimensions, query.dimensions)),
    );
    const sourced = (await Promise.all(this.#sources.map((source) => source(query)))).flat();
    const put = this.#put.filter(
      ({ namespace, metric, dimensions }) =>
        namespace === query.namespace &&
        metric === query.metric &&
        sameDimensions(dimensions, query.dimensions),
    );
    const all = [...sourced, ...put].filter(({ at }) => at >= query.start && at < query.end);
    return all.flatMap(({ at, value }) => {
      const instead = overrides.findLast(({ from = at }) => at >= from)?.value;
      return instead === 'missing' ? [] : [{ at, value: instead ?? value }];
    });
  }
}

export function asRecord(dimensions: Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries((dimensions ?? []).map(({ Name, Value }) => [Name ?? '', Value ?? '']));
}

function sameDimensions(a: Record<string, string>, b: Record<string, string>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
