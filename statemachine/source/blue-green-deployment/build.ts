import { paces } from '../../../functions/domain/model/tick.ts';
import { fromNow, hours, inTime, now, x } from '../expressions.ts';
import { causeOrError, keepFailure } from '../failures.ts';
import { answersLater, hasHook, hookPassed } from '../hooks.ts';
import type { Phase } from '../level.ts';
import { faults, rdsBusy, sqlBusy } from '../policies.ts';
import { tickOfFailover, tickOfGreen } from '../ticks.ts';
import { whenPaused } from './hold-pause.ts';
import {
  type Build,
  choice,
  fault,
  hook,
  hookAnsweringLater,
  hookSaidNo,
  late,
  pass,
  task,
  wait,
} from './names.ts';
import { wayBackNotLookedAt } from './way-back.ts';

export const build: Phase<Build> = {
  'Create green': task({
    comment:
      'Creates the blue/green deployment, or takes up the one that an earlier attempt of this run created. From here on a failure removes green.',
    given: ['request', 'deployment'],
    seconds: 120,
    retry: [faults, rdsBusy],
    failed: 'Were writes stopped before this?',
    assign: {
      deployment: x`$states.result.Payload`,
      waitingSince: now,
      deadline: fromNow('$request.target.readyWithinHours * 3600000'),
    },
    next: 'Wait for green',
  }),

  'Wait for green': wait({
    comment:
      'Ready when the deployment, its tasks and every member are ready in one look. Looks again after a twentieth of the time waited, 7.5 to 30 min, first after 15 min, or when an RDS event wakes it; every 30 s once its members alone are awaited.',
    given: ['request', 'deployment', 'pauseLeft', 'changesApplied', 'nearlySince'],
    tick: tickOfGreen(paces.green),
    notYet: 'Is there still time for green?',
    caught: [
      {
        errors: ['BlueGreen.NearlyReady'],
        assign: { nearlySince: now },
        next: 'Is there still time for green?',
      },
      whenPaused(),
    ],
    failed: 'Were writes stopped before this?',
    assign: { deployment: x`$states.result` },
    next: 'Are members of green to be changed?',
  }),

  'Are members of green to be changed?': choice({
    comment:
      'RDS builds green with the classes of blue, but for its primary: others are changed afterwards, once.',
    options: [
      { when: x`$membersChanged`, next: 'Are there changes to apply to green?' },
      { when: x`$count($request.target.members) > 0`, next: 'Change members of green' },
    ],
    otherwise: 'Are there changes to apply to green?',
  }),

  'Change members of green': task({
    comment:
      'Gives instances of green the classes of target.members. They are waited for once more, and compared with the request before anybody is asked.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: 'Were writes stopped before this?',
    assign: {
      membersChanged: true,
      waitingSince: now,
      nearlySince: now,
      deadline: fromNow('$request.target.readyWithinHours * 3600000'),
    },
    next: 'Wait for green',
  }),

  'Is there still time for green?': choice({
    comment: 'Green must be ready before the deadline of the request (target.readyWithinHours).',
    options: [{ when: inTime, next: 'Wait for green' }],
    otherwise: {
      assign: keepFailure(late('Wait for green', 'green was not ready in time')),
      next: 'Were writes stopped before this?',
    },
  }),

  'Are there changes to apply to green?': choice({
    comment:
      'A hook of the user may change green once: schema, parameters, data that only the new version needs.',
    options: [
      { when: x`$changesApplied`, next: 'Is a failover of green to be tested?' },
      { when: answersLater('changeGreen'), next: 'Apply changes to green and wait for the answer' },
      { when: hasHook('changeGreen'), next: 'Apply changes to green' },
    ],
    otherwise: 'Is a failover of green to be tested?',
  }),

  'Apply changes to green': hook({
    comment: "Invokes the user's changeGreen hook and waits for its verdict.",
    stage: 'changeGreen',
    endpoint: '$deployment.green.endpoint',
    failed: 'Were writes stopped before this?',
    next: 'Were the changes applied?',
  }),

  'Apply changes to green and wait for the answer': hookAnsweringLater({
    comment:
      'The callback form: the hook answers with the task token within hooks.changeGreen.withinMinutes.',
    stage: 'changeGreen',
    endpoint: '$deployment.green.endpoint',
    failed: 'Were writes stopped before this?',
    next: 'Were the changes applied?',
  }),

  'Were the changes applied?': choice({
    comment: "Anything else than the verdict 'pass' is a no.",
    options: [{ when: hookPassed, next: 'Let green settle after the changes' }],
    otherwise: {
      assign: keepFailure(hookSaidNo('Apply changes to green')),
      next: 'Were writes stopped before this?',
    },
  }),

  'Let green settle after the changes': pass({
    comment: 'The changes may restart green: it is waited for once more before it is tested.',
    assign: {
      changesApplied: true,
      waitingSince: now,
      nearlySince: now,
      deadline: fromNow('$request.target.readyWithinHours * 3600000'),
    },
    next: 'Wait for green',
  }),

  'Is a failover of green to be tested?': choice({
    comment:
      'Where green has a standby (Multi-AZ) or readers (Aurora), unless the request turns it off (tests.failover). Before the test of the user, which finds green as it will be switched over.',
    options: [
      {
        when: x`$request.tests.failover and ($deployment.database.kind = 'cluster' ? $count($deployment.green.members) > 1 : $count($deployment.green.members[role = 'writer' and multiAz]) > 0)`,
        assign: { waitingSince: now, deadline: fromNow(hours(2)) },
        next: 'Fail over green',
      },
    ],
    otherwise: 'Is there a test of green?',
  }),

  'Fail over green': task({
    comment:
      'Lets the standby of green take over, or a reader, and never touches blue. Where RDS refuses it, the approvers are told that it was not tested.',
    given: ['request', 'deployment', 'tests', 'waitingSince'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: {
      assign: {
        tests: x`$merge([$tests, {'failover': $merge([$tests.failover, {'untested': ${causeOrError}}])}])`,
      },
      next: 'Is there a test of green?',
    },
    assign: { tests: x`$merge([$tests, {'failover': $states.result.Payload}])` },
    next: 'How far is the failover of green?',
  }),

  'How far is the failover of green?': choice({
    comment:
      'Green must answer again, and replication must flow again. A cluster is led back, so that every member is what it was.',
    options: [
      {
        when: x`$tests.failover.flowsAfter != null and ($deployment.database.kind != 'cluster' or $tests.failover.leg = 'back')`,
        next: 'Is there a test of green?',
      },
    ],
    otherwise: 'Is there still time for green after its failover?',
  }),

  'Wait for green after its failover': wait({
    comment:
      'Ready when another one serves and answers, and again when two good readings of the lag were taken since. Green that does not come back ends the run.',
    function: 'waitForGreen',
    given: ['request', 'deployment', 'tests', 'wayBack'],
    tick: tickOfFailover(paces.failover),
    notYet: 'Is there still time for green after its failover?',
    failed: 'Were writes stopped before this?',
    assign: { tests: x`$merge([$tests, {'failover': $states.result}])` },
    next: 'How far is the failover of green?',
  }),

  'Is there still time for green after its failover?': choice({
    comment:
      'Two hours for both ways. A green that stays away longer would do so as production, too. A cluster that has come back is led back.',
    options: [
      {
        when: x`$millis() < $toMillis($deadline) and $tests.failover.flowsAfter != null`,
        assign: { waitingSince: now },
        next: 'Fail over green',
      },
      { when: inTime, next: 'Wait for green after its failover' },
    ],
    otherwise: {
      assign: keepFailure(
        late('Wait for green after its failover', 'green did not come back from its failover in time'),
      ),
      next: 'Were writes stopped before this?',
    },
  }),

  'Is there a test of green?': choice({
    comment: 'A hook of the user may test green before anybody is asked to approve.',
    options: [
      { when: answersLater('testGreen'), next: 'Test green and wait for the answer' },
      { when: hasHook('testGreen'), next: 'Test green' },
    ],
    otherwise: 'Check parity',
  }),

  'Test green': hook({
    comment: "Invokes the user's testGreen hook and waits for its verdict.",
    stage: 'testGreen',
    endpoint: '$deployment.green.endpoint',
    failed: 'Were writes stopped before this?',
    next: 'Did green pass its test?',
  }),

  'Test green and wait for the answer': hookAnsweringLater({
    comment:
      'The callback form, for tests that outlast a function: the hook answers with the task token within hooks.testGreen.withinMinutes.',
    stage: 'testGreen',
    endpoint: '$deployment.green.endpoint',
    failed: 'Were writes stopped before this?',
    next: 'Did green pass its test?',
  }),

  'Did green pass its test?': choice({
    comment: "Anything else than the verdict 'pass' is a no.",
    options: [{ when: hookPassed, next: 'Keep the result of the test' }],
    otherwise: { assign: keepFailure(hookSaidNo('Test green')), next: 'Were writes stopped before this?' },
  }),

  'Keep the result of the test': pass({
    comment: 'The approvers see the result of the test.',
    assign: { tests: x`$merge([$tests, {'testGreen': $hookAnswer}])` },
    next: 'Check parity',
  }),

  'Check parity': task({
    comment:
      'Compares green with blue and with the plan: members, class, Multi-AZ, versions, groups, protection, backups. Fixes the plan hash that an approval is for.',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults, rdsBusy],
    failed: 'Were writes stopped before this?',
    assign: { deployment: x`$states.result.Payload` },
    next: 'Check the way back on green',
  }),

  'Check the way back on green': task({
    comment:
      'The same once more, of blue and of green, which new production will be made of. People approve what stands here.',
    function: 'checkTheWayBack',
    given: ['request', 'deployment'],
    seconds: 60,
    retry: [faults, sqlBusy],
    failed: { assign: wayBackNotLookedAt, next: 'Begin with the statistics of green' },
    assign: { wayBack: x`$states.result.Payload` },
    next: 'Begin with the statistics of green',
  }),

  'Begin with the statistics of green': pass({
    comment:
      'A new major version of PostgreSQL begins without the statistics that its planner needs, and RDS makes none. An hour is given to them.',
    assign: {
      statistics: { needed: true, done: false, because: null, progress: null },
      deadline: fromNow(hours(1)),
    },
    next: 'Refresh the statistics of green',
  }),

  'Refresh the statistics of green': task({
    comment:
      'Runs ANALYZE on tables of green that have no statistics, for a minute at a time, where a new major version of PostgreSQL needs it and the request names a login. A table without statistics stops nothing: the question to the approvers names it.',
    given: ['request', 'deployment', 'statistics'],
    seconds: 120,
    retry: [faults, sqlBusy],
    failed: {
      assign: {
        statistics: x`$merge([$statistics, {'done': true, 'because': ${causeOrError}}])`,
      },
      next: 'Is a load test to be run?',
    },
    assign: { statistics: x`$states.result.Payload` },
    next: 'Are the statistics of green refreshed?',
  }),

  'Are the statistics of green refreshed?': choice({
    comment:
      'Steps go on until every table has statistics or cannot have any, for an hour at most. A run that is stopped meanwhile is stopped in the console.',
    options: [
      { when: x`$statistics.done`, next: 'Is a load test to be run?' },
      { when: inTime, next: 'Refresh the statistics of green' },
    ],
    otherwise: {
      assign: { statistics: x`$merge([$statistics, {'done': true, 'because': 'the hour for it was over'}])` },
      next: 'Is a load test to be run?',
    },
  }),

  'Is a load test to be run?': choice({
    comment:
      'Where the request names tests.load, once the planner of green knows its tables. A statement that green alone cannot run ends the run, and so does one that is worse where the request says so.',
    options: [
      {
        when: x`$exists($tests.load.no) and $tests.load.no != null`,
        assign: keepFailure(fault('Run the load test', 'BlueGreen.TestFailed', '$tests.load.no')),
        next: 'Were writes stopped before this?',
      },
      {
        when: x`$not($exists($request.tests.load)) or $tests.load.done = true`,
        next: 'Find the next window',
      },
      {
        when: x`$not($exists($tests.load))`,
        assign: {
          tests: x`$merge([$tests, {'load': {'done': false, 'no': null, 'source': $request.tests.load.statements, 'progress': null}}])`,
          deadline: fromNow('($request.tests.load.withinSeconds + 1800) * 1000'),
        },
        next: 'Run the load test',
      },
      { when: inTime, next: 'Run the load test' },
      {
        when: x`$request.tests.load.onWorse = 'stop'`,
        assign: keepFailure(late('Run the load test', 'the load test did not end in time')),
        next: 'Were writes stopped before this?',
      },
    ],
    otherwise: {
      assign: {
        tests: x`$merge([$tests, {'load': $merge([$tests.load, {'done': true, 'untested': 'its time was over'}])}])`,
      },
      next: 'Find the next window',
    },
  }),

  'Run the load test': task({
    comment:
      'Runs statements on blue and on green, read-only and one at a time, and compares times and plans, for a minute at a time. Changes nothing. Where it cannot be done, the request says whether the run goes on.',
    function: 'refreshTheStatisticsOfGreen',
    given: ['request', 'deployment', 'tests', 'wayBack'],
    seconds: 120,
    retry: [faults, sqlBusy],
    failed: {
      assign: {
        tests: x`$merge([$tests, {'load': $merge([$tests.load, {'done': true, 'untested': ${causeOrError}, 'no': $request.tests.load.onWorse = 'stop' ? 'the load test could not be made: ' & (${causeOrError}) : null}])}])`,
      },
      next: 'Is a load test to be run?',
    },
    assign: { tests: x`$merge([$tests, {'load': $states.result.Payload}])` },
    next: 'Is a load test to be run?',
  }),
};
