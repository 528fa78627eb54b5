import type { HistoryEvent } from '@aws-sdk/client-sfn';
import type { WayBack } from '../functions/domain/way-back/state.ts';

/** Why a run had no way back, or lost it, in its own words; null where it kept one until it closed it. */
export function whyNoWayBack(history: readonly HistoryEvent[]): string | null {
  const known = history.flatMap(({ stateExitedEventDetails: details }) => {
    const text = details?.assignedVariables?.wayBack;
    return text === undefined ? [] : [JSON.parse(text) as WayBack];
  });
  const lost = known.findLast((wayBack) => wayBack.lost)?.lost;
  const last = known.at(-1);
  return lost ?? (last && !last.possible ? last.because : null);
}
