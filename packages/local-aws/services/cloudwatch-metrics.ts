import type {
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  MetricDataQuery,
  MetricDataResult,
  PutMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../clock.ts';
import { asRecord, type MetricStore } from '../metric-store.ts';
import { readPlace, writePageToken } from '../wire/page-token.ts';
import { AwsError } from '../wire/service.ts';
import { invalidNextToken, invalidParameter, validation } from './cloudwatch-refusals.ts';
import { checkPeriod, intoPeriods, statistic } from './metric-statistics.ts';

const mostQueries = 500;
const mostDatapoints = 100_800;

/** GetMetricData: each series as it is; metric math and Insights expressions are refused. */
export async function getMetricData(store: MetricStore, input: GetMetricDataCommandInput) {
  const queries = input.MetricDataQueries ?? [];
  if (queries.length > mostQueries) throw validation(`At most ${mostQueries} queries in one call`);
  const { start, end } = timeRange(input);
  const ids = queries.map(({ Id }) => Id ?? '');
  if (new Set(ids).size < ids.length) throw validation('The ids of the queries must differ');
  const all: MetricDataResult[] = [];
  for (const query of queries) all.push(await answerQuery(store, query, start, end, input.ScanBy));
  return pageOfResults(all, input);
}

function timeRange(input: { StartTime?: Date | undefined; EndTime?: Date | undefined }) {
  const start = input.StartTime?.getTime() ?? Number.NaN;
  const end = input.EndTime?.getTime() ?? Number.NaN;
  if (!(start < end)) throw validation('The parameter StartTime must be less than the parameter EndTime.');
  return { start, end };
}

async function answerQuery(
  store: MetricStore,
  query: MetricDataQuery,
  start: number,
  end: number,
  scanBy: string | undefined,
): Promise<MetricDataResult> {
  if (!/^[a-z]\w*$/.test(query.Id ?? '')) throw validation(`Invalid query id: ${query.Id}`);
  if (!query.MetricStat?.Metric) throw validation('Only queries with a MetricStat are answered here');
  const { Metric, Stat } = query.MetricStat;
  const period = checkPeriod(query.MetricStat.Period);
  const length = period * 1_000;
  const samples = await store.read({
    namespace: Metric.Namespace ?? '',
    metric: Metric.MetricName ?? '',
    dimensions: asRecord(Metric.Dimensions),
    // The first period counts from its beginning.
    start: Math.floor(start / length) * length,
    end,
  });
  const compute = statistic(Stat);
  const points = intoPeriods(samples, period);
  if (scanBy !== 'TimestampAscending') points.reverse();
  return {
    Id: query.Id,
    Label: query.Label ?? Metric.MetricName,
    Timestamps: points.map(({ at }) => new Date(at)),
    Values: points.map((point) => compute(point.samples)),
    StatusCode: 'Complete',
  };
}

/** `MaxDatapoints` counts the points of all series together; a series that goes on is `PartialData`. */
function pageOfResults(all: MetricDataResult[], input: GetMetricDataCommandInput) {
  const size = Math.min(input.MaxDatapoints ?? mostDatapoints, mostDatapoints);
  const offset = readPlace(input.NextToken);
  if (Number.isNaN(offset)) throw invalidNextToken();
  let before = 0;
  const MetricDataResults = all.flatMap((result) => {
    const { Timestamps = [], Values = [] } = result;
    const from = Math.max(0, offset - before);
    const to = Math.min(Values.length, offset + size - before);
    before += Values.length;
    // An empty series belongs to the first page.
    const isHere = Values.length === 0 ? offset === 0 : from < to;
    if (!isHere) return [];
    return {
      ...result,
      Timestamps: Timestamps.slice(from, to),
      Values: Values.slice(from, to),
      StatusCode: to < Values.length ? ('PartialData' as const) : ('Complete' as const),
    };
  });
  const NextToken = before > offset + size ? writePageToken(offset + size) : undefined;
  return { MetricDataResults, NextToken };
}

const mostStatistics = 1_440;

/** GetMetricStatistics: unordered as CloudWatch gives it, at most 1,440 points. */
export async function getMetricStatistics(store: MetricStore, input: GetMetricStatisticsCommandInput) {
  const { start, end } = timeRange(input);
  const period = checkPeriod(input.Period);
  if ((end - start) / (period * 1_000) > mostStatistics)
    throw new AwsError('InvalidParameterCombinationException', `More than ${mostStatistics} datapoints`);
  const wanted = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
  if (wanted.length === 0) throw invalidParameter('Statistics or ExtendedStatistics must be given');
  const samples = await store.read({
    namespace: input.Namespace ?? '',
    metric: input.MetricName ?? '',
    dimensions: asRecord(input.Dimensions),
    start,
    end,
  });
  const Datapoints = intoPeriods(samples, period).map((point) => ({
    Timestamp: new Date(point.at),
    Unit: input.Unit,
    ...Object.fromEntries((input.Statistics ?? []).map((name) => [name, statistic(name)(point.samples)])),
    ExtendedStatistics: Object.fromEntries(
      (input.ExtendedStatistics ?? []).map((name) => [name, statistic(name)(point.samples)]),
    ),
  }));
  return { Label: input.MetricName, Datapoints };
}

export function putMetricData(store: MetricStore, clock: Clock, input: PutMetricDataCommandInput) {
  if (input.Namespace?.startsWith('AWS/')) throw invalidParameter('The namespace AWS/ is reserved');
  store.put(input.Namespace ?? '', input.MetricData ?? [], clock.now());
  return {};
}
