import type { Precondition } from './facts.ts';
import { blocker, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const delayedReplication: Precondition = {
  id: 'delayed-replication',
  engines: ['postgres'],
  looksAt: 'Whether replication of blue is delayed on purpose, which no new major version takes.',
  how: 'DescribeDBParameters, recovery_min_apply_delay',
  source: sources.limitations,
  check: ({ blue, blueParameters, replication }) =>
    replication !== 'logical'
      ? []
      : whenRead(blueParameters, `the parameter group ${blue.parameterGroup}`, (parameters) => {
          const delay = parameters.recovery_min_apply_delay;
          return delay === undefined || delay === '' || delay === '0'
            ? []
            : [
                blocker(
                  `recovery_min_apply_delay is ${delay} in ${blue.parameterGroup}, which RDS does not take together with a new major version. Reset it for the time of the run.`,
                ),
              ];
        }),
};
