import {
  alarm,
  databasesAnswer,
  databasesAnswerAgain,
  executionStopped,
  later,
  onBlue,
  rdsPlays,
  stream,
  type Trouble,
  when,
} from '../simulation/faults.ts';
import { person } from '../simulation/person.ts';
import { lookAround } from '../simulation/reconcile.ts';
import type { Request } from '../simulation/run.ts';
import { besideBlue } from '../simulation/scenarios/put-back.ts';
import { minute } from '../simulation/stage.ts';

/** A kind of run whose mails a reviewer reads. */
export interface MailedRun {
  /** Name of the file. */
  name: string;
  what: string;
  ask: Request;
  troubles?: Trouble[];
  /** After the execution has ended and its end was looked at. */
  afterwards?: Trouble[];
}

const approval = { withinHours: 8 };
const window = { timeZone: 'Europe/Berlin', days: ['Sat', 'Sun'], from: '13:00', to: '23:00' };
const wayBack = { login: {}, applicationRoles: ['app'] };
const usual = {
  approval,
  window,
  wayBack,
  bake: { minutes: 60, alarms: ['errors'], metrics: [] },
  ticket: 'CHG-1234',
};

const quiet = alarm('OK');
const approve = person({ answer: 'approve', after: 10 * minute });
const fires = when('Bake', later(20 * minute, alarm('ALARM')));
const signIn = { kind: 'failed', code: '28P01', because: 'the sign-in was refused' } as const;

/** Of twelve kinds of runs what people read, and of one that somebody stops where he should not. */
export const mailedRuns: MailedRun[] = [
  { name: '01-dry-run', what: 'a dry run', ask: { ...usual, dryRun: true }, troubles: [quiet] },
  {
    name: '02-refused',
    what: 'a run whose database has no backups',
    ask: usual,
    troubles: [
      quiet,
      onBlue((blue) => {
        blue.BackupRetentionPeriod = 0;
      }),
    ],
  },
  {
    name: '03-rejected',
    what: 'people say no to the switchover',
    ask: usual,
    troubles: [quiet, person({ answer: 'reject', after: 10 * minute })],
  },
  { name: '04-nobody-answers', what: 'nobody answers', ask: usual, troubles: [quiet] },
  {
    name: '05-rolled-back',
    what: 'RDS undoes the switchover',
    ask: usual,
    troubles: [
      quiet,
      approve,
      rdsPlays({ moment: 'guardrails', effect: { refuse: 'a long transaction', leaves: 'AVAILABLE' } }),
    ],
  },
  {
    name: '06-all-is-well',
    what: 'all goes well, and old blue goes after a week',
    // A weekly window may be two weeks away: with a retention that could be longer than an execution has room for.
    ask: {
      ...usual,
      window: { opensAt: '2026-11-21T13:30:00+01:00', closesAt: '2026-11-21T23:00:00+01:00' },
      oldBlue: { deleteAfterDays: 7 },
    },
    troubles: [quiet, approve, besideBlue],
  },
  {
    name: '07-goes-back-by-itself',
    what: 'the bake fails, and the request lets production go back by itself',
    ask: { ...usual, wayBack: { ...wayBack, onFailure: 'go-back' } },
    troubles: [quiet, approve, fires],
  },
  {
    name: '08-people-go-back',
    what: 'the bake fails, and people say that production goes back',
    ask: usual,
    troubles: [quiet, approve, fires],
  },
  {
    name: '09-nobody-decides',
    what: 'the bake fails, and nobody says whether to go back',
    ask: usual,
    troubles: [quiet, person({ answer: 'approve', after: 10 * minute, matter: 'switchover' }), fires],
  },
  {
    name: '10-way-back-breaks',
    what: 'the way back breaks in the bake',
    ask: usual,
    troubles: [quiet, approve, when('Bake', later(10 * minute, stream(true)))],
  },
  {
    name: '11-writes-are-held',
    what: 'the roles of the application cannot be let go for an hour',
    ask: usual,
    troubles: [
      quiet,
      approve,
      when('Wait for switchover', databasesAnswer('release-writes', signIn)),
      when('Announce that writes are held', later(60 * minute, databasesAnswerAgain('release-writes'))),
    ],
  },
  {
    name: '12-outcome-unknown',
    what: 'a switchover ends in a status that nobody knows',
    ask: usual,
    troubles: [
      quiet,
      approve,
      rdsPlays({ moment: 'guardrails', effect: { refuse: 'a long transaction', leaves: 'POLISHING' } }),
    ],
  },
  {
    name: '13-stopped-in-the-console',
    what: 'somebody stops the execution in the console while roles are held, and an hour passes',
    ask: usual,
    troubles: [quiet, approve, when('Wait for switchover', later(5_000, executionStopped))],
    afterwards: [lookAround, lookAround],
  },
];
