import type { Filter } from '@aws-sdk/client-rds';
import { readPageToken, writePageToken } from '../../wire/page-token.ts';
import { AwsError } from '../../wire/service.ts';

const invalid = (message: string) => new AwsError('InvalidParameterValue', message);

/** Applies `Filters`: values of one filter are alternatives, several filters must all match. */
export function applyFilters<T>(
  items: T[],
  filters: Filter[] | undefined,
  readers: Record<string, (item: T) => (string | undefined)[]>,
): T[] {
  return (filters ?? []).reduce((left, filter) => {
    const read = readers[filter.Name ?? ''];
    if (!read) throw invalid(`Unrecognized filter name: ${filter.Name}`);
    const wanted = (filter.Values ?? []).map((value) => value.toLowerCase());
    if (wanted.length === 0) throw invalid(`Filter ${filter.Name} has no values`);
    return left.filter((item) => read(item).some((value) => value && wanted.includes(value.toLowerCase())));
  }, items);
}

/**
 * One page of a sorted list. The marker names the last item given out, so that pages stay whole when items
 * come and go between two calls. `MaxRecords`: 20 to 100, default 100.
 */
export function page<T>(
  items: T[],
  keyOf: (item: T) => string,
  input: { Marker?: string | undefined; MaxRecords?: number | undefined },
): { items: T[]; Marker: string | undefined } {
  const size = input.MaxRecords ?? 100;
  if (size < 20 || size > 100)
    throw invalid(`Invalid value ${size} for MaxRecords. Must be between 20 and 100`);
  const after = input.Marker === undefined ? undefined : readMarker(input.Marker);
  const keyed = items.map((item) => ({ key: keyOf(item), item }));
  const left = after === undefined ? keyed : keyed.filter(({ key }) => key > after);
  const rest = isSorted(left) ? left : left.sort((one, other) => (one.key < other.key ? -1 : 1));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  const Marker = last && rest.length > size ? writePageToken(last.key) : undefined;
  return { items: shown.map(({ item }) => item), Marker };
}

function readMarker(marker: string): string {
  const key = readPageToken(marker);
  if (key === undefined) throw invalid('The specified marker is invalid');
  return key;
}

/** Of operations whose `Filters` RDS does not support yet. Assumed: a filter is refused there as any that is not known. */
export function refuseFilters(filters: Filter[] | undefined): void {
  applyFilters([], filters, {});
}

/** Lists mostly are, events always. */
const isSorted = (keyed: { key: string }[]): boolean =>
  keyed.every(({ key }, index) => index === 0 || (keyed[index - 1]?.key ?? '') <= key);
