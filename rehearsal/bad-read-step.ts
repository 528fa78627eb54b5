import type { StateName } from '../functions/domain/model/states.ts';
import { type Stage, setAlarm } from './stage.ts';

/** Lets the alarm of the readers fire in their second step, and be well again once the run leads them back. */
export function spoilSecondStep({ account }: Stage): void {
  const led: StateName = 'Lead reads to green';
  const watched: StateName = 'Watch the reads';
  const back: StateName = 'Lead reads back';
  let steps = 0;
  account.states.on((event) => {
    const state = event.kind === 'history' && event.event.stateEnteredEventDetails?.name;
    if (state === led) steps += 1;
    if (state === watched && steps === 2) void setAlarm(account, 'ALARM');
    if (state === back) void setAlarm(account, 'OK');
  });
}
