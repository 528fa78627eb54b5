import { type Resources, regionToken } from './cloudformation.ts';
import { machineRows } from './machines.ts';
import { machineName, metricsNamespace } from './names.ts';
import type { Settings } from './settings.ts';

const phases = ['Accept', 'Build', 'Hold', 'Cut', 'Prove', 'Close'];

/** What a team looks at after a night of upgrades: how runs ended, how long the phases took, the lag, the gap. */
export function describeDashboard({ prefix }: Settings): Resources {
  const own = metricsNamespace(prefix);
  const line = (name: string, ...rest: unknown[]) => [own, name, ...rest];
  const widgets = [
    ...machineRows.flatMap(({ ends }) =>
      ends
        ? [
            graph(
              ends.title,
              'Sum',
              ends.names.map((end) => line(ends.metric, 'End', end, { label: end })),
              86_400,
            ),
          ]
        : [],
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
        DashboardName: machineName(prefix, 'blue-green-deployment'),
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
