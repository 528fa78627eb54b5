import { deploymentPhase } from '../model/phase.ts';
import type { ExistingDeployment, Precondition, RuleFinding } from './facts.ts';
import { blocker, whenRead } from './finding.ts';

/** One deployment for a database. Ours, from an earlier attempt of this run, and the one to be adopted are no obstacle. */
export const existingDeployment: Precondition = {
  id: 'existing-deployment',
  engines: 'all',
  looksAt: 'The blue/green deployments that RDS lists for the database, and the one that `adopt` names.',
  check: ({ request: { adopt }, database, executionArn, deployments }) =>
    whenRead(deployments, 'the existing blue/green deployments', (found) => [
      ...found
        .filter((one) => one.id !== adopt && one.executionArn !== executionArn)
        .map((one) => (isOf(one, database.arn) ? refuseExisting(one) : refuseName(one))),
      ...(adopt ? checkAdopted(adopt, database.id, found) : []),
    ]),
};

/** After its switchover a deployment names old blue, which has the name of production and an ending. */
function isOf({ source, status }: ExistingDeployment, arn: string): boolean {
  const isSwitched = deploymentPhase(status) === 'switched';
  return source === arn || (isSwitched && source.startsWith(`${arn}-old`));
}

function refuseName({ id, name, status, source }: ExistingDeployment): RuleFinding {
  return blocker(
    `the deployment ${id} (${status}) of ${source} has the name ${name}, which a run of this database needs for its own. Ask its owner to delete it; nothing about this database is in the way.`,
  );
}

function refuseExisting({ id, name, status }: ExistingDeployment): RuleFinding {
  const seen = `the deployment ${id} (${name}, ${status}) covers this database already`;
  switch (deploymentPhase(status)) {
    case 'switched':
      return blocker(
        `${seen}, and its switchover is over. Delete its record, without deleting the target, when you no longer need it; on Aurora fence old blue first.`,
      );
    case 'deleting':
      return blocker(`${seen}. Wait until it is gone, then start again.`);
    case 'broken':
    case 'switch-failed':
      return blocker(
        `${seen} and cannot be switched over any more. Delete it together with its green, then start again.`,
      );
    default:
      return blocker(
        `${seen}. Let its owner finish it, delete it together with its green, or take it up with "adopt": "${id}".`,
      );
  }
}

function checkAdopted(adopt: string, database: string, found: ExistingDeployment[]): RuleFinding[] {
  const adopted = found.find(({ id }) => id === adopt);
  if (!adopted) {
    return [
      blocker(
        `"adopt" names ${adopt}, which RDS does not list for ${database}. Correct it, or leave it out to create a deployment.`,
      ),
    ];
  }
  return ['building', 'ready'].includes(deploymentPhase(adopted.status))
    ? []
    : [
        blocker(
          `the deployment ${adopt} is ${adopted.status} and cannot be taken up. Delete it together with its green, then leave "adopt" out.`,
        ),
      ];
}
