import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { functionId } from '../../deploy/cloudformation.ts';
import { type FunctionKey, functionKeys, functionSpecs } from '../../deploy/functions.ts';
import { machineRows } from '../../deploy/machines.ts';
import {
  type Framework,
  pinAskedFunctions,
  pinVersions,
  refuseToRemoveWhileRunsAreOpen,
  refuseWhileRunsNeedMissingFunctions,
  refuseWithoutAddress,
  type StackResource,
} from '../../deploy/plugin.ts';
import type { Variable } from '../../functions/runtime/env.ts';
import { defaultParams } from './default-settings.ts';

const sfn = mockClient(SFNClient);
const machine: StackResource = {
  LogicalResourceId: 'Machine',
  PhysicalResourceId: 'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-dev-blue-green-deployment',
  ResourceType: 'AWS::StepFunctions::StateMachine',
};
const functionCalled = (id: string): StackResource => ({
  LogicalResourceId: id,
  ResourceType: 'AWS::Lambda::Function',
});

beforeEach(() => sfn.reset());

function framework(deployed: StackResource[] | Error, params = {}): Framework {
  const Resources = { NotifyLambdaFunction: { Type: 'AWS::Lambda::Function' } };
  return {
    service: {
      custom: { params: { ...defaultParams, ...params } },
      resources: { Resources: {} },
      functions: {},
      provider: { compiledCloudFormationTemplate: { Resources } },
    },
    getProvider: () => ({
      getAwsSdkV3Config: async () => ({ region: 'eu-west-1' }),
      getStackResources: async () => {
        if (deployed instanceof Error) throw deployed;
        return deployed;
      },
    }),
  };
}

const openRuns = (...names: string[]) =>
  sfn.on(ListExecutionsCommand).resolves({
    executions: names.map((name) => ({
      name,
      executionArn: name,
      stateMachineArn: '',
      status: 'RUNNING',
      startDate: new Date(0),
    })),
  });

const rollBack: StackResource = {
  ...machine,
  LogicalResourceId: 'RollBackMachine',
  PhysicalResourceId: 'arn:aws:states:eu-west-1:111122223333:stateMachine:viridian-dev-roll-back',
};

/** Only an execution that goes back is open. */
const openReturn = () =>
  sfn.on(ListExecutionsCommand).callsFake(({ stateMachineArn }) => ({
    executions: stateMachineArn === rollBack.PhysicalResourceId ? [{ name: 'back-1' }] : [],
  }));

describe('removing the stack', () => {
  it('is refused while an execution goes back, whatever has become of its run', async () => {
    openReturn();
    await expect(refuseToRemoveWhileRunsAreOpen(framework([machine, rollBack]))).rejects.toThrow(
      /run back-1 is open/,
    );
  });

  it('is refused while a run is open, and the run is named', async () => {
    openRuns('run-7');
    await expect(refuseToRemoveWhileRunsAreOpen(framework([machine]))).rejects.toThrow(/run run-7 is open/);
    expect(sfn.commandCalls(ListExecutionsCommand)[0]?.args[0].input).toMatchObject({
      stateMachineArn: machine.PhysicalResourceId,
      statusFilter: 'RUNNING',
    });
  });

  it('goes on when no run is open, or when nothing is deployed', async () => {
    openRuns();
    await refuseToRemoveWhileRunsAreOpen(framework([machine]));
    await refuseToRemoveWhileRunsAreOpen(framework([]));
    await refuseToRemoveWhileRunsAreOpen(framework(new Error('Stack with id viridian-dev does not exist')));
  });

  it('goes on when the state machine has gone before', async () => {
    sfn.on(ListExecutionsCommand).rejects(Object.assign(new Error(), { name: 'StateMachineDoesNotExist' }));
    await refuseToRemoveWhileRunsAreOpen(framework([machine]));
  });

  it('is refused when it cannot be read whether runs are open', async () => {
    sfn.on(ListExecutionsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(refuseToRemoveWhileRunsAreOpen(framework([machine]))).rejects.toThrow('no');
    await expect(refuseToRemoveWhileRunsAreOpen(framework(new Error('no credentials')))).rejects.toThrow(
      'no credentials',
    );
  });
});

describe('deploying', () => {
  it('is refused while a run is open that may call a function that goes', async () => {
    openRuns('run-7');
    const deployed = [machine, functionCalled('NotifyLambdaFunction'), functionCalled('OldLambdaFunction')];
    await expect(refuseWhileRunsNeedMissingFunctions(framework(deployed))).rejects.toThrow(
      /OldLambdaFunction/,
    );
  });

  it('is refused while an execution goes back that may call a function that goes', async () => {
    openReturn();
    const deployed = [machine, rollBack, functionCalled('OldLambdaFunction')];
    await expect(refuseWhileRunsNeedMissingFunctions(framework(deployed))).rejects.toThrow(/back-1/);
  });

  it('is refused while a run is open whose functions were published with a role that goes', async () => {
    openRuns('run-7');
    const role = { LogicalResourceId: 'NotifyRole', ResourceType: 'AWS::IAM::Role' };
    const deployed = [machine, functionCalled('NotifyLambdaFunction'), role];
    await expect(refuseWhileRunsNeedMissingFunctions(framework(deployed))).rejects.toThrow(/NotifyRole/);
  });

  it('goes on while runs are open when every function stays: their versions stay too', async () => {
    openRuns('run-7');
    await refuseWhileRunsNeedMissingFunctions(framework([machine, functionCalled('NotifyLambdaFunction')]));
  });

  it('is refused without an address that hears of outcomes', () => {
    expect(() => refuseWithoutAddress(framework([]))).toThrow(/email/);
    expect(() => refuseWithoutAddress(framework([], { email: 'ops@example.com' }))).not.toThrow();
  });

  it('is refused when a function has no version to pin', () => {
    const { service } = framework([]);
    const named = (...keys: string[]) => ({
      Type: '',
      Properties: { DefinitionSubstitutions: Object.fromEntries(keys.map((key) => [key, ''])) },
    });
    for (const { id } of machineRows) service.resources.Resources[id] = named('validateRequest');
    expect(() => pinVersions({ service })).toThrow(/no version of validateRequest/);
  });
});

describe('pinning the functions that are asked', () => {
  const asks = (key: FunctionKey, variable: Variable) =>
    functionSpecs[key].environment?.includes(variable) ?? false;
  const asking = functionKeys.filter(
    (key) => asks(key, 'SQL_POSTGRES_FUNCTION') || asks(key, 'MARK_DATABASES_FUNCTION'),
  );

  /** The logical ids of the versions of those that ask, once this version of the one that speaks SQL to MySQL is pinned. */
  function pinned(sqlVersion: string) {
    const { service } = framework([]);
    const template = service.provider.compiledCloudFormationTemplate;
    service.functions.sqlPostgres = { versionLogicalId: 'SqlOfPostgres' };
    service.functions.sqlMysql = { versionLogicalId: sqlVersion };
    service.functions.markDatabases = { versionLogicalId: `Mark${sqlVersion}` };
    template.Outputs = {};
    for (const key of asking) {
      template.Resources[functionId(key)] = {
        Type: 'AWS::Lambda::Function',
        Properties: { Environment: { Variables: {} } },
      };
      template.Resources[`${key}Version`] = { Type: 'AWS::Lambda::Version' };
      template.Outputs[key] = { Value: { Ref: `${key}Version` } };
      service.functions[key] = { versionLogicalId: `${key}Version` };
    }
    pinAskedFunctions({ service });
    return { ...template, ids: asking.map((key) => service.functions[key]?.versionLogicalId ?? '') };
  }

  it('publishes every function that asks anew when a function that is asked is published anew', () => {
    const [one, two] = [pinned('SqlOne').ids, pinned('SqlTwo').ids];
    expect(one.length).toBeGreaterThan(20);
    expect(one.filter((id) => two.includes(id))).toEqual([]);
    expect(pinned('SqlOne').ids).toEqual(one);
  });

  it('moves resource and output of each version to its new id', () => {
    const { Resources, Outputs, ids } = pinned('SqlOne');
    for (const [index, key] of asking.entries()) {
      const id = ids[index] ?? '';
      expect(Resources[id]?.Type).toBe('AWS::Lambda::Version');
      expect(Resources[`${key}Version`]).toBeUndefined();
      expect(Outputs?.[key]?.Value).toEqual({ Ref: id });
      expect(Resources[functionId(key)]?.Properties?.Environment).toEqual({
        Variables: {
          ...(asks(key, 'SQL_POSTGRES_FUNCTION') && { SQL_POSTGRES_FUNCTION: { Ref: 'SqlOfPostgres' } }),
          ...(asks(key, 'SQL_MYSQL_FUNCTION') && { SQL_MYSQL_FUNCTION: { Ref: 'SqlOne' } }),
          ...(asks(key, 'MARK_DATABASES_FUNCTION') && { MARK_DATABASES_FUNCTION: { Ref: 'MarkSqlOne' } }),
        },
      });
    }
  });
});
