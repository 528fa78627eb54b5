import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** Nobody approves a run on a copy, so that it must be proved to be one. The final check asks again, and for the seal. */
export const copyProved: Precondition = {
  id: 'copy-proved',
  engines: 'all',
  looksAt:
    'Whether a run that says to be on the copy of a rehearsal is: name, resource id and tag; its seal is verified just before the cut.',
  check: ({ copyRefused }) =>
    copyRefused ? [blocker(`${copyRefused}. Leave "copy" out, and let people approve the run.`)] : [],
};
