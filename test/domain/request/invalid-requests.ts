const target = { engineVersion: '17.10' };
const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:viridian-hook-test';
const readers = { hostedZoneId: 'Z1ABC', recordName: 'orders-readers.example.com' };
const dbLoad = { name: 'DBLoad', worse: 'higher', floor: 2 };

/** Requests that are none, with what is said of them. */
export const invalidRequests: [problem: string, input: unknown][] = [
  [
    'bake.metrics: is a list; name each metric once',
    { database: 'orders', target, bake: { metrics: [dbLoad, dbLoad] } },
  ],
  [
    'bake.metrics.0.ratio: is 1; give at least 1.1',
    { database: 'orders', target, bake: { metrics: [{ ...dbLoad, ratio: 1 }] } },
  ],
  [
    'bake.metrics.0.name: is "AWS/RDS DBLoad"; give the name of a metric of AWS/RDS, for example DBLoad',
    { database: 'orders', target, bake: { metrics: [{ ...dbLoad, name: 'AWS/RDS DBLoad' }] } },
  ],
  [
    'readRamp.steps: is a list; let each step be more than the one before it',
    { database: 'orders', target, readRamp: { ...readers, steps: [10, 50, 50] } },
  ],
  [
    'readRamp.metrics: is a list; name each metric once',
    { database: 'orders', target, readRamp: { ...readers, metrics: [dbLoad, dbLoad] } },
  ],
  [
    'readRamp.onBadStep: is "ask"; ask needs people: let approval.required be true, or give stop',
    { database: 'orders', target, approval: { required: false }, readRamp: { ...readers, onBadStep: 'ask' } },
  ],
  [
    'target.members: is a list; name each member once',
    {
      database: 'orders',
      target: {
        ...target,
        members: [
          { member: 'orders-r1', instanceClass: 'db.r7g.large' },
          { member: 'orders-r1', instanceClass: 'db.r7g.large' },
        ],
      },
    },
  ],
  [
    'target.members.0.instanceclass: is not a field of the request; did you mean instanceClass?',
    { database: 'orders', target: { ...target, members: [{ member: 'r1', instanceclass: 'db.r7g.large' }] } },
  ],
  [
    'readRamp.minuteseach: is not a field of the request; did you mean minutesEach?',
    { database: 'orders', target, readRamp: { ...readers, minuteseach: 10 } },
  ],
  [
    'hooks.testgreen: is not a field of the request; did you mean testGreen?',
    { database: 'orders', target, hooks: { testgreen: { arn } } },
  ],
  [
    'target.storage.typ: is not a field of the request; did you mean type?',
    { database: 'orders', target: { storage: { typ: 'gp3' } } },
  ],
  [
    'wayBack.endpoint.recordname: is not a field of the request; did you mean recordName?',
    {
      database: 'orders',
      target,
      wayBack: {
        endpoint: { kind: 'route53', hostedZoneId: 'Z1ABC', recordName: 'a.example.com', recordname: 'x' },
      },
    },
  ],
  [
    'window.timezone: is not a field of the request; did you mean timeZone?',
    { database: 'orders', target, window: { timezone: 'UTC', days: ['Sun'], from: '02:00', to: '04:00' } },
  ],
  [
    'hooks: is an object; the application does not write meanwhile: give stopWrites and resumeWrites withinMinutes of 60 at most',
    {
      database: 'orders',
      target,
      hooks: { stopWrites: { arn }, resumeWrites: { arn, callback: true, withinMinutes: 61 } },
    },
  ],
  [
    'hooks.handOver.callback: is true; the way back begins to move on after it: handOver answers by returning',
    { database: 'orders', target, hooks: { handOver: { arn, callback: true } } },
  ],
  [
    'consumers: is a list; name each consumer once',
    { database: 'orders', target, consumers: ['cdc', 'cdc'] },
  ],
  [
    'switchover.longTransactions: is "end"; name wayBack.login: databases are asked for their transactions',
    { database: 'orders', target, switchover: { longTransactions: 'end' } },
  ],
  ['window: is null; give an object', { database: 'orders', target, window: null }],
  ['ticket: is 0 long; give at least 1', { database: 'orders', target, ticket: '' }],
  ['the request: is missing; give an object', undefined],
  ['the request: is "orders"; give an object', 'orders'],
  ['database: is missing; give a text', { target }],
  [
    'database: is "a--b"; give the ARN or the name of an RDS instance or of an Aurora cluster',
    { database: 'a--b', target },
  ],
  [
    'databse: is not a field of the request; did you mean database?',
    { database: 'orders', databse: 'x', target },
  ],
  [
    'target.engineversion: is not a field of the request; did you mean engineVersion?',
    { database: 'orders', target: { ...target, engineversion: '1' } },
  ],
  ['target.engineVersion: is 17; give a text', { database: 'orders', target: { engineVersion: 17 } }],
  [
    'target.readyWithinHours: is 999; give at most 168',
    { database: 'orders', target: { ...target, readyWithinHours: 999 } },
  ],
  [
    'target: name one change: an engineVersion, a parameter group, a class, storage, or a changeGreen hook',
    { database: 'orders' },
  ],
  [
    'oldBlue.deleteAfterDays: is -1; give at least 0',
    { database: 'orders', target, oldBlue: { deleteAfterDays: -1 } },
  ],
  [
    'oldBlue.fenceSecurityGroup: is "fence"; give the id of a security group, for example sg-0123456789abcdef0',
    { database: 'orders', target, oldBlue: { fenceSecurityGroup: 'fence' } },
  ],
  [
    'wayBack.endpoint.kind: is "dns"; give {"kind": "rename"} or {"kind": "route53", "hostedZoneId": …, "recordName": …}',
    { database: 'orders', target, wayBack: { endpoint: { kind: 'dns' } } },
  ],
  [
    'wayBack.endpoint.kind: is missing; give {"kind": "rename"} or {"kind": "route53", "hostedZoneId": …, "recordName": …}',
    { database: 'orders', target, wayBack: { endpoint: { recordName: 'orders-db.example.com' } } },
  ],
  [
    'wayBack.endpoint.hostedZoneId: is "example.com"; give the id of a hosted zone, for example Z0123456789ABCDEFGHIJ',
    {
      database: 'orders',
      target,
      wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'example.com', recordName: 'db.example.com' } },
    },
  ],
  [
    'wayBack.endpoint.recordName: is "*.example.com"; give the whole name of the record, for example orders-db.example.com',
    {
      database: 'orders',
      target,
      wayBack: { endpoint: { kind: 'route53', hostedZoneId: 'Z1ABC', recordName: '*.example.com' } },
    },
  ],
  ['dryRun: is "yes"; give true or false', { database: 'orders', target, dryRun: 'yes' }],
  ['approval.groups: is 0 long; give at least 1', { database: 'orders', target, approval: { groups: [] } }],
  [
    'approval.groups: is a list; name each group once',
    { database: 'orders', target, approval: { groups: [{ name: 'a' }, { name: 'a' }] } },
  ],
  [
    'window.days.0: is "Sunday"; did you mean Sun?',
    {
      database: 'orders',
      target,
      window: { timeZone: 'UTC', days: ['Sunday'], from: '02:00', to: '04:00' },
    },
  ],
  [
    'window.from: is "2:00"; write HH:MM, for example 02:30',
    { database: 'orders', target, window: { timeZone: 'UTC', days: ['Sun'], from: '2:00', to: '04:00' } },
  ],
  [
    'window.opensAt: is "tonight"; write a time with its zone, for example 2026-11-22T02:00:00+01:00',
    { database: 'orders', target, window: { opensAt: 'tonight', closesAt: '2026-11-22T02:00:00Z' } },
  ],
  [
    'window.closesAt: is missing; give a text',
    { database: 'orders', target, window: { opensAt: '2026-11-22T02:00:00Z' } },
  ],
  [
    'hooks.testGreen.arn: is "x"; give the ARN of a Lambda function whose name begins with viridian-hook-',
    { database: 'orders', target, hooks: { testGreen: { arn: 'x' } } },
  ],
  [
    'hooks.resumeWrites: stopWrites and resumeWrites belong together: give both or neither',
    { database: 'orders', target, hooks: { stopWrites: { arn } } },
  ],
  [
    'hooks: is an object; the application does not write meanwhile: give stopWrites and resumeWrites withinMinutes of 60 at most',
    {
      database: 'orders',
      target,
      hooks: { stopWrites: { arn, callback: true, withinMinutes: 61 }, resumeWrites: { arn } },
    },
  ],
  [
    'wayBack.login.user: is "viridian_app"; without a secret the user is viridian: only it may sign in by IAM',
    { database: 'orders', target, wayBack: { login: { user: 'viridian_app' } } },
  ],
  [
    'adopt: is "mine"; give the id of a deployment, for example bgd-1234567890abcdef',
    { database: 'orders', adopt: 'mine' },
  ],
];
