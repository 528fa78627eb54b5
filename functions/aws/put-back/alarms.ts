import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Kept } from '../../domain/close/put-back.ts';
import { quote } from '../../domain/model/text.ts';
import { readMetricAlarms, watches } from '../cloudwatch/metric-alarms.ts';
import { nameOf, pairInstances, type Sides } from './sides.ts';

/**
 * Alarms that watch a database by its resource id, as those on Performance Insights do: they go on watching the former production (user
 * guide, "Limitations and considerations", resource ids). An alarm by name follows the name, and is changed only where production
 * has another name now. The call writes over the whole alarm, keeps its state and its tags (API reference, PutMetricAlarm).
 */
export async function alarms(sides: Sides): Promise<Kept[]> {
  const changes = changedIds(sides);
  const found = await readMetricAlarms();
  return found.flatMap((alarm): Kept[] => {
    const what = `alarm ${quote(alarm.AlarmName ?? '')} of ${nameOf(sides.serving)}`;
    const stale = changes.filter(({ from }) => watches(alarm, from));
    const [first] = stale;
    if (!first) {
      const isThere = changes.some(({ to, isName }) => to !== undefined && !isName && watches(alarm, to));
      return isThere ? [{ what, state: 'present' }] : [];
    }
    const lost = stale.find(({ to }) => to === undefined);
    if (lost)
      return [
        {
          what,
          state: 'lacking',
          because: `it watches ${lost.from}, which has no counterpart: point it at another instance`,
        },
      ];
    return [
      {
        what,
        state: 'lacking',
        because: `it watches ${first.from}`,
        put: { kind: 'alarm', settings: repoint(alarm, stale) },
      },
    ];
  });
}

interface Change {
  from: string;
  /** Undefined: the instance has no counterpart. */
  to: string | undefined;
  isName?: true;
}

function changedIds(sides: Sides): Change[] {
  const { former, serving, production } = sides;
  const pairs = pairInstances(sides);
  const ids: Change[] = [
    { from: former.cluster?.DbClusterResourceId ?? '', to: serving.cluster?.DbClusterResourceId },
    ...pairs.map(({ from, to }) => ({ from: from.DbiResourceId ?? '', to: to?.DbiResourceId })),
  ];
  const byName: Change[] =
    nameOf(former) === production
      ? [
          {
            from: former.cluster?.DBClusterIdentifier ?? '',
            to: serving.cluster?.DBClusterIdentifier,
            isName: true,
          },
          ...pairs.map(({ from, to }) => ({
            from: from.DBInstanceIdentifier ?? '',
            to: to?.DBInstanceIdentifier,
            isName: true as const,
          })),
        ]
      : [];
  return [...ids, ...byName].filter(({ from }) => from !== '');
}

/** The alarm with the ids that it is to watch. */
function repoint(alarm: MetricAlarm, changes: Change[]): MetricAlarm {
  const now = (id: string | undefined) => changes.find(({ from }) => from === id)?.to ?? id;
  const dimensions = (all: MetricAlarm['Dimensions']) =>
    all?.map(({ Name, Value }) => ({ Name, Value: now(Value) }));
  const expression = (text: string | undefined) =>
    text?.replace(/(['"])([^'"]*)\1/g, (_all, mark, id) => `${mark}${now(id)}${mark}`);
  return {
    ...settingsOf(alarm),
    ...(alarm.Dimensions && { Dimensions: dimensions(alarm.Dimensions) }),
    ...(alarm.Metrics && {
      Metrics: alarm.Metrics.map((one) => ({
        ...one,
        ...(one.Expression && { Expression: expression(one.Expression) }),
        ...(one.MetricStat && {
          MetricStat: {
            ...one.MetricStat,
            Metric: { ...one.MetricStat.Metric, Dimensions: dimensions(one.MetricStat.Metric?.Dimensions) },
          },
        }),
      })),
    }),
  };
}

/** What of a described alarm is a setting and not a state. */
function settingsOf({
  AlarmArn: _arn,
  AlarmConfigurationUpdatedTimestamp: _updated,
  StateValue: _state,
  StateReason: _reason,
  StateReasonData: _data,
  StateUpdatedTimestamp: _since,
  StateTransitionedTimestamp: _transitioned,
  EvaluationState: _evaluation,
  ...settings
}: MetricAlarm) {
  return settings;
}
