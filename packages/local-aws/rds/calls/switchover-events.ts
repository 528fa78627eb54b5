import type { ControlPlane } from '../control-plane.ts';
import { blueArn, deploymentSource, greenArn } from '../world/deployments.ts';
import { parseArn } from '../world/naming.ts';
import {
  type Deployment,
  type DeploymentMember,
  instanceById,
  isAurora,
  isPostgres,
} from '../world/world.ts';
import type { Exchange } from './exchange.ts';

const nameIn = (arn: string | undefined) => parseArn(arn ?? '')?.name ?? '';

/** RDS tells of each instance, Aurora of the cluster. */
function announcedRows(deployment: Deployment): DeploymentMember[] {
  return deployment.members.filter(({ kind }) => kind === (isAurora(deployment.engine) ? 'cluster' : 'db'));
}

function announceRows(
  rds: ControlPlane,
  deployment: Deployment,
  category: string,
  ids: { rds: string; aurora: string },
  messageOf: (blue: string, green: string) => string,
): void {
  for (const row of announcedRows(deployment))
    rds.events.emit(
      deploymentSource(deployment),
      category,
      isAurora(deployment.engine) ? ids.aurora : ids.rds,
      messageOf(nameIn(blueArn(rds.world, row)), nameIn(greenArn(rds.world, row))),
    );
}

export function announceStarted(rds: ControlPlane, deployment: Deployment): void {
  const blue = nameIn(blueArn(rds.world, deployment.members[0]));
  const green = nameIn(greenArn(rds.world, deployment.members[0]));
  rds.events.emit(
    deploymentSource(deployment),
    'notification',
    '0247',
    `Switchover from ${blue} to ${green} started.`,
  );
  announceRows(
    rds,
    deployment,
    'notification',
    { rds: '0250', aurora: '0259' },
    (from, to) => `Switchover from ${from} to ${to} started.`,
  );
}

export function announceSequences(
  rds: ControlPlane,
  deployment: Deployment,
  step: 'started' | 'completed',
): void {
  const ids = isAurora(deployment.engine)
    ? { started: '0311', completed: '0312' }
    : { started: '0307', completed: '0308' };
  rds.events.emit(
    deploymentSource(deployment),
    'notification',
    ids[step],
    `Sequence sync for switchover of blue/green deployment ${deployment.name} ${step}.`,
  );
}

export function announceCancelled(rds: ControlPlane, deployment: Deployment, reason: string): void {
  rds.events.emit(
    deploymentSource(deployment),
    'failure',
    '0249',
    `Switchover canceled on blue/green deployment ${deployment.name}.`,
  );
  announceRows(
    rds,
    deployment,
    'failure',
    { rds: '0252', aurora: '0261' },
    (from, to) => `Switchover from ${from} to ${to} canceled: ${reason}`,
  );
}

/** `greenWriter`: the name that new production had as green; the binlog coordinates are told under it. */
export function announceCompleted(
  rds: ControlPlane,
  deployment: Deployment,
  exchanges: Exchange[],
  greenWriter: string | undefined,
): void {
  const kind = isAurora(deployment.engine) ? 'cluster' : 'db';
  for (const { member, production, green, oldBlue } of exchanges)
    if (member.kind === kind)
      rds.events.emit(
        deploymentSource(deployment),
        'notification',
        kind === 'cluster' ? '0260' : '0251',
        `Switchover from ${production} to ${green} completed. Renamed ${production} to ${oldBlue} and ${green} to ${production}.`,
      );
  if (!isPostgres(deployment.engine) && greenWriter) tellBinlogCoordinates(rds, deployment, greenWriter);
  rds.events.emit(
    deploymentSource(deployment),
    'notification',
    '0248',
    `Switchover completed on blue/green deployment ${deployment.name}.`,
  );
}

function tellBinlogCoordinates(rds: ControlPlane, deployment: Deployment, greenWriter: string): void {
  const { file, position } = rds.dataPlane.logPosition?.(deployment.id) ?? {
    file: `mysql-bin-changelog.${String(1 + Math.floor(rds.random() * 900)).padStart(6, '0')}`,
    position: 157 + Math.floor(rds.random() * 1_000_000),
  };
  const row = deployment.members.find(({ kind }) => kind === 'db');
  const tags = instanceById(rds.world, row?.green)?.TagList ?? [];
  rds.events.emit(
    { type: 'db-instance', identifier: greenWriter, arn: rds.names.arn('db', greenWriter), tags },
    'notification',
    undefined,
    `Binary log coordinates in green environment after switchover: file ${file} and position ${position}`,
  );
}
