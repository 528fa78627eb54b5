import type { EndName } from '../functions/domain/ends.ts';
import { type Resources, regionToken } from './cloudformation.ts';
import { machineName, metricsNamespace } from './names.ts';
import type { Settings } from './settings.ts';

/** What CloudWatch has of an execution that was cut off before an end. */
type Broken = 'Aborted' | 'Timed out';

const ends = [
  'Green serves production',
  'Dry run passed: nothing was changed',
  'Refused: nothing was changed',
  'Stopped before switchover: blue serves production',
  'Switchover rolled back: blue serves production',
  'Green serves production, clean-up incomplete',
  'Outcome unknown: look before any retry',
  'Went back: blue serves production',
  'Going back incomplete: look before any retry',
  'Aborted',
  'Timed out',
] satisfies (EndName | Broken)[];
const returns = [
  'Went back: blue serves production',
  'Going back refused: nothing was changed',
  'Did not go back: green serves production',
  'Going back incomplete: look before any retry',
  'Aborted',
  'Timed out',
] satisfies (EndName | Broken)[];
const phases = ['Accept', 'Build', 'Hold', 'Cut', 'Prove', 'Close'];

/** What a team looks at after a night of upgrades: how runs ended, how long the phases took, the lag, the gap. */
export function describeDashboard({ prefix }: Settings): Resources {
  const own = metricsNamespace(prefix);
  const line = (name: string, ...rest: unknown[]) => [own, name, ...rest];
  const widgets = [
    graph(
      'Runs by their end',
      'Sum',
      ends.map((end) => line('Runs', 'End', end, { label: end })),
      86_400,
    ),
    graph(
      'Going back, by its end',
      'Sum',
      returns.map((end) => line('Returns', 'End', end, { label: end })),
      86_400,
    ),
    graph(
      'Phases, seconds',
      'Maximum',
      phases.map((phase) => line('PhaseSeconds', 'Phase', phase, { label: phase })),
    ),
    graph('Going back: longest time in which nobody can have written, seconds', 'Maximum', [
      line('ReturnGapSeconds'),
    ]),
    graph('Cut: longest time in which writes can have failed, seconds', 'Maximum', [line('WriteGapSeconds')]),
    graph('Lag at the final check', 'Maximum', [line('LagSeconds'), line('LagBytes', { yAxis: 'right' })]),
    graph('Lag of databases that RDS measures now', 'Maximum', [
      search('ReplicaLag'),
      search('AuroraBinlogReplicaLag'),
      search('OldestReplicationSlotLag', { yAxis: 'right' }),
    ]),
    graph('Open runs, and hours that the oldest question has waited', 'Maximum', [
      line('OpenRuns'),
      line('ApprovalWaitHours', { yAxis: 'right' }),
    ]),
  ];
  return {
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: machineName(prefix),
        DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets: widgets.map(place) }) },
      },
    },
  };
}

function graph(title: string, stat: string, metrics: unknown[], period = 3_600) {
  return { title, stat, metrics, period, view: 'timeSeries', region: regionToken };
}

/** Which databases there will be is not known when the stack is deployed. */
function search(name: string, options: Record<string, unknown> = {}) {
  const expression = `SEARCH('{AWS/RDS,DBInstanceIdentifier} MetricName="${name}"', 'Maximum')`;
  return [{ expression, id: name.toLowerCase(), ...options }];
}

/** Two in a row, each half of the 24 columns wide. */
const place = (properties: unknown, index: number) => ({
  type: 'metric',
  x: (index % 2) * 12,
  y: Math.floor(index / 2) * 6,
  width: 12,
  height: 6,
  properties,
});
