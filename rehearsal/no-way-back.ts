import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { WayBack } from '../functions/domain/way-back/state.ts';

/** What a run knew of its way back, in the order of its states. */
function knownOf(history: readonly HistoryEvent[]): WayBack[] {
  return history.flatMap(({ stateExitedEventDetails: details }) => {
    const text = details?.assignedVariables?.wayBack;
    return text === undefined ? [] : [JSON.parse(text) as WayBack];
  });
}

/** Whether there was no way back from the beginning, as the approvers are told, for what the database holds. */
export function hadNoWayBack(history: readonly HistoryEvent[]): boolean {
  const known = knownOf(history);
  return known.length > 0 && known.every(({ possible, lost }) => !possible && !lost);
}

/** Why a run had no way back, or lost it, in its own words; null where it kept one until it closed it. */
export function whyNoWayBack(history: readonly HistoryEvent[]): string | null {
  const known = knownOf(history);
  const lost = known.findLast((wayBack) => wayBack.lost)?.lost;
  const last = known.at(-1);
  return lost ?? (last && !last.possible ? last.because : null);
}
