import { foreignText } from '../model/text.ts';
import type { Precondition } from './facts.ts';
import { blocker } from './finding.ts';

/** A hook that cannot be called while writes are stopped is found while nothing has happened. */
export const hooksInvocable: Precondition = {
  id: 'hooks-invocable',
  engines: 'all',
  looksAt:
    'Whether every function of `hooks` exists and the state machine may invoke it. Lambda is asked for a dry run, which runs none of its code.',
  check: ({ hooks }) =>
    hooks
      .filter(({ refused }) => refused !== null)
      .map(({ name, arn, refused }) =>
        blocker(
          `hooks.${name} (${arn}) cannot be invoked: ${foreignText(refused ?? '')}. Correct the ARN, or allow the state machine to invoke it.`,
        ),
      ),
};
