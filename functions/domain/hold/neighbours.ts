import type { Verdict } from '../model/deployment.ts';
import { isRead } from '../model/reading.ts';
import type { Neighbours } from '../preconditions/facts.ts';

/** What may have come up beside blue since the run began, and with which RDS refuses the switchover. */
export type CutNeighbours = Pick<Neighbours, 'integrations' | 'proxies'>;

/** Whether RDS would refuse for a neighbour: better known before the writes of the application are held. What cannot be read is a no. */
export function judgeNeighbours({ integrations, proxies }: CutNeighbours): Verdict<null> {
  if (!isRead(integrations))
    return no(`the zero-ETL integrations of the account could not be read (${integrations.unreadable})`);
  if (!isRead(proxies)) return no(`the RDS proxies of the account could not be read (${proxies.unreadable})`);
  const dead = proxies.value.filter(({ state }) => state !== 'AVAILABLE');
  const because = [
    ...integrations.value.map((name) => `blue is the source of the zero-ETL integration ${name}: delete it`),
    ...dead.map(({ proxy, state }) => `the target of the proxy ${proxy} is ${state}: mend it`),
  ];
  return because.length === 0 ? { kind: 'ready', facts: null } : no(because.join('; '));
}

const no = (because: string): Verdict<null> => ({
  kind: 'no',
  because: `RDS would refuse the switchover: ${because}, then start again`,
});
