import { handOverStates } from '../hand-over.ts';

/** Consumers go back as well: from new production, which is closed, to blue. */
export const handOver = handOverStates({
  given: ['run', 'request', 'deployment', 'wayBack', 'serving'],
  unread: 'Put back what was dropped',
  found: 'Hand over to the consumers',
  next: 'Put back what was dropped',
});
