import { besideBlue, crashes, losesAnswer, rdsPlays, refuses, type Trouble } from '../faults.ts';
import { servingOf } from '../run.ts';
import type { Stage } from '../stage.ts';
import { ends, type Scenario } from './scenario.ts';

const roles = ['s3Import', 's3Export'].map((FeatureName) => ({
  RoleArn: `arn:aws:iam::111122223333:role/service/${FeatureName}`,
  FeatureName,
  Status: 'ACTIVE',
}));

/** The cluster, or the primary and its replicas, of a database by its resource id. */
const holdersOf = ({ account: { rds }, kind }: Stage, resourceId: string | undefined) =>
  kind.isCluster
    ? rds.world.clusters.filter(({ DbClusterResourceId }) => DbClusterResourceId === resourceId)
    : rds.world.instances.filter(({ database }) => database === resourceId);

/** Blue and each of its replicas have two IAM roles, and somebody has subscribed to the events of production and of another database. */
export const rolesOnBlue: Trouble = (stage) => {
  const { kind, account } = stage;
  for (const [CustSubscriptionId, SourceIdsList] of [
    ['pages', [kind.database]],
    ['others', ['bystander']],
  ] as [string, string[]][])
    account.rds.world.eventSubscriptions.push({
      CustSubscriptionId,
      SourceType: kind.isCluster ? 'db-cluster' : 'db-instance',
      SourceIdsList,
    });
  for (const one of holdersOf(stage, stage.baseline.blue)) one.AssociatedRoles = structuredClone(roles);
};

/** What serves has so many of them in force, on each database. */
const has =
  (count: number): Trouble =>
  (stage) => {
    const holders = holdersOf(stage, servingOf(stage));
    const active = holders.map(
      ({ AssociatedRoles = [] }) => AssociatedRoles.filter(({ Status }) => Status === 'ACTIVE').length,
    );
    if (active.length === 0 || active.some((found) => found !== count))
      throw new Error(`production has [${active.join(', ')}] IAM roles in force, and not ${count}`);
  };

/** Whoever has subscribed to the events of production hears those of what serves, by whatever name, and nobody else does. */
const isHeard: Trouble = (stage) => {
  const names: (string | undefined)[] = holdersOf(stage, servingOf(stage)).map((one) =>
    'DBClusterMembers' in one ? one.DBClusterIdentifier : one.DBInstanceIdentifier,
  );
  const [pages, others] = stage.account.rds.world.eventSubscriptions;
  if (!pages?.SourceIdsList.some((name) => names.includes(name)))
    throw new Error(`events of ${names.join(', ')} are not heard by [${pages?.SourceIdsList.join(', ')}]`);
  if (others?.SourceIdsList.join() !== 'bystander') throw new Error('others hear of production');
};

const onRoles = /^AddRoleTo/;

/** IAM roles of blue, which no deployment copies. */
const ofARun: Scenario[] = [
  { what: 'blue has IAM roles', end: ends.green, everywhere: true, afterwards: [has(2), isHeard] },
  {
    what: 'the answer to the attaching of an IAM role is lost',
    troubles: [losesAnswer(onRoles, 'done')],
    end: ends.green,
    afterwards: [has(2)],
  },
  {
    what: 'AWS does not let an IAM role be attached',
    troubles: [refuses(onRoles, 'AccessDenied')],
    end: ends.green,
    afterwards: [has(0)],
  },
  {
    what: 'what was dropped cannot be put back',
    troubles: [crashes('putBackWhatWasDropped')],
    end: ends.green,
    afterwards: [has(0)],
  },
];

/** A proxy leads the application to blue. */
const proxyOnBlue: Trouble = besideBlue(({ rds: { world } }, arn) =>
  world.proxies.push({
    DBProxyName: 'pool',
    targets: [{ TargetArn: arn, RdsResourceId: arn.split(':').at(-1), TargetHealth: { State: 'AVAILABLE' } }],
  }),
);

const proxies: Scenario[] = [
  { what: 'a proxy leads to blue', troubles: [proxyOnBlue], end: ends.green, passes: ['Verify production'] },
  {
    what: 'a proxy stays with old blue',
    troubles: [proxyOnBlue, rdsPlays({ moment: 'proxies', effect: 'stay' })],
    end: ends.green,
    passes: ['Announce what production lacks'],
  },
  {
    what: 'a proxy stays with old blue, and nothing can be announced',
    troubles: [proxyOnBlue, rdsPlays({ moment: 'proxies', effect: 'stay' }), crashes('announce')],
    end: ends.green,
    passes: ['Announce what production lacks'],
  },
];

export const putBack: Scenario[] = [
  ...ofARun.map(
    (scenario): Scenario => ({
      ...scenario,
      troubles: [rolesOnBlue, ...(scenario.troubles ?? [])],
      passes: ['Put back what was dropped'],
    }),
  ),
  ...proxies,
];

/** Production goes back to a database that must have them, a clone too. */
export const hasRolesAgain: Pick<Scenario, 'afterwards'> = {
  afterwards: [has(2), isHeard],
};
