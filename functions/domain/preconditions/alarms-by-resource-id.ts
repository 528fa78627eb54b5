import { firstNames } from '../model/first-names.ts';
import { quote } from '../model/text.ts';
import type { Precondition } from './facts.ts';
import { warning, whenRead } from './finding.ts';
import { sources } from './sources.ts';

export const alarmsByResourceId: Precondition = {
  id: 'alarms-by-resource-id',
  engines: 'all',
  looksAt: 'Alarms that watch blue by a resource id. Those by its name follow the name.',
  how: 'DescribeAlarms, dimensions and expressions',
  source: sources.limitations,
  check: ({ neighbours: { alarmsById } }) =>
    whenRead(alarmsById, 'the alarms of the account', (names) =>
      names.length > 0
        ? [
            warning(
              `alarms watch blue by a resource id (${firstNames(names.map((name) => quote(name, 100))).join(', ')}), and go on watching old blue after the switchover until "Put back what was dropped" points them at new production.`,
            ),
          ]
        : [],
    ),
};
