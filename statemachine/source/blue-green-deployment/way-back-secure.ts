import { paces } from '../../../functions/domain/model/tick.ts';
import { inTime, x } from '../expressions.ts';
import type { Phase } from '../level.ts';
import { faults, sqlBusyWhileWritesAreHeld, throttledInTheCut } from '../policies.ts';
import { tick } from '../ticks.ts';
import { untilSecured } from './cut-times.ts';
import { choice, task, type WayBackSecure, wait } from './names.ts';
import { wayBackLate, wayBackLost } from './way-back.ts';

export const wayBackSecure: Phase<WayBackSecure> = {
  'Is the way back to be secured?': choice({
    comment:
      'Only while nobody writes on new production can the beginning of the way back be proved. Where that was done before RDS was done, writes are released already, unless that failed.',
    options: [
      {
        when: x`$exists($wayBack.changes)`,
        assign: { wayBack: x`$merge([$wayBack, {'at': null}])` },
        next: 'Are application writes held?',
      },
      {
        when: x`$wayBack.possible`,
        assign: {
          wayBack: x`$merge([$wayBack, {'open': true}])`,
          ...untilSecured,
        },
        next: 'Count changes after the cut',
      },
    ],
    otherwise: 'Are application writes held?',
  }),

  'Count changes after the cut': task({
    comment:
      'Notes how many rows new production has changed so far: a write before the way back is secured raises it, and is then noticed.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusyWhileWritesAreHeld, throttledInTheCut],
    failed: { assign: wayBackLost, next: 'Are application writes held?' },
    assign: { wayBack: x`$merge([$wayBack, $states.result.Payload])` },
    next: 'Secure the way back',
  }),

  'Secure the way back': wait({
    comment:
      'Makes publication and slot on new production before its first write, and proves that nothing was written meanwhile; of MySQL and MariaDB it finds in the log where new production began to write. From here every change is kept for old blue. Past its deadline writes resume without a way back.',
    given: ['request', 'deployment', 'wayBack'],
    tick: tick(paces.cut),
    notYet: 'Is there still time to secure the way back?',
    failed: { assign: wayBackLost, next: 'Are application writes held?' },
    assign: { wayBack: x`$merge([$wayBack, $states.result])` },
    next: 'Are application writes held?',
  }),

  'Is there still time to secure the way back?': choice({
    comment:
      'Writes are held no longer than wayBack.secureWithinMinutes; availability comes before a way back.',
    options: [{ when: inTime, next: 'Secure the way back' }],
    otherwise: {
      assign: wayBackLate('Secure the way back', 'it was not secured in time'),
      next: 'Are application writes held?',
    },
  }),
};
