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
        .map((one) => refuseExisting(one)),
      ...(adopt ? checkAdopted(adopt, database.id, found) : []),
    ]),
};

function refuseExisting({ id, name, status }: ExistingDeployment): RuleFinding {
  const seen = `the deployment ${id} (${name}, ${status}) covers this database already`;
  switch (deploymentPhase(status)) {
    case 'switched':
      return blocker(
        `${seen}, and its switchover is over. Delete its record, without deleting the target, when you no longer need it; on Aurora fence old blue first.`,
      );
    case 'deleting':
      return blocker(`${seen}. Wait until it is gone, then start again.`);
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
  return ['building', 'ready', 'switch-failed'].includes(deploymentPhase(adopted.status))
    ? []
    : [blocker(`the deployment ${adopt} is ${adopted.status} and cannot be taken up. Leave "adopt" out.`)];
}
