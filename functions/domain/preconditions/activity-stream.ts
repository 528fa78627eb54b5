import type { Precondition } from './facts.ts';
import { warning } from './finding.ts';
import { sources } from './sources.ts';

export const activityStream: Precondition = {
  id: 'activity-stream',
  engines: ['aurora-mysql', 'aurora-postgresql'],
  looksAt: 'Whether blue has a database activity stream.',
  how: 'ActivityStreamStatus',
  source: sources.limitations,
  check: ({ features }) =>
    features.activityStream
      ? [
          warning(
            `blue has a database activity stream, which ends with it. Start one on new production after the switchover, and lead its consumers there.`,
          ),
        ]
      : [],
};
