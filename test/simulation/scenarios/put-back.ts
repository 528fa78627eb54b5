import { crashes, losesAnswer, refuses, type Trouble } from '../faults.ts';
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

/** Blue and each of its replicas have two IAM roles. */
export const rolesOnBlue: Trouble = (stage) => {
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

const onRoles = /^AddRoleTo/;

/** IAM roles of blue, which no deployment copies. */
const ofARun: Scenario[] = [
  { what: 'blue has IAM roles', end: ends.green, everywhere: true, afterwards: [has(2)] },
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

export const putBack: Scenario[] = ofARun.map((scenario) => ({
  ...scenario,
  troubles: [rolesOnBlue, ...(scenario.troubles ?? [])],
  passes: ['Put back what was dropped'],
}));

/** Production goes back to a database that must have them, a clone too. */
export const hasRolesAgain: Pick<Scenario, 'afterwards'> = { afterwards: [has(2)] };
