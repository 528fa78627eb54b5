import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteBlueGreenDeploymentCommand,
  DeleteDBInstanceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { isPostgres } from '../functions/domain/model/engine.ts';
import { useLogSink } from '../functions/runtime/log.ts';
import { judgeWrites } from '../packages/local-aws/servers/verification.ts';
import { answerQuestion, onQuestion } from '../rehearsal/approver.ts';
import { databaseName, productionOf } from '../rehearsal/blue.ts';
import { execute } from '../rehearsal/execute.ts';
import { readGoingBack } from '../rehearsal/going-back.ts';
import { whyNoWayBack } from '../rehearsal/no-way-back.ts';
import { keepOldAddressesOn } from '../rehearsal/old-addresses.ts';
import { type RehearsalOptions, readOptions } from '../rehearsal/options.ts';
import { thinkMs } from '../rehearsal/perform.ts';
import { prepare } from '../rehearsal/rehearsal.ts';
import type { Scenario } from '../rehearsal/scenario.ts';
import { type Stage, setStage } from '../rehearsal/stage.ts';
import { Workload, type Write } from '../rehearsal/workload/workload.ts';

/** As on the command line of a rehearsal. Hooks hold the application where there is a pooler that can. */
function optionsFor(engine: string): RehearsalOptions {
  const flags = ['--engine', engine, '--yes', '--go-back', '--writers', '4', '--rows', '1000'];
  const options = readOptions([...flags, ...(isPostgres(engine) ? ['--endpoint', 'pause'] : [])], false);
  if (!options) throw new TypeError('these flags ask for no help');
  return options;
}

/** What one round came to. */
export interface Round {
  acknowledged: number;
  /** Empty when everything is as it should be. */
  problems: string[];
}

/** A stage on which one run follows the other. */
export async function openSoak(engine: string, track: (dispose: () => Promise<void>) => void) {
  const options = optionsFor(engine);
  useLogSink(() => {});
  const stage = await setStage(options, track);
  track(() => stage.dispose());
  const planned = prepare(stage, options);
  // A round that does not go back is looked at, with everything that it left.
  const scenario = { ...planned, request: { ...planned.request, oldBlue: {} } };
  await stage.listen(0);
  await stage.servers.fill(stage.blue.database, options);
  await stage.servers.prepareWayBack(stage.blue.database);
  stage.pooler?.point(stage.plane.endpoint(databaseName));
  onQuestion(stage.account.sns, stage.account.topics.approvals, (question) => {
    answerQuestion(question, 'approve').catch((error: Error) => console.log(error.message));
  });
  const all: Write[] = [];
  return {
    goThereAndBack: () => goThereAndBack(stage, scenario, options, all),
    dispose: () => stage.dispose(),
  };
}

/** @param all acknowledged writes of the rounds before, and then of this one */
async function goThereAndBack(
  stage: Stage,
  scenario: Scenario,
  options: RehearsalOptions,
  all: Write[],
): Promise<Round> {
  const firstWriter = 1 + Math.max(0, ...all.slice(-1_000).map(({ writer }) => writer));
  const { port } = stage.pooler ?? stage.plane.endpoint(stage.blue.endpoint);
  const workload = await Workload.start(port, {
    writers: options.writers,
    firstWriter,
    // One thread applies a stream of the MySQL family: writers in a closed loop may be faster, and green then never catches up.
    ...(isPostgres(options.engine) ? {} : { thinkMs }),
    ...stage.servers.writers,
  });
  const forgetOldAddresses = keepOldAddressesOn(stage, workload, options);
  const executionArn = await execute(stage, scenario);
  await pause(500);
  await forgetOldAddresses();
  const { writes, errorsOfPooled } = await workload.stop();
  all.push(...writes);

  // Without a pooler every client is cut off twice a round.
  const clientErrors = stage.pooler
    ? Object.entries(errorsOfPooled).map(([code, count]) => `${count} x ${code}`)
    : [];
  const problems = [
    ...(await findProblems(stage, scenario, executionArn, all)),
    ...(clientErrors.length > 0 ? [`clients saw ${clientErrors.join(', ')}`] : []),
  ];
  if (problems.length === 0) await cleanUp(stage);
  return { acknowledged: writes.length, problems };
}

/** What is not as it should be once the run has ended, on the side that serves then. */
async function findProblems(
  stage: Stage,
  scenario: Scenario,
  executionArn: string,
  writes: Write[],
): Promise<string[]> {
  const { account, plane, servers } = stage;
  const production = productionOf(account) ?? '';
  const wentBack = production === stage.blue.database;
  const [deployment] = account.rds.world.deployments;
  const tables = deployment ? await plane.comparisonAtCut(deployment.id) : [];
  const unequal = tables.filter(({ name, equal }) => !equal && !name.startsWith('viridian.'));
  const back = readGoingBack(stage, executionArn, scenario.request);
  const { lost, doubled } = judgeWrites(await servers.findKeys(production), writes);
  const behind = (await servers.checkSequences(production)).filter(({ ahead }) => !ahead);
  const left = await Promise.all(
    account.rds.world.instances.map(({ database }) => servers.findReplication(database)),
  );
  const checks: [boolean, string][] = [
    [wentBack, `did not go back: ${describeEnds(stage, executionArn)}`],
    [lost === 0, `${lost} lost`],
    [doubled === 0, `${doubled} doubled`],
    [tables.length > 4, 'tables were not compared at the cut, or its deployment is forgotten'],
    [unequal.length === 0, `tables differed at the cut: ${unequal.map(({ name }) => name).join(', ')}`],
    [back?.compared?.differing === 0 && back.compared.tables > 4, 'tables were not proved equal going back'],
    [(back?.sequencesSet ?? 0) > 0 && behind.length === 0, 'sequences were not set, or are behind'],
    [left.flat().length === 0, `left: ${left.flat().join(', ')}`],
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [problem]));
}

/** How the run has ended, and every execution that was to go back for it: the last state of each, and why. */
function describeEnds({ account: { states, rollBackMachineArn } }: Stage, executionArn: string): string {
  const goingBack = states
    .listExecutions(rollBackMachineArn)
    .filter(({ order }) => order.input.includes(executionArn))
    .map(({ order }) => order.arn);
  if (goingBack.length === 0) return `${describeEnd(states, executionArn)}; nobody has asked to go back`;
  return [executionArn, ...goingBack].map((arn) => describeEnd(states, arn)).join('; going back: ');
}

function describeEnd(states: Stage['account']['states'], arn: string): string {
  const { error = '', cause = '' } = states.describeExecution(arn);
  const entered = states.getExecutionHistory(arn).findLast((event) => event.stateEnteredEventDetails);
  const why = whyNoWayBack(states.getExecutionHistory(arn));
  return [entered?.stateEnteredEventDetails?.name, error, cause, why && `no way back: ${why}`]
    .filter(Boolean)
    .join(', ');
}

/** What the runbook tells an operator to do after going back: the record and the abandoned database are deleted by hand. */
async function cleanUp({ account, blue }: Stage): Promise<void> {
  const client = new RDSClient({
    region: 'eu-west-1',
    requestHandler: account.endpoint.requestHandler,
    credentials: { accessKeyId: 'AKIAOPERATOR00000000', secretAccessKey: 'rehearsal' },
  });
  const { world } = account.rds;
  for (const { id } of world.deployments)
    await client.send(new DeleteBlueGreenDeploymentCommand({ BlueGreenDeploymentIdentifier: id }));
  while (world.deployments.length > 0) await pause(20);
  for (const { DBInstanceIdentifier, database } of world.instances.filter(
    (one) => one.database !== blue.database,
  )) {
    if (world.instances.find((one) => one.database === database)?.DeletionProtection)
      await client.send(
        new ModifyDBInstanceCommand({
          DBInstanceIdentifier,
          DeletionProtection: false,
          ApplyImmediately: true,
        }),
      );
    await client.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  }
  while (world.instances.length > 1) await pause(20);
}
