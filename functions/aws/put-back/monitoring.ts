import type { DBInstance } from '@aws-sdk/client-rds';
import type { Kept } from '../../domain/close/put-back.ts';
import { pairInstances, type Sides } from './sides.ts';

/**
 * Enhanced Monitoring and Performance Insights. A deployment builds green with them (user guide, "Overview of blue/green deployments"), and a
 * clone gets the former. To turn them on is to modify production, a right that whoever puts back does not have: it is told.
 */
export function monitoring(sides: Sides): Kept[] {
  return pairInstances(sides).flatMap(({ from, to }) =>
    to ? [...monitoringOf(from, to), ...insightsOf(from, to)] : [],
  );
}

function monitoringOf(
  { MonitoringInterval: seconds = 0, MonitoringRoleArn = '' }: DBInstance,
  to: DBInstance,
): Kept[] {
  if (seconds === 0) return [];
  const what = `Enhanced Monitoring of ${to.DBInstanceIdentifier}`;
  if ((to.MonitoringInterval ?? 0) > 0) return [{ what, state: 'present' }];
  const role = MonitoringRoleArn.split('/').at(-1);
  return [
    { what, state: 'lacking', because: `it is off; turn it on, every ${seconds} s with the role ${role}` },
  ];
}

function insightsOf(from: DBInstance, to: DBInstance): Kept[] {
  if (!from.PerformanceInsightsEnabled) return [];
  const what = `Performance Insights of ${to.DBInstanceIdentifier}`;
  if (to.PerformanceInsightsEnabled) return [{ what, state: 'present' }];
  return [{ what, state: 'lacking', because: 'it is off; turn it on' }];
}
