import { createHash } from 'node:crypto';
import type { SFNClientConfig } from '@aws-sdk/client-sfn';
import type { Variable } from '../functions/runtime/env.ts';
import { buildFunctions } from './build.ts';
import { functionId, type Resource, type Resources, type Value } from './cloudformation.ts';
import { digestOfArtefacts } from './digest.ts';
import { type FunctionKey, functionKeys, functionSpecs, taskKeys } from './functions.ts';
import { machineRows } from './machines.ts';
import { findOpenRun } from './open-runs.ts';
import { type Params, readSettings } from './settings.ts';

/** The part of the framework that is used here. */
export interface Framework {
  service: {
    custom: { params: Params };
    resources: { Resources: Resources };
    functions: Record<string, { versionLogicalId?: string }>;
    provider: { compiledCloudFormationTemplate: { Resources: Resources; Outputs?: Outputs } };
  };
  getProvider(name: 'aws'): Provider;
}

type Outputs = Record<string, { Value: Value }>;

interface Provider {
  getAwsSdkV3Config(): Promise<SFNClientConfig>;
  /** Fails when there is no stack yet. */
  getStackResources(): Promise<StackResource[]>;
}

export interface StackResource {
  LogicalResourceId?: string;
  PhysicalResourceId?: string;
  ResourceType?: string;
}

/** Builds before packaging, pins versions in the state machine, and refuses what would harm open runs. */
export default class ViridianPlugin {
  readonly hooks: Record<string, () => void | Promise<void>>;

  constructor(framework: Framework) {
    this.hooks = {
      'before:package:createDeploymentArtifacts': async () => void (await buildFunctions()),
      'before:package:finalize': () => {
        pinAskedFunctions(framework);
        pinVersions(framework);
        nameArtefact(framework);
      },
      'before:deploy:deploy': async () => {
        refuseWithoutAddress(framework);
        await refuseWhileRunsNeedMissingFunctions(framework);
      },
      'before:remove:remove': () => refuseToRemoveWhileRunsAreOpen(framework),
    };
  }
}

/**
 * Puts the version of each function that this deployment publishes into the definitions of the state machines. A later
 * deployment publishes other versions and leaves these, so that an open run keeps the code that it began with.
 */
export function pinVersions({ service }: Pick<Framework, 'service'>): void {
  for (const { id } of machineRows) {
    const substitutions = service.resources.Resources[id]?.Properties?.DefinitionSubstitutions as Record<
      string,
      Value
    >;
    for (const key of taskKeys.filter((one) => one in substitutions))
      substitutions[key] = { Ref: versionOf(service, key) };
  }
}

/** Functions that other functions ask, by the variable that names them there: by version, so that an open run keeps its code. */
const asked: Partial<Record<Variable, FunctionKey>> = {
  MARK_DATABASES_FUNCTION: 'markDatabases',
  SQL_MYSQL_FUNCTION: 'sqlMysql',
  SQL_POSTGRES_FUNCTION: 'sqlPostgres',
};

/**
 * Puts the versions of the functions that are asked into the environment of those that ask them. A version of a function keeps the environment
 * that it was published with, so that each new version of the one asks for a new version of the others: their logical ids follow from all.
 */
export function pinAskedFunctions({ service }: Pick<Framework, 'service'>): void {
  const { Resources, Outputs = {} } = service.provider.compiledCloudFormationTemplate;
  for (const key of functionKeys) {
    const versions = Object.fromEntries(
      (functionSpecs[key].environment ?? []).flatMap((variable) => {
        const named = asked[variable];
        return named ? [[variable, versionOf(service, named)]] : [];
      }),
    );
    if (Object.keys(versions).length === 0) continue;
    const { Environment } = Resources[functionId(key)]?.Properties ?? {};
    for (const [variable, version] of Object.entries(versions))
      Object.assign((Environment as { Variables: object }).Variables, { [variable]: { Ref: version } });
    const before = versionOf(service, key);
    const digest = createHash('sha256').update(Object.values(versions).join());
    const after = `${before}${digest.digest('hex').slice(0, 16)}`;
    Resources[after] = Resources[before] as Resource;
    delete Resources[before];
    for (const output of Object.values(Outputs))
      if ((output.Value as { Ref?: string }).Ref === before) output.Value = { Ref: after };
    Object.assign(service.functions[key] ?? {}, { versionLogicalId: after });
  }
}

/** Lets the records of runs name the artefact, by the digest that the bill of materials has. */
export function nameArtefact({ service }: Pick<Framework, 'service'>): void {
  const { Resources } = service.provider.compiledCloudFormationTemplate;
  const { Environment } = Resources[functionId('keepEvidence')]?.Properties ?? {};
  Object.assign((Environment as { Variables: object }).Variables, { ARTEFACT_DIGEST: digestOfArtefacts() });
}

function versionOf(service: Framework['service'], key: FunctionKey): string {
  const id = service.functions[key]?.versionLogicalId;
  if (!id) throw new Error(`no version of ${key} is published: leave provider.versionFunctions on`);
  return id;
}

/** A stack that nobody hears is not deployed. */
export function refuseWithoutAddress({ service }: Pick<Framework, 'service'>): void {
  if (readSettings(service.custom.params).email === undefined)
    throw new Error('nobody would hear of outcomes and alarms: give --param="email=you@example.com"');
}

/** What the versions that an open run calls cannot do without: the function that they belong to, and the role that they were published with. */
const needed = ['AWS::Lambda::Function', 'AWS::IAM::Role'];

/** A function that goes takes all its versions with it, and an open run may still call one; so it is with a role. */
export async function refuseWhileRunsNeedMissingFunctions(framework: Framework): Promise<void> {
  const deployed = await readStack(framework);
  const next = framework.service.provider.compiledCloudFormationTemplate.Resources;
  const leaving = deployed
    .filter(({ ResourceType = '' }) => needed.includes(ResourceType))
    .map(({ LogicalResourceId = '' }) => LogicalResourceId)
    .filter((id) => !next[id]);
  if (leaving.length === 0) return;
  const run = await findRun(framework, deployed);
  if (run)
    throw new Error(
      `run ${run} is open and may need what this deployment deletes (${leaving.join(', ')}): let it end first`,
    );
}

/** Removing the stack would stop open runs where they stand, with green half built or writes held. */
export async function refuseToRemoveWhileRunsAreOpen(framework: Framework): Promise<void> {
  const run = await findRun(framework, await readStack(framework));
  if (run)
    throw new Error(
      `run ${run} is open: let it end, or stop it by its approval message (not while it goes back), then remove the stack`,
    );
}

async function findRun(framework: Framework, deployed: StackResource[]): Promise<string | undefined> {
  for (const { id } of machineRows) {
    const arn = deployed.find(({ LogicalResourceId }) => LogicalResourceId === id)?.PhysicalResourceId;
    const run = arn && (await findOpenRun(await framework.getProvider('aws').getAwsSdkV3Config(), arn));
    if (run) return run;
  }
  return undefined;
}

async function readStack(framework: Framework): Promise<StackResource[]> {
  try {
    return await framework.getProvider('aws').getStackResources();
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return [];
    throw error;
  }
}
