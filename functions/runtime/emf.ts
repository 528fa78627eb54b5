import { writeLine } from './log.ts';

/** Units of CloudWatch that are used here. */
export type Unit = 'Bytes' | 'Count' | 'Seconds' | 'None';

export interface Metric {
  name: string;
  value: number;
  unit: Unit;
}

/**
 * Writes metrics as one log line in the embedded metric format, which CloudWatch turns into metrics. Each metric
 * has at most one dimension, because every combination of dimensions is billed as a metric of its own.
 * @param namespace for example `Viridian/viridian-prod-blue-green-deployment`
 * @param at time of what is measured, in milliseconds since the epoch
 * @param properties ids for whoever reads the log; they are not dimensions
 */
export function emitMetrics(
  namespace: string,
  at: number,
  metrics: Metric[],
  dimension: Record<string, string> = {},
  properties: Record<string, string> = {},
): void {
  if (metrics.length === 0) return;
  const line = {
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimension)],
          Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
        },
      ],
    },
    ...properties,
    ...dimension,
    ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
  };
  writeLine(line);
}

/** Namespace of a state machine's metrics. */
export const namespaceOf = (stateMachineArn: string): string =>
  `Viridian/${stateMachineArn.split(':').at(-1)}`;
