import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../packages/local-aws/iam/evaluate.ts';
import type { Policy, PolicyStatement } from '../../packages/local-aws/iam/policy.ts';
import { behindRecord, fence, type Kind, kinds } from './databases.ts';
import { databasesAnswer, lagReads, onDeployment, type Trouble, when } from './faults.ts';
import { keyOf, type Played, playWithRights, statementsOf, takesAway } from './rights.ts';
import { scenarios } from './scenarios/index.ts';
import { ends, type Scenario } from './scenarios/scenario.ts';
import { setStage } from './stage.ts';

const { replica, postgres, mariadb, auroraPostgres, auroraMysql } = kinds;
const clusterBehindRecord: Kind = {
  ...auroraPostgres,
  record: { zone: 'example.com', name: 'ledger-db.example.com' },
};

const named = (what: string): Scenario => {
  const found = scenarios.find((one) => one.what === what);
  if (!found) throw new Error(`there is no scenario "${what}"`);
  return found;
};

/** Blue as it is in real accounts: encrypted, monitored, tagged, and marked by a run that ended long ago. */
const grownUp: Trouble = ({ account: { rds, stateMachineArn } }) => {
  const ended = `${stateMachineArn.split(':').slice(0, 7).join(':').replace('stateMachine', 'execution')}:long-ago`;
  for (const one of [...rds.world.instances, ...rds.world.clusters]) {
    one.TagList.push({ Key: 'team', Value: 'shop' }, { Key: 'viridian:execution', Value: ended });
    Object.assign(one, { KmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/of-the-database' });
    if ('DbiResourceId' in one)
      Object.assign(one, {
        MonitoringInterval: 60,
        MonitoringRoleArn: 'arn:aws:iam::111122223333:role/monitoring',
      });
  }
};

/** RDS asks for every action that the guide names when a record is deleted. */
const asTheGuideReads: Trouble = ({ account }) => {
  account.access.rds.recordAsksToDelete = true;
};

/** Nothing of green is told any more but that it is broken. */
const breaks = onDeployment((one) => Object.assign(one, { status: 'INVALID_CONFIGURATION' }));

const wayBack = { login: {}, applicationRoles: ['app'], secureWithinMinutes: 1 };

const deleting = ({ deleteOldBlue }: Kind) => ({
  wayBack,
  bake: { minutes: 20 },
  oldBlue: deleteOldBlue,
  approval: { required: false },
});

/** Runs that between them need every statement: those of the table, and some that only rights are of interest for. */
const plays: [Kind, Scenario][] = [
  [replica, named('a person approves')],
  [replica, named('a person answers after the escalation')],
  [replica, named('a person stops it while people think')],
  [replica, named('an alarm fires while readers are on green')],
  [replica, named('green breaks while readers are there')],
  [replica, named('green breaks right before readers come to it')],
  [
    auroraPostgres,
    named('readers come to green in two steps, and are back on the name of production before the cut'),
  ],
  [behindRecord, named('production goes back, and the readers with it')],
  [replica, named('an alarm fires in the bake')],
  [postgres, named('statements of a file take as long on both sides')],
  [replica, named('every look of the bake crashes')],
  [replica, named('old blue may not be deleted')],
  [replica, named('replication breaks')],
  [behindRecord, named('a person stops it while green is built')],
  [behindRecord, named('a person stops it before the window')],
  [behindRecord, named('going back, names lead to new production for ten minutes after each rename')],
  [behindRecord, named('going back stays on new production')],
  [behindRecord, named('the way back cannot be secured')],
  [behindRecord, named('the writes of the application cannot be held')],
  [behindRecord, named('the writes of the application stay held after the cut for as long as the run lives')],
  [behindRecord, named('every look at the snapshot crashes')],
  [behindRecord, named('somebody goes back by hand in the bake')],
  [auroraPostgres, named('a person stops it while green is built')],
  [auroraPostgres, named('a person stops it while people think')],
  [auroraPostgres, named('a person stops it before the window')],
  [auroraPostgres, named('every look at the switchover crashes')],
  [auroraPostgres, named('the answer to the deletion of the record is lost')],
  [auroraPostgres, named('the clone stands behind a fence that keeps out the function, too')],
  [auroraPostgres, named('somebody goes back by hand in the bake')],
  [auroraPostgres, named('a failed bake asks, and somebody goes back by hand')],
  [auroraPostgres, named('going back stays on new production')],
  [auroraPostgres, named('the clients do not come back')],
  [replica, named('changeGreen passes')],
  [replica, named('a member of green gets another class')],
  [replica, named('green cannot be built')],
  [auroraPostgres, named('a failed bake goes back by itself, and blue has IAM roles')],
  [behindRecord, named('a failed bake goes back by itself, and blue has IAM roles')],
  [postgres, named('a failed bake goes back by itself, and a consumer goes back with it')],
  [postgres, named('indexes of blue are changed while people think')],
  [
    kinds.mariadb,
    {
      what: 'a consumer of MariaDB goes on where RDS says that the cut was',
      ask: { wayBack, consumers: ['cdc'], bake: { minutes: 20 } },
      troubles: [databasesAnswer('secure', { kind: 'refused', code: 'not-secured', because: 'no' })],
      end: ends.green,
    },
  ],
  [replica, named('SNS is down at the end of a run that succeeds')],
  [behindRecord, { ...named('SNS is down at the end of a run that succeeds'), ask: deleting(behindRecord) }],
  [
    auroraPostgres,
    { ...named('SNS is down at the end of a run that succeeds'), ask: deleting(auroraPostgres) },
  ],
  [behindRecord, named('new production does not say before RDS is done that it takes writes')],
  [auroraPostgres, named('new production does not say before RDS is done that it takes writes')],
  [clusterBehindRecord, named('old blue is deleted after its clone')],
  [clusterBehindRecord, named('somebody goes back by hand in the bake')],
  [mariadb, named('a failed bake goes back by itself')],
  [auroraMysql, named('a failed bake goes back by itself')],
  [
    replica,
    { what: 'green breaks at the parity check', troubles: [when('Check parity', breaks)], end: ends.stopped },
  ],
  [
    replica,
    { what: 'green breaks at the final check', troubles: [when('Final check', breaks)], end: ends.stopped },
  ],
  // Functions that read the last look of a wait in the history of their own run.
  [
    postgres,
    {
      what: 'green is never near enough',
      ask: { lag: { withinMinutes: 5 } },
      troubles: [lagReads('missing')],
      end: ends.stopped,
    },
  ],
  [
    postgres,
    {
      what: 'a way back is not secured in time',
      ask: { wayBack, bake: { minutes: 20 }, approval: { required: false } },
      troubles: [
        databasesAnswer('secure', { kind: 'refused', code: 'writers', because: 'role batch writes' }),
      ],
      end: ends.green,
    },
  ],
  [postgres, { what: 'blue is encrypted, monitored and tagged', troubles: [grownUp], end: ends.green }],
  [postgres, { what: 'RDS asks as the guide reads', troubles: [asTheGuideReads], end: ends.green }],
  [
    auroraPostgres,
    {
      what: 'a clone of an encrypted and monitored cluster, and a record that goes',
      ask: {
        wayBack,
        consumers: ['cdc'],
        bake: { minutes: 20 },
        oldBlue: { fenceSecurityGroup: fence },
        approval: { required: false },
      },
      troubles: [grownUp, asTheGuideReads],
      end: ends.green,
    },
  ],
];
/** What AWS does by itself with a role, and no call of ours asks for. */
const ofTheService = /"(logs|xray):|^viridian-\S+ .*"kms:GenerateDataKey"\],"Resource":"[^"]*machine"/;

/** Statements that no run of this table needs, and where they are needed. */
const elsewhere: [RegExp, string][] = [
  [/^Sql(Mysql|Postgres)Role /, 'the functions have stand-ins here: test/sql/login-by-secret.test.ts'],
  [
    /^RecordOutcomeRole .*GetExecutionHistory.*roll-back/,
    'the last look of a wait of an execution that goes back, which ends late',
  ],
  [/^ReadTheRunRole .*VerifyMac/, 'a yes to going back: test/way-back/asked.test.ts'],
  [
    /^DecideRole .*(roll-back:\*|states:StartExecution)/,
    'commands of an operator: test/way-back/operator.test.ts, test/way-back/asked.test.ts',
  ],
  [
    /^(MakeTheCopy|WaitForTheRunOnTheCopy|RemoveTheCopy)Role |^viridian-rehearsal-rehearsal /,
    'rehearsals on a copy: test/on-copy/rehearsal.test.ts',
  ],
  [
    /^CheckPreconditionsRole .*execution:viridian-rehearsal-rehearsal/,
    'a run on a copy: test/on-copy/rehearsal.test.ts',
  ],
  [/^RunPagesRole /, 'people who look at runs: test/run-pages/answers.test.ts'],
  [/^KeepEvidenceRole /, 'records of runs that have ended: test/events/keep-evidence.test.ts'],
  [/^DecideWithIamRole /, 'a person whom IAM knows: test/approval/iam.test.ts'],
  [/^DecideRole .*(announcements|messages)"/, 'wrong phrases: test/approval/wrong-phrases.test.ts'],
  [/^ReconcileRole .*roll-back|^ReconcileRole .*sqlPostgres/, 'test/way-back/unreported-roll-backs.test.ts'],
  [/^ReconcileRole .*ListTagsForResource/, 'what stands on databases after a run that ended badly'],
  [
    /^ReadTheRunRole .*execution:viridian-rehearsal-roll-back/,
    'a second start: test/way-back/redrive.test.ts',
  ],
  [/^(AttachTheRollbackTarget|WaitForGoingBack)Role /, 'a second start: test/way-back/redrive.test.ts'],
  [/^viridian-rehearsal-roll-back .*viridian-hook/, 'hooks of going back: test/way-back/hooks.test.ts'],
];

interface Listed {
  key: string;
  statement: PolicyStatement;
}

let listed: Listed[] = [];
/** By the name of the role, without its ending. */
let policies: Map<string, readonly Policy[]>;
const recorded: { kind: Kind; scenario: Scenario; played: Played }[] = [];

beforeAll(async () => {
  const stage = await setStage(behindRecord);
  listed = [...stage.account.access.roles.values()].flatMap((role) =>
    statementsOf(role).map((statement) => ({ key: keyOf(role, statement), statement })),
  );
  policies = new Map(
    [...stage.account.access.roles.values()].map(({ arn, policies: own }) => [
      (arn.split('/').at(-1) ?? '').replace(/Role$/, ''),
      own,
    ]),
  );
  stage.close();
  for (const [kind, scenario] of plays)
    recorded.push({ kind, scenario, played: await playWithRights(kind, scenario) });
}, 300_000);

const isShownHere = (key: string): boolean =>
  !ofTheService.test(key) && !elsewhere.some(([pattern]) => pattern.test(key));

const allowing = (): Listed[] =>
  listed.filter(({ key, statement }) => statement.Effect === 'Allow' && isShownHere(key));

/** Every statement takes a minute of processor time all together; by default one in fifteen is taken away. */
const step = process.env.ALL_STATEMENTS ? 1 : 15;

describe('the statements of the roles', () => {
  it('are allowed in every run that is played as it is', () => {
    for (const { scenario, played } of recorded)
      expect(
        played.refused.map(({ question }) => question),
        scenario.what,
      ).toEqual([]);
  });

  it('are needed, each of them, by a call that no other statement of its role allows', () => {
    const needed = new Set(recorded.flatMap(({ played }) => [...played.needed]));
    expect(allowing().length).toBeGreaterThan(190);
    expect(allowing().filter(({ key }) => !needed.has(key))).toEqual([]);
  });

  it('are needed elsewhere where they are listed so', () => {
    for (const [pattern, where] of elsewhere)
      expect(
        listed.some(({ key }) => pattern.test(key)),
        where,
      ).toBe(true);
  });

  it('fail a run when they are taken away', { timeout: 3_600_000 }, async () => {
    for (const { key } of allowing().filter((_, index) => index % step === 0)) {
      const found = recorded.find(({ played }) => played.needed.has(key));
      if (!found) throw new Error(`no run needs ${key}`);
      // What such a run leaves is not what the scenario says, but what comes after it goes on.
      const afterwards = found.scenario.afterwards?.map(
        (trouble): Trouble =>
          async (stage) => {
            await Promise.resolve(stage)
              .then(trouble)
              .catch(() => {});
          },
      );
      const scenario = { ...found.scenario, ...(afterwards && { afterwards }) };
      const { refused } = await playWithRights(found.kind, scenario, [takesAway(key)]);
      expect(refused.length, `${found.scenario.what}, without ${key}`).toBeGreaterThan(0);
    }
  });

  it.each<[what: string, tags: Record<string, string>, roles: string[]]>([
    ['production before the cut', {}, ['StartSwitchover']],
    [
      'new production, which carries the tag of the run',
      { 'viridian:execution': 'of-the-run', 'viridian:side': 'new-production' },
      ['AdmitTheApplication', 'StartSwitchover', 'SwapTheEndpoint'],
    ],
    [
      'old blue',
      { 'viridian:execution': 'of-the-run', 'viridian:side': 'old-blue' },
      ['AdmitTheApplication', 'ReleaseTheDeploymentRecord', 'StartSwitchover', 'SwapTheEndpoint'],
    ],
    [
      'the clone of old blue',
      { 'viridian:execution': 'of-the-run' },
      ['AdmitTheApplication', 'StartSwitchover', 'SwapTheEndpoint'],
    ],
  ])('let these roles alone change %s, its password included', (_, tags, roles) => {
    const context = Object.fromEntries(
      Object.entries(tags).map(([tag, value]) => [`aws:ResourceTag/${tag}`, value]),
    );
    const resource = 'arn:aws:rds:eu-west-1:111122223333:cluster:orders';
    const changing = [...policies.entries()].flatMap(([role, own]) =>
      evaluate(own, { action: 'rds:ModifyDBCluster', resource, context }).kind === 'allowed' ? [role] : [],
    );
    expect(changing.toSorted()).toEqual(roles);
    const handsOver = { ...context, 'rds:ManageMasterUserPassword': 'true' };
    for (const role of roles.filter((one) => one !== 'ReleaseTheDeploymentRecord'))
      expect(
        evaluate(policies.get(role) ?? [], { action: 'rds:ModifyDBCluster', resource, context: handsOver })
          .kind,
        role,
      ).toBe('denied');
  });

  it('that deny hold whatever another policy allows', async () => {
    const denying = listed.filter(({ statement }) => statement.Effect === 'Deny');
    expect(denying.length).toBeGreaterThan(10);
    const everything = { Effect: 'Allow' as const, Action: '*', Resource: '*' };
    for (const { key, statement } of denying)
      for (const action of [statement.Action].flat()) {
        const context = { 'rds:ManageMasterUserPassword': 'true' };
        const question = { action, resource: 'arn:aws:rds:eu-west-1:111122223333:db:orders', context };
        const without = evaluate([{ Statement: [everything] }], question);
        expect(without.kind, key).toBe('allowed');
        expect(evaluate([{ Statement: [everything, statement] }], question).kind, key).toBe('denied');
      }
  });
});
