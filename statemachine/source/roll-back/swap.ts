import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { keepFailure } from '../failures.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, throttledInTheCut, untilNamesFollow } from '../policies.ts';
import { sleep, tick } from '../ticks.ts';
import { answered, choice, late, pass, type Swap, task, wait } from './names.ts';

export const swap: Phase<Swap> = {
  'Begin to swap the endpoint': pass({
    comment:
      'The point of no return. Until here the safe direction is to stay on new production; from here it is to finish going back. Nobody can write on either side until blue is opened.',
    assign: { waitingSince: now, deadline: fromNow(hours(2)) },
    next: 'Swap the endpoint',
  }),

  'Swap the endpoint': task({
    comment:
      'Does the next step: leads the record of Route 53 to blue, or does one of two renames by which new production gives the name of production away and blue takes it. Reads first where both lead. Leads the record of the readers (readRamp) to blue, too; where that fails, writes go back all the same. Safe direction: finish going back.',
    given: ['run', 'request', 'deployment', 'wayBack', 'change', 'reads'],
    seconds: 60,
    retry: [faults, untilNamesFollow, throttledInTheCut],
    failed: 'Record outcome',
    assign: answered('renamed', 'change', 'reads'),
    next: 'Wait for the endpoint',
  }),

  'Wait for the endpoint': wait({
    comment:
      'Ready when a step is through: every name server answers the record, mostly within a minute, or a rename is done, which takes minutes on RDS. Safe direction: finish going back.',
    given: ['request', 'deployment', 'wayBack', 'run', 'renamed', 'change', 'reads'],
    tick: tick(paces.cut),
    notYet: 'Is there still time for the endpoint?',
    cannotStop: true,
    failed: 'Record outcome',
    assign: { leads: x`$states.result` },
    next: 'Does the address lead to blue?',
  }),

  'Is there still time for the endpoint?': choice({
    comment: 'Two hours for all steps. A step that is not under way is asked for again.',
    options: [{ when: inTime, next: 'Swap the endpoint' }],
    otherwise: {
      assign: keepFailure(
        late('Wait for the endpoint', 'the address of production did not lead to blue in time'),
      ),
      next: 'Record outcome',
    },
  }),

  'Does the address lead to blue?': choice({
    comment:
      'After the first of two renames the name leads nowhere, and the second is to be done. A record that leads to blue, of applications or of readers, leaves clients with the old DNS answer for as long as its TTL.',
    options: [
      { when: x`$leads.leadsToBlue and $leads.staleUntil != null`, next: 'Wait for the DNS TTL' },
      { when: x`$leads.leadsToBlue`, next: 'Admit the application' },
      { when: inTime, next: 'Swap the endpoint' },
    ],
    otherwise: {
      assign: keepFailure(
        late('Wait for the endpoint', 'the address of production did not lead to blue in time'),
      ),
      next: 'Record outcome',
    },
  }),

  'Wait for the DNS TTL': wait({
    comment:
      'Waits until the TTL of the old DNS answer has passed: a client with the old answer would read what new production had at its fence while others write on blue. The record must still lead to blue. Safe direction: finish going back.',
    given: ['request', 'deployment', 'wayBack', 'run'],
    with: { staleUntil: x`$leads.staleUntil` },
    tick: sleep(60, '$toMillis($leads.staleUntil)'),
    notYet: 'Is there still time for the DNS TTL?',
    cannotStop: true,
    failed: 'Record outcome',
    next: 'Admit the application',
  }),

  'Is there still time for the DNS TTL?': choice({
    comment: 'The TTL of the record is minutes at most; two hours for all steps.',
    options: [{ when: inTime, next: 'Wait for the DNS TTL' }],
    otherwise: {
      assign: keepFailure(late('Wait for the DNS TTL', 'the TTL of the DNS record did not pass in time')),
      next: 'Record outcome',
    },
  }),

  'Admit the application': task({
    comment:
      'On Aurora: gives the target the security groups of new production in place of the fence, so that the application reaches it. Of MySQL and MariaDB: sets read_only of the target to 0 in its parameter group, where accounts are still locked. It is still closed for writing. Safe direction: finish going back.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, rdsBusy, throttledInTheCut],
    failed: 'Record outcome',
    next: 'Open blue for writes',
  }),

  'Open blue for writes': task({
    comment:
      'Proves that new production is closed, then opens blue, once the service lets it be written. Safe direction: finish going back.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, untilNamesFollow, throttledInTheCut],
    failed: 'Record outcome',
    next: 'Verify going back',
  }),

  'Verify going back': task({
    comment: 'Proves by resource id and by a write that blue serves and that new production takes none.',
    given: ['run', 'request', 'deployment', 'wayBack'],
    seconds: 120,
    retry: [faults, untilNamesFollow, throttledInTheCut],
    failed: 'Record outcome',
    assign: {
      deployment: x`$states.result.Payload`,
      serving: x`{'side': 'blue', 'because': 'the address of production leads to blue, blue takes writes and new production takes none'}`,
      end: 'Went back: blue serves production',
    },
    next: 'Are writes to be resumed?',
  }),
};
