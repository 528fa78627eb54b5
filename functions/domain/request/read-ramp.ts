import { z } from 'zod';
import { hostedZoneId, recordName } from './dns-record.ts';
import { bakeMetric, usualMetrics } from './metric.ts';

/** How readers are led to green before the cut. */
export const readRamp = z
  .strictObject({
    hostedZoneId: hostedZoneId.describe(
      'Hosted zone of the record. The stack must be deployed with it (readRampRecords).',
    ),
    recordName: recordName.describe(
      "Name of a weighted CNAME record that leads to RDS's own address for readers and by which readers come.",
    ),
    steps: z
      .array(z.int().min(1).max(100))
      .min(1)
      .max(10)
      .default([10, 20, 50, 100])
      .describe('Of a hundred new connections so many lead to green, step after step.'),
    minutesEach: z
      .int()
      .min(5)
      .max(120)
      .default(10)
      .describe('How long green is watched at each step, from when every reader may have the answer.'),
    alarms: z
      .array(z.string().min(1).max(255))
      .max(100)
      .default([])
      .describe('CloudWatch alarms that must be OK at each step.'),
    metrics: z
      .array(bakeMetric)
      .max(10)
      .default(usualMetrics.filter(({ name }) => name === 'CPUUtilization' || name === 'ReadLatency'))
      .describe(
        "Metrics of the databases that readers come to: green's are compared with blue's of the same minutes and of the hour before. An empty list compares none.",
      ),
    onBadStep: z
      .enum(['stop', 'ask'])
      .default('stop')
      .describe(
        'What a step leads to that is not good, once all readers are back on blue: the run stops, or people are asked whether it goes on to the cut.',
      ),
  })
  .refine(({ steps }) => steps.every((step, at) => at === 0 || step > (steps[at - 1] ?? 0)), {
    path: ['steps'],
    error: 'let each step be more than the one before it',
  })
  .refine(({ metrics }) => new Set(metrics.map(({ name }) => name)).size === metrics.length, {
    path: ['metrics'],
    error: 'name each metric once',
  });
