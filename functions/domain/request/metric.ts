import { z } from 'zod';

export const bakeMetric = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,99}$/, 'give the name of a metric of AWS/RDS, for example DBLoad')
    .describe('Name of a metric that AWS/RDS publishes for a DBInstanceIdentifier every minute.'),
  worse: z.enum(['higher', 'lower']).describe('Which way is bad.'),
  floor: z
    .number()
    .min(0)
    .describe(
      'In the unit of the metric. higher: less than this is never bad. lower: a metric that was usually less is not compared.',
    ),
  ratio: z
    .number()
    .min(1.1)
    .max(1_000)
    .default(2)
    .describe('So many times more, or less, than what was usual on blue is bad.'),
});

/**
 * What tells of a database that an upgrade has made sick, and is published for instances of RDS and of Aurora alike (RDS User Guide
 * and Aurora User Guide, CloudWatch metrics). Reads and writes of a cold green take up to twice as long, hence three times.
 */
export const usualMetrics = [
  { name: 'CPUUtilization', worse: 'higher', floor: 40, ratio: 2 },
  { name: 'ReadLatency', worse: 'higher', floor: 0.02, ratio: 3 },
  { name: 'WriteLatency', worse: 'higher', floor: 0.02, ratio: 3 },
  { name: 'DatabaseConnections', worse: 'lower', floor: 5, ratio: 2 },
] as const;

export type BakeMetric = z.infer<typeof bakeMetric>;
