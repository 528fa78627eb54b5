import { paces } from '../../../functions/domain/model/tick.ts';
import { announcement, announcing, entered } from '../announcement.ts';
import { fromNow, inTime, now, x } from '../expressions.ts';
import { bothFailures, keepFailure, notPutBack } from '../failures.ts';
import { answersLater, hasHook, hookPassed } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy } from '../policies.ts';
import { tick } from '../ticks.ts';
import {
  choice,
  fault,
  hook,
  hookAnsweringLater,
  hookSaidNo,
  late,
  type Prove,
  pass,
  task,
  wait,
} from './names.ts';
import { notAnnounced, personGoesBack, wayBackClosed, wayBackFoundLost, wayBackInDoubt } from './way-back.ts';

export const prove: Phase<Prove> = {
  'Put back what was dropped': task({
    comment:
      'Gives new production what it lacks of all that stood beside the data: IAM roles, auto scaling, alarms, tags, event subscriptions; and reads it, and whether every RDS proxy leads there. What cannot be put back is reported.',
    given: ['request', 'deployment', 'serving'],
    with: { since: entered },
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: { assign: notPutBack, next: 'Verify production' },
    assign: { deployment: x`$states.result.Payload` },
    next: 'Does production lack something?',
  }),

  'Does production lack something?': choice({
    comment:
      'A proxy that stayed behind leads its clients to old blue: people hear of it now, not at the end.',
    options: [
      {
        when: x`$count($deployment.putBack.lacking) > 0`,
        next: 'Announce what production lacks',
      },
    ],
    otherwise: 'Verify production',
  }),

  'Announce what production lacks': task({
    comment: 'Tells what a person has to give new production, and the commands where they are known.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('production-lacks'),
    failed: { next: 'Verify production' },
    next: 'Verify production',
  }),

  'Verify production': task({
    comment:
      'Reads that the production name leads to the former green, at the wanted version, with every member switched and available. Where the databases can be asked, writes there as an application does, under a role that was held with those of the application.',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: 'Is production to go back?',
    assign: { deployment: x`$states.result.Payload` },
    next: 'Is there a test of production?',
  }),

  'Is there a test of production?': choice({
    comment: 'A hook of the user may test new production.',
    options: [
      { when: answersLater('verifyProduction'), next: 'Test production and wait for the answer' },
      { when: hasHook('verifyProduction'), next: 'Test production' },
    ],
    otherwise: 'Begin to bake',
  }),

  'Test production': hook({
    comment: "Invokes the user's verifyProduction hook.",
    stage: 'verifyProduction',
    endpoint: '$deployment.green.endpoint',
    failed: 'Is production to go back?',
    next: 'Did production pass its test?',
  }),

  'Test production and wait for the answer': hookAnsweringLater({
    comment: 'The callback form of verifyProduction.',
    stage: 'verifyProduction',
    endpoint: '$deployment.green.endpoint',
    failed: 'Is production to go back?',
    next: 'Did production pass its test?',
  }),

  'Did production pass its test?': choice({
    comment: 'A no ends the run with green serving and everything kept.',
    options: [{ when: hookPassed, next: 'Begin to bake' }],
    otherwise: { assign: keepFailure(hookSaidNo('Test production')), next: 'Is production to go back?' },
  }),

  'Begin to bake': pass({
    comment:
      'The bake ends at an absolute time; a quarter of it, at least 15 minutes, is left for alarms and metrics that have no data yet.',
    assign: {
      waitingSince: now,
      bakeUntil: fromNow('$request.bake.minutes * 60000'),
      deadline: fromNow('($request.bake.minutes + $max([15, $request.bake.minutes / 4])) * 60000'),
    },
    next: 'Bake',
  }),

  Bake: wait({
    comment:
      'Watches the alarms of the request and compares the metrics of new production with the baseline until the bake is over; watches the way back as long as it is open. An alarm that fires or a metric that stays bad ends it; what has no data is not healthy. Alarm changes wake it.',
    given: ['request', 'deployment', 'wayBack', 'baseline'],
    with: { bakeSince: x`$waitingSince`, bakeUntil: x`$bakeUntil`, deadline: x`$deadline` },
    tick: tick({
      ...paces.bake,
      until: '$toMillis($millis() < $toMillis($bakeUntil) ? $bakeUntil : $deadline)',
    }),
    notYet: 'Is there still time to bake?',
    failed: 'Is production to go back?',
    assign: {
      found: x`$states.result`,
      baked: x`$exists($states.result.compared) ? $states.result : $baked`,
    },
    next: 'What did the bake find?',
  }),

  'What did the bake find?': choice({
    comment:
      'Undecided is no pass: it is for a person. A doubt in the way back is kept and looked at again; a break closes the way back, and the bake goes on.',
    options: [
      {
        when: x`$exists($found.goingBack)`,
        assign: personGoesBack,
        next: 'Wait for going back',
      },
      {
        when: x`$exists($found.lost)`,
        assign: wayBackFoundLost,
        next: 'Close the broken way back',
      },
      {
        when: x`$exists($found.doubtSince)`,
        assign: wayBackInDoubt,
        next: 'Is there still time to bake?',
      },
      {
        when: x`$exists($found.undecided)`,
        assign: keepFailure(
          fault('Bake', 'BlueGreen.NotReadyInTime', "'the bake is undecided: ' & $found.undecided"),
        ),
        next: 'Is production to go back?',
      },
    ],
    otherwise: 'Is a way back left?',
  }),

  'Close the broken way back': task({
    comment: 'Removes subscription, slot and publication, so that no slot fills the disk of production.',
    function: 'closeTheWayBack',
    given: ['request', 'deployment', 'wayBack'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: bothFailures, next: 'Announce that the way back broke' },
    assign: wayBackClosed,
    next: 'Announce that the way back broke',
  }),

  'Announce that the way back broke': task({
    comment: 'Announces at once that there is no way back any more, and the reason.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('way-back-closed'),
    failed: {
      assign: notAnnounced('that the way back broke'),
      next: 'Is there still time to bake?',
    },
    next: 'Is there still time to bake?',
  }),

  'Is there still time to bake?': choice({
    comment: 'A bake that gives no word past its end leaves everything as it is.',
    options: [{ when: inTime, next: 'Bake' }],
    otherwise: {
      assign: keepFailure(late('Bake', 'the bake gave no clear answer in time')),
      next: 'Is production to go back?',
    },
  }),
};
