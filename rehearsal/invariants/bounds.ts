import { raisedElsewhere } from '../../functions/domain/model/errors.ts';
import { wakesAnHour } from '../../functions/domain/model/wake-budget.ts';
import { planLongestRun } from '../../functions/domain/request/longest-run.ts';
import { type Evidence, requestOf } from './evidence.ts';
import type { Check } from './types.ts';

/** How long a run may last, and how much it may write. */
export const bounds: Record<string, Check> = {
  I12: endsInTime,
  I19: bounded,
};

/** A run that was stopped and taken up again may have lain still for days: it is not asked. */
function endsInTime(evidence: Evidence) {
  const request = requestOf(evidence);
  const { from, to } = spanOf(evidence);
  if (!request || evidence.history.some(({ type }) => type === 'ExecutionRedriven')) return undefined;
  const { seconds } = planLongestRun(request, from);
  const took = (to - from) / 1_000;
  return {
    promise: `the run of ${Math.round(took)} s ends within its declared deadlines of ${seconds} s`,
    broken: took > seconds ? ['it did not'] : [],
  };
}

/** Bytes of a payload, and events of a history: so many at once, and so many for each hour. */
const largestPayload = 65_536;
/** Three times going back with its questions, on a cluster whose green was failed over before, is the longest of what is played: 2,887 events. */
const eventsAtOnce = 3_000;
const eventsAnHour = 40;
/** A look that an event asked for. */
const eventsAWake = 8;

function bounded(evidence: Evidence) {
  const { history } = evidence;
  const { from, to } = spanOf(evidence);
  const hours = (to - from) / 3_600_000;
  const wakes = history.filter(
    ({ taskFailedEventDetails }) => taskFailedEventDetails?.error === raisedElsewhere.woken,
  ).length;
  const most = eventsAtOnce + eventsAnHour * hours + eventsAWake * wakes;
  const largest = Math.max(
    0,
    ...history.map(({ stateEnteredEventDetails: entered, taskScheduledEventDetails: task }) =>
      Math.max(entered?.input?.length ?? 0, task?.parameters?.length ?? 0),
    ),
  );
  const broken = [
    ...(history.length > most ? [`${history.length} history events`] : []),
    ...(wakes > wakesAnHour * (hours + 1) ? [`${wakes} wake-ups`] : []),
    ...(largest > largestPayload ? [`a payload of ${largest} bytes`] : []),
  ];
  return {
    promise: `history of ${history.length} events and payloads of at most ${largest} bytes stay in bounds`,
    broken,
  };
}

function spanOf({ history }: Evidence): { from: number; to: number } {
  return { from: history[0]?.timestamp?.getTime() ?? 0, to: history.at(-1)?.timestamp?.getTime() ?? 0 };
}
