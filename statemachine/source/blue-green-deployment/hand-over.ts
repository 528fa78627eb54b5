import { handOverStates } from '../hand-over.ts';

/** Before the way back moves on: a slot of ours stands at the beginning of new production until its target is attached, and may be copied. */
export const handOver = handOverStates({
  given: ['request', 'deployment', 'wayBack', 'serving'],
  unread: 'Announce the cut',
  found: 'Announce the cut',
  next: 'Is the rollback target to be attached?',
});
