import { isRead } from '../model/reading.ts';
import type { Precondition } from './facts.ts';
import { blocker, unknown } from './finding.ts';

/** Without it there is no way back, and that would be found in the cut. */
export const sqlFunctionInvocable: Precondition = {
  id: 'sql-function-invocable',
  engines: 'all',
  looksAt:
    'Where the request names `wayBack.login`: whether the function that speaks SQL exists and may be invoked. Lambda is asked for a dry run.',
  check: ({ sqlFunction }) => {
    if (!sqlFunction) return [];
    if (!isRead(sqlFunction))
      return [
        unknown(`the function that speaks SQL could not be asked (${sqlFunction.unreadable}). Start again.`),
      ];
    const { value } = sqlFunction;
    return value === null
      ? []
      : [
          blocker(
            `the function that speaks SQL cannot be invoked: ${value}. Deploy the stack again, or leave out wayBack.login, and with it the way back.`,
          ),
        ];
  },
};
