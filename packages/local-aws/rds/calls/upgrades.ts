import type { ControlPlane } from '../control-plane.ts';
import { invalidCombination } from '../world/refusals.ts';
import { clusterById, instanceById, openDeploymentOf } from '../world/world.ts';

interface Versioned {
  Engine: string;
  EngineVersion: string;
}

/** Refuses a version that is no upgrade target, and a major one that was not allowed by name. */
export function checkUpgrade(
  rds: ControlPlane,
  { Engine, EngineVersion }: Versioned,
  target: string,
  allowMajor: boolean | undefined,
): void {
  if (target === EngineVersion) return;
  if (!rds.engineVersions.find(Engine, EngineVersion)?.targets.includes(target))
    throw invalidCombination(`Cannot upgrade ${Engine} from ${EngineVersion} to ${target}`);
  if (rds.engineVersions.isMajorUpgrade(Engine, EngineVersion, target) && !allowMajor)
    throw invalidCombination(
      'The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.',
    );
}

/** A blue that was upgraded beyond green makes its deployment invalid. */
export function noticeUpgradeOfBlue(rds: ControlPlane, resourceId: string, blue: Versioned): void {
  const deployment = openDeploymentOf(rds.world, resourceId);
  const [source] = deployment?.members ?? [];
  if (!deployment || source?.blue !== resourceId) return;
  const green = instanceById(rds.world, source.green) ?? clusterById(rds.world, source.green);
  if (!green || green.EngineVersion === blue.EngineVersion) return;
  const targets = rds.engineVersions.find(blue.Engine, blue.EngineVersion)?.targets ?? [];
  if (targets.includes(green.EngineVersion)) return;
  deployment.status = 'INVALID_CONFIGURATION';
  deployment.statusDetails = `The source runs ${blue.EngineVersion}, which is above the target's ${green.EngineVersion}`;
}
