import { z } from 'zod';
import { hostedZoneId, recordName } from './dns-record.ts';
import { hookArn } from './hook-arn.ts';
import { bakeMetric, usualMetrics } from './metric.ts';
import { readRamp } from './read-ramp.ts';

/** A name of at most 63 characters, or an ARN. */
const database =
  /^(?:(?=.{1,63}$)|arn:aws(?:-[a-z]+)*:rds:[a-z0-9-]+:\d{12}:(?:db|cluster):)[a-zA-Z](?:-?[a-zA-Z0-9])*$/;
const isoTime = 'write a time with its zone, for example 2026-11-22T02:00:00+01:00';
const clockTime = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

const hook = z
  .strictObject({
    arn: z
      .string()
      .regex(hookArn, 'give the ARN of a Lambda function whose name begins with viridian-hook-')
      .describe('ARN of your function; its name begins with viridian-hook-.'),
    callback: z
      .boolean()
      .default(false)
      .describe(
        'The hook also gets a task token and answers with SendTaskSuccess, for work that outlasts a function.',
      ),
    withinMinutes: z
      .int()
      .min(1)
      .max(10_080)
      .default(60)
      .describe('Callback only: how long the answer may take.'),
  })
  .describe(
    'A function of yours that the run invokes. It answers {verdict: "pass" | "fail", because, facts}.',
  );

const className = /^db\.[0-9a-z-]{2,12}\.[0-9a-z]{4,12}$/;

const storage = z.strictObject({
  allocatedGiB: z.int().min(5).max(65_536).optional().describe('Size of green, GiB.'),
  type: z.enum(['gp2', 'gp3', 'io1', 'io2']).optional().describe('Storage type of green.'),
  iops: z.int().min(100).max(256_000).optional().describe('Provisioned IOPS of green.'),
  throughput: z.int().min(125).max(4_000).optional().describe('gp3 only, MiB/s.'),
});

const memberTarget = z
  .strictObject({
    member: z
      .string()
      .min(1)
      .max(63)
      .describe(
        'Name of the replica of blue, or of the instance of the cluster, whose counterpart is meant.',
      ),
    instanceClass: z
      .string()
      .regex(className, 'give a class as RDS writes it, for example db.r7g.large')
      .optional()
      .describe('Class of its counterpart on green.'),
    allocatedGiB: z
      .int()
      .min(5)
      .max(65_536)
      .optional()
      .describe(
        'Size of its counterpart on green, GiB: more than blue has, since RDS makes no storage smaller. Replicas of RDS instances only.',
      ),
  })
  .refine(({ instanceClass, allocatedGiB }) => instanceClass !== undefined || allocatedGiB !== undefined, {
    error: 'name instanceClass or allocatedGiB, or leave the member out',
  })
  .describe('One instance of green that is to be another one than its counterpart on blue.');

const target = z.strictObject({
  engineVersion: z
    .string()
    .regex(/^[0-9A-Za-z._-]{1,64}$/, 'give an engine version as RDS writes it, for example 17.10')
    .optional()
    .describe('Engine version of green. Left out: the version of blue.'),
  parameterGroup: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('DB parameter group of the instances of green.'),
  clusterParameterGroup: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Aurora: cluster parameter group of green.'),
  instanceClass: z
    .string()
    .regex(className, 'give a class as RDS writes it, for example db.r7g.large')
    .optional()
    .describe('Class of the primary of green. RDS instances only.'),
  members: z
    .array(memberTarget)
    .max(16)
    .default([])
    .describe(
      'Classes and storage of single instances of green: of Aurora the class of each, of RDS instances both of the replicas. They are changed once green is built.',
    ),
  storage: storage.optional().describe('Storage of green. RDS instances only.'),
  readyWithinHours: z.number().min(0.1).max(168).default(24).describe('How long building green may take.'),
  keepGreenWhenStopped: z
    .boolean()
    .optional()
    .describe(
      'Keep green for a look when the run stops before the switchover. It costs money until you delete it. Left out: green is removed, unless the run has taken it up (adopt).',
    ),
});

const group = z.strictObject({
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}$/, 'use letters, digits, dot, dash and underscore, at most 40')
    .describe('Name of the group; subscribers filter their messages by it.'),
});

const approval = z.strictObject({
  required: z.boolean().default(true).describe('Ask people before the switchover.'),
  groups: z
    .array(group)
    .min(1)
    .max(10)
    .default([{ name: 'approvers' }])
    .describe('All groups must say yes; the first no ends the run.'),
  withinHours: z.number().min(0.1).max(336).default(24).describe('How long an answer may take.'),
  distinctPeople: z
    .boolean()
    .default(true)
    .describe(
      'One person may approve for one group only. Names are compared as they look, identities of IAM by principal.',
    ),
  authenticatedOnly: z
    .boolean()
    .default(false)
    .describe(
      'Only identities that IAM knows may answer: messages carry no links, and the page refuses those of others.',
    ),
});

const window = z.union([
  z
    .strictObject({
      timeZone: z.string().describe('IANA time zone, for example Europe/Berlin.'),
      days: z
        .array(z.enum(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']))
        .min(1)
        .max(7)
        .describe('Days on which the window opens.'),
      from: z
        .string()
        .regex(clockTime, 'write HH:MM, for example 02:30')
        .describe('When it opens, HH:MM by the clocks of the zone.'),
      to: z
        .string()
        .regex(clockTime, 'write HH:MM, for example 02:30')
        .describe('When it closes. Earlier than from: the next day.'),
    })
    .describe('A weekly maintenance window.'),
  z
    .strictObject({
      opensAt: z.iso
        .datetime({ offset: true, error: isoTime })
        .describe('When it opens, with the zone: 2026-11-22T02:00:00+01:00.'),
      closesAt: z.iso
        .datetime({ offset: true, error: isoTime })
        .describe('When it closes. A cut begins only with room to end before.'),
    })
    .describe('One window at absolute times.'),
]);

const lag = z.strictObject({
  maxSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .default(10)
    .describe('Limit where RDS measures the lag in seconds.'),
  maxMiB: z
    .number()
    .min(0)
    .max(10_240)
    .default(16)
    .describe('Limit where RDS measures the lag in bytes (logical replication).'),
  withinMinutes: z.number().min(1).max(1_440).default(60).describe('How long catching up may take.'),
});

const secretArn =
  /^arn:aws(?:-[a-z]+)*:secretsmanager:[a-z0-9-]+:\d{12}:secret:viridian-[a-zA-Z0-9/_+=.@!-]{1,500}$/;

const load = z
  .strictObject({
    statements: z
      .string()
      .regex(
        /^(?:top|s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/[A-Za-z0-9!_.'()/-]{1,500})$/,
        'give "top" or a file in S3, for example s3://my-bucket/load.sql',
      )
      .default('top')
      .describe(
        'top: those that take most time on blue, as pg_stat_statements or the performance schema says. Or a file in S3 with SELECT statements, which the stack must be deployed with (loadStatements).',
      ),
    secret: z
      .string()
      .regex(secretArn, 'give the ARN of a Secrets Manager secret whose name begins with viridian-')
      .describe(
        'ARN of a secret {username, password} of a database user that may read the tables of the statements, and nothing else; its name begins with viridian-.',
      ),
    database: z
      .string()
      .min(1)
      .max(63)
      .optional()
      .describe(
        'Database in which the statements are run. PostgreSQL with a file needs it; with top it leaves out those of other databases.',
      ),
    top: z.int().min(1).max(25).default(20).describe('How many statements of the server are taken.'),
    runs: z
      .int()
      .min(1)
      .max(20)
      .default(5)
      .describe('How often each is run on each side, after once that is not counted; the median counts.'),
    withinSeconds: z
      .int()
      .min(10)
      .max(1_800)
      .default(300)
      .describe('How long both sides are loaded altogether. Statements that are not reached are told.'),
    worseThan: z
      .strictObject({
        ratio: z.number().min(1.1).max(100).default(2).describe('So many times as long as on blue is worse.'),
        floorMs: z
          .number()
          .min(0)
          .max(10_000)
          .default(5)
          .describe('Statements that are faster on both sides are never worse. Milliseconds.'),
      })
      .prefault({})
      .describe('When a statement is worse on green.'),
    onWorse: z
      .enum(['warn', 'stop'])
      .default('warn')
      .describe('A statement that is worse is told to the approvers, or stops the run.'),
  })
  .describe(
    'Runs statements on blue and on green, read-only, and compares how long they take and by which plans.',
  );

const tests = z.strictObject({
  allowDifferences: z
    .array(z.string().min(1).max(64))
    .max(20)
    .default([])
    .describe('Fields in which green may differ from blue, for example backupRetentionDays.'),
  failover: z
    .boolean()
    .default(true)
    .describe(
      'Fail green over before anybody is asked, where it has a standby (Multi-AZ) or readers (Aurora), and tell the approvers how long it took. Blue is never failed over.',
    ),
  load: load
    .optional()
    .describe(
      'A load test of both sides before anybody is asked. Left out: none is made. Needs wayBack.login.',
    ),
});

const switchover = z.strictObject({
  timeoutSeconds: z
    .int()
    .min(30)
    .max(3_600)
    .default(300)
    .describe('SwitchoverTimeout of RDS; past it RDS rolls back.'),
  longTransactions: z
    .enum(['wait', 'stop', 'end'])
    .default('wait')
    .describe(
      'What is done about a transaction that has written and stays open: wait for it while replication catches up, stop the run, or end its session right before the hold. Needs wayBack.login.',
    ),
  longTransactionSeconds: z
    .int()
    .min(5)
    .max(3_600)
    .default(60)
    .describe('From this age on a transaction is long. No younger one is ever ended.'),
});

const bake = z.strictObject({
  minutes: z
    .number()
    .min(0)
    .max(10_080)
    .default(60)
    .describe('How long new production is watched. Less than 2 compare no metric.'),
  metrics: z
    .array(bakeMetric)
    .max(10)
    .default([...usualMetrics])
    .describe(
      'Metrics of the writer that are compared with those of blue in the hour before the cut. An empty list compares none.',
    ),
  alarms: z
    .array(z.string().min(1).max(255))
    .max(100)
    .default([])
    .describe('CloudWatch alarms that must stay OK. They must be OK before the cut, too.'),
});

const oldBlue = z.strictObject({
  deleteAfterDays: z
    .number()
    .min(0)
    .max(60)
    .optional()
    .describe(
      'Delete old blue so many days after the bake, after a final snapshot. Left out: old blue is kept.',
    ),
  deleteAutomatedBackups: z
    .boolean()
    .default(false)
    .describe(
      'Delete the automated backups of old blue with it. Otherwise RDS keeps them for their retention period, at the price of their storage.',
    ),
  fenceSecurityGroup: z
    .string()
    .regex(/^sg-[0-9a-f]{8,17}$/, 'give the id of a security group, for example sg-0123456789abcdef0')
    .optional()
    .describe(
      'Aurora: a security group that admits nobody; with a way back, nobody but the function sqlPostgres. Old blue gets it before the deployment record goes, and the clone that a way back needs from the start.',
    ),
});

const login = z
  .strictObject({
    user: z
      .string()
      .regex(/^viridian[a-z0-9_]{0,55}$/, 'give a user whose name begins with viridian')
      .default('viridian')
      .describe('Database user that docs/setup-postgresql.sql or docs/setup-mysql.sql made.'),
    secret: z
      .string()
      .regex(secretArn, 'give the ARN of a Secrets Manager secret whose name begins with viridian-')
      .optional()
      .describe(
        'ARN of a secret {username, password}; its name begins with viridian-. Left out: IAM database authentication.',
      ),
  })
  .refine(({ user, secret }) => secret !== undefined || user === 'viridian', {
    path: ['user'],
    error: 'without a secret the user is viridian: only it may sign in by IAM',
  })
  .describe(
    'How the functions sign in to the database. Left out: there is no lossless way back, and the statistics of green are not refreshed.',
  );

const endpoint = z
  .discriminatedUnion(
    'kind',
    [
      z
        .strictObject({ kind: z.literal('rename').describe('By renaming both databases.') })
        .describe(
          'The name of production is given back to blue by renaming both databases, which takes minutes.',
        ),
      z
        .strictObject({
          kind: z.literal('route53').describe('By a record of Route 53.'),
          hostedZoneId: hostedZoneId.describe(
            'Hosted zone of the record. The stack must be deployed with it (wayBackRecords).',
          ),
          recordName: recordName.describe(
            "Name of a CNAME record that leads to RDS's own endpoint and by which every application comes.",
          ),
        })
        .describe('The record is led to blue, which takes as long as Route 53 needs and its TTL.'),
    ],
    { error: 'give {"kind": "rename"} or {"kind": "route53", "hostedZoneId": …, "recordName": …}' },
  )
  .describe('How applications are led back to blue.');

const wayBack = z.strictObject({
  enabled: z.boolean().default(true).describe('Set up the way back where it is possible.'),
  login: login.optional(),
  applicationRoles: z
    .array(z.string().min(1).max(63))
    .max(50)
    .default([])
    .describe(
      'Database roles of the application. Their writes are held from the cut until the way back is secured. MySQL and MariaDB hold nobody and need none.',
    ),
  target: z
    .enum(['old-blue', 'clone'])
    .optional()
    .describe(
      'Which database receives the changes of new production. Left out: on Aurora a clone of old blue, made for it behind oldBlue.fenceSecurityGroup; otherwise old blue. Nothing else is offered.',
    ),
  onFailure: z
    .enum(['ask', 'go-back'])
    .default('ask')
    .describe('What a failed bake leads to: a question to people, or going back at once.'),
  endpoint: endpoint.prefault({ kind: 'rename' }),
  walBudgetGiB: z
    .number()
    .min(0.1)
    .max(65_536)
    .default(20)
    .describe('Log that new production may keep for the way back. Past it the way back closes.'),
  compare: z
    .enum(['none', 'counts', 'checksums'])
    .optional()
    .describe(
      'How both sides are compared before going back, while nobody can write. Left out: by counts, and not at all where that would read 10 GiB or more on each side. The end of the stream is proved by position in any case.',
    ),
  secureWithinMinutes: z
    .number()
    .min(1)
    .max(60)
    .default(5)
    .describe('How long writes are held for it after the cut. Past it they resume without a way back.'),
});

const hooks = z.strictObject({
  changeGreen: hook.optional().describe('Changes green before it is tested.'),
  testGreen: hook.optional().describe('Tests green before anybody is asked to approve.'),
  stopWrites: hook.optional().describe('Holds the writes of the application before the cut.'),
  resumeWrites: hook.optional().describe('Lets the application write again, on the side that serves.'),
  verifyProduction: hook.optional().describe('Tests new production after the cut.'),
  handOver: hook
    .optional()
    .describe(
      'Leads a consumer of changes to the side that serves; called once for each, with the positions.',
    ),
});

const copy = z
  .strictObject({
    rehearsal: z.string().min(1).max(400).describe('ARN of the rehearsal.'),
    resourceId: z.string().min(1).max(100).describe('Resource id of the copy.'),
    seal: z.string().max(100).describe('Seal of the rehearsal for this run.'),
  })
  .describe(
    'Written by a rehearsal: proves that the database is its copy, which nobody needs to approve. Leave it out.',
  );

/** The request of a run. The one place that says what is allowed, what is the default and why. */
export const requestSchema = z
  .strictObject({
    $schema: z
      .string()
      .max(500)
      .optional()
      .describe('Where this schema is, for editors. A run does not read it.'),
    database: z
      .string()
      .regex(database, 'give the ARN or the name of an RDS instance or of an Aurora cluster')
      .describe('ARN, or the name of an RDS instance or an Aurora cluster.'),
    target: target
      .prefault({})
      .describe('What green is to be: one change at least, here or by hooks.changeGreen.'),
    lag: lag.prefault({}).describe('How far green may be behind just before the switchover.'),
    tests: tests.prefault({}).describe('How green is compared with blue before anybody is asked.'),
    approval: approval.prefault({}).describe('Who is asked before the switchover.'),
    window: window
      .optional()
      .describe('When the switchover may happen. Left out: as soon as everything is ready.'),
    readRamp: readRamp
      .optional()
      .describe(
        'Leads readers to green step by step before the cut, by a weighted record of Route 53. Left out: they come to it with the cut.',
      ),
    switchover: switchover.prefault({}).describe('The switchover itself.'),
    bake: bake.prefault({}).describe('How new production is watched after the cut.'),
    oldBlue: oldBlue.prefault({}).describe('What becomes of the former production.'),
    wayBack: wayBack.prefault({}).describe('Going back to blue without losing a row.'),
    hooks: hooks.prefault({}).describe('Functions of yours that the run invokes.'),
    consumers: z
      .array(z.string().min(1).max(100))
      .max(20)
      .default([])
      .describe(
        'Names of what reads changes of the database (CDC) and does not show there before the cut, as of PostgreSQL, whose slots must be gone. Others are found.',
      ),
    adopt: z
      .string()
      .regex(/^bgd-[a-z0-9]{1,60}$/i, 'give the id of a deployment, for example bgd-1234567890abcdef')
      .optional()
      .describe(
        'Take up this existing deployment instead of creating one. What target leaves out is taken as green has it.',
      ),
    dryRun: z.boolean().default(false).describe('Check the preconditions and stop.'),
    ticket: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Your change ticket; it goes to messages and the record.'),
    requestedBy: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Who asks for the change. The same name cannot approve it.'),
    requestSeal: z
      .string()
      .max(100)
      .optional()
      .describe('Written by npm run request: proves that IAM knows requestedBy. Leave it out.'),
    rehearsal: z
      .strictObject({
        required: z.boolean().default(false).describe('Refuse the run without one.'),
        notOlderThanDays: z
          .int()
          .min(1)
          .max(90)
          .default(14)
          .describe('How old it may be. Executions, which keep what was measured, are known for 90 days.'),
      })
      .optional()
      .describe('Whether a rehearsal on a copy of this database must have gone through.'),
    copy: copy.optional(),
  })
  .refine(
    ({ target: t, hooks: h, adopt }) =>
      adopt ||
      t.engineVersion ||
      t.parameterGroup ||
      t.clusterParameterGroup ||
      t.instanceClass ||
      t.members.length > 0 ||
      t.storage ||
      h.changeGreen,
    {
      path: ['target'],
      error: 'name one change: an engineVersion, a parameter group, a class, storage, or a changeGreen hook',
    },
  )
  .refine(({ target: { members } }) => new Set(members.map((one) => one.member)).size === members.length, {
    path: ['target', 'members'],
    error: 'name each member once',
  })
  .refine(({ tests: { load: asked }, wayBack: { login: known } }) => !asked || known !== undefined, {
    path: ['tests', 'load'],
    error: 'name wayBack.login: with it the statements are found, and the servers are told apart',
  })
  .refine(({ hooks: h }) => Boolean(h.stopWrites) === Boolean(h.resumeWrites), {
    path: ['hooks', 'resumeWrites'],
    error: 'stopWrites and resumeWrites belong together: give both or neither',
  })
  .refine(({ hooks: h }) => [h.stopWrites, h.resumeWrites].every((one) => (one?.withinMinutes ?? 0) <= 60), {
    path: ['hooks'],
    error:
      'the application does not write meanwhile: give stopWrites and resumeWrites withinMinutes of 60 at most',
  })
  .refine(({ hooks: h }) => !h.handOver?.callback, {
    path: ['hooks', 'handOver', 'callback'],
    error: 'the way back begins to move on after it: handOver answers by returning',
  })
  .refine(({ consumers: c }) => new Set(c).size === c.length, {
    path: ['consumers'],
    error: 'name each consumer once',
  })
  .refine(({ switchover: s, wayBack: w }) => s.longTransactions === 'wait' || w.login, {
    path: ['switchover', 'longTransactions'],
    error: 'name wayBack.login: databases are asked for their transactions',
  })
  .refine(({ readRamp: r, approval: a }) => r?.onBadStep !== 'ask' || a.required, {
    path: ['readRamp', 'onBadStep'],
    error: 'ask needs people: let approval.required be true, or give stop',
  })
  .refine(({ bake: b }) => new Set(b.metrics.map(({ name }) => name)).size === b.metrics.length, {
    path: ['bake', 'metrics'],
    error: 'name each metric once',
  })
  .refine(({ approval: a }) => new Set(a.groups.map((g) => g.name)).size === a.groups.length, {
    path: ['approval', 'groups'],
    error: 'name each group once',
  });

/** `$request` of the run: complete, with every default filled in. */
export type Request = z.infer<typeof requestSchema>;
export type ReadRamp = NonNullable<Request['readRamp']>;
export type Hook = z.infer<typeof hook>;
