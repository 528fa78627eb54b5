import { longestPauseHours } from '../../../functions/domain/hold/steering.ts';
import { announcement, announcing } from '../announcement.ts';
import { hours, inputFits, inputLength, now, x } from '../expressions.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy } from '../policies.ts';
import { acceptHooks, hooksOfRequest } from './accept-hooks.ts';
import { type Accept, choice, each, pass, task } from './names.ts';
import { wayBackNotLookedAt } from './way-back.ts';

/** Name of the longest field of an input that is too long; text of JSONata. */
const longestField = `${inputFits} ? null : $substring(($keys($states.input)^(>$length($string($lookup($states.input, $)))))[0], 0, 64)`;

export const accept: Phase<Accept> = {
  'Accept the request': pass({
    comment:
      'Gives every variable of the run its first value. Variables: request (never changed once validated), deployment (facts last read), approval, serving, wayBack (whether and how the run can be undone without losing a row), statistics (whether the planner of green knows its tables), paused (by whom and where a person has paused it; until when and for how many milliseconds it may still be: pauseUntil, pauseLeft), reads (which share of the readers leads to green), baseline and baked (what was usual on blue, and what the bake said of new production), outcome, failure (the first error, kept through the clean-up).',
    assign: {
      request: x`${inputFits} ? $states.input : {'database': $substring($string($states.input.database), 0, 300)}`,
      deployment: {},
      findings: [],
      approval: {},
      window: {},
      serving: {},
      wayBack: {
        possible: false,
        because: 'it was not looked at',
        databases: [],
        open: false,
        attached: false,
      },
      statistics: null,
      tests: {},
      hooks: [],
      outcome: {},
      hookAnswer: {},
      baseline: { usual: {}, missing: {} },
      baked: {},
      failure: null,
      cleanupFailure: null,
      end: 'Refused: nothing was changed',
      changesApplied: false,
      writesStopped: false,
      writesHeld: false,
      early: false,
      refusals: 0,
      turnedAwayUntil: null,
      snapshot: {},
      found: {},
      goingBack: null,
      waitingSince: now,
      nearlySince: null,
      deadline: now,
      switchover: {},
      returns: 0,
      writesOut: null,
      nextReminder: now,
      reminders: 0,
      paused: {},
      pauseLeft: hours(longestPauseHours),
      pauseUntil: now,
      reads: { step: 0, led: false, over: false, back: false },
    },
    next: 'Validate request',
  }),

  'Validate request': task({
    comment:
      'Reads the request once, fills in the careful defaults and refuses unknown fields. Nothing is called.',
    given: [],
    with: { input: x`$request`, characters: x`${inputLength}`, longest: x`${longestField}` },
    seconds: 60,
    retry: [faults],
    failed: 'Record outcome',
    assign: { request: x`$states.result.Payload` },
    next: 'Ask whether the hooks may be invoked',
  }),

  'Ask whether the hooks may be invoked': each({
    comment:
      'A hook that does not exist or may not be invoked is found before anything is created, and not while writes are stopped. Runs none of its code.',
    items: hooksOfRequest,
    states: acceptHooks,
    failed: 'Record outcome',
    assign: { hooks: x`$states.result` },
    next: 'Check preconditions',
  }),

  'Check preconditions': task({
    comment:
      'Reads the database and every rule that decides whether the change is possible; reports all failing rules together. Changes nothing.',
    given: ['request', 'hooks'],
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: 'Record outcome',
    assign: {
      deployment: x`$states.result.Payload.deployment`,
      findings: x`$states.result.Payload.findings`,
    },
    next: 'Check the way back',
  }),

  'Check the way back': task({
    comment:
      'Asks blue, by SQL and changing nothing, whether going back without losing a row can be made possible. A no refuses nothing; the question to the approvers reports it.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: wayBackNotLookedAt, next: 'Is this a dry run?' },
    assign: { wayBack: x`$states.result.Payload` },
    next: 'Is this a dry run?',
  }),

  'Is this a dry run?': choice({
    comment: 'A dry run ends here: the change is possible and nothing was changed.',
    options: [
      {
        when: x`$request.dryRun`,
        assign: { end: 'Dry run passed: nothing was changed' },
        next: 'Record outcome',
      },
    ],
    otherwise: {
      assign: { end: 'Stopped before switchover: blue serves production' },
      next: 'Announce the start',
    },
  }),

  'Announce the start': task({
    comment: 'Tells what is to be changed, until when, who will be asked, and how the run is stopped.',
    ...announcing,
    given: ['request', 'deployment', 'wayBack'],
    with: announcement('started'),
    failed: { next: 'Create green' },
    next: 'Create green',
  }),
};
