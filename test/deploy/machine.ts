import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arn, functionId, type Value } from '../../deploy/cloudformation.ts';
import { functionKeys, functionSpecs, taskKeys } from '../../deploy/functions.ts';
import { machineFiles, machineRows, machines } from '../../deploy/machines.ts';
import type { Template } from '../../deploy/package-stack.ts';
import { roleId } from '../../deploy/roles.ts';
import { ends } from '../../functions/domain/model/ends.ts';
import { evaluate, places } from './deploy-time.ts';
import { ofType, propertiesOf } from './resources.ts';

const folder = resolve(import.meta.dirname, '..', '..', 'statemachine');
const readMachine = (name: string) => readFileSync(join(folder, `${name}.asl.json`), 'utf8');

/** The machines by their logical ids. */
const texts = Object.fromEntries(machineFiles.map((file) => [machines[file].id, readMachine(file)]));
const ids = Object.keys(texts);

interface State {
  Type?: string;
  Resource?: string;
  TimeoutSeconds?: number | string;
  Arguments?: { FunctionName?: string };
  States?: Record<string, State>;
  ItemProcessor?: State;
}

/** The tasks of a definition, those inside a Map too. */
function tasksOf(state: State): [string, State][] {
  return Object.entries(state.States ?? {}).flatMap(([name, inner]) => [
    ...(inner.Type === 'Task' ? [[name, inner] as [string, State]] : []),
    ...(inner.ItemProcessor ? tasksOf(inner.ItemProcessor) : []),
  ]);
}

const tasks = ids.flatMap((id) => tasksOf(JSON.parse(texts[id] ?? '') as State));
const placeholder = (task: State) => /^\$\{(\w+)\}$/.exec(task.Arguments?.FunctionName ?? '')?.[1];

/** The shortest time that a task is given; an expression never gives less than 15 s. */
const shortest = (task: State) => (typeof task.TimeoutSeconds === 'number' ? task.TimeoutSeconds : 15);

export function testMachine(read: () => Template): void {
  describe.each(ids)('state machine %s', (id) => {
    const machine = () => read().Resources[id]?.Properties as Record<string, Value>;

    it('is deployed with the file of the repository, word for word', () => {
      expect(JSON.parse(String(machine().DefinitionString))).toEqual(JSON.parse(texts[id] ?? ''));
    });

    it('lets no placeholder survive the substitution', () => {
      const substitutions = machine().DefinitionSubstitutions as Record<string, Value>;
      const named = [...(texts[id] ?? '').matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name);
      expect(new Set(Object.keys(substitutions))).toEqual(new Set(named));
    });

    it('calls versions of functions, which no later deployment changes', () => {
      const { partition, ...functions } = machine().DefinitionSubstitutions as Record<string, Value>;
      expect(partition).toEqual({ Ref: 'AWS::Partition' });
      for (const started of machineRows.find((row) => row.id === id)?.starts ?? []) {
        expect(functions[started.placeholder]).toEqual({ Ref: `${machines[started.machine].id}Version` });
        delete functions[started.placeholder];
      }
      for (const [key, version] of Object.entries(functions)) {
        const { Ref: id } = version as { Ref: string };
        const resource = read().Resources[id];
        expect(resource?.Type, key).toBe('AWS::Lambda::Version');
        expect(resource?.DeletionPolicy, key).toBe('Retain');
        expect(JSON.stringify(resource?.Properties?.FunctionName).toLowerCase()).toContain(key.toLowerCase());
      }
    });
  });

  describe('the rows of the state machines', () => {
    it('are one for each file, in the order in which they can be made', () => {
      const files = readdirSync(folder).filter((file) => file.endsWith('.asl.json'));
      expect(machineFiles.map((file) => `${file}.asl.json`).toSorted()).toEqual(files.toSorted());
      for (const [index, file] of machineFiles.entries())
        for (const { machine } of machines[file].starts)
          expect(machineFiles.indexOf(machine), file).toBeGreaterThan(index);
    });

    it('name the ends of the machine, and those in which Step Functions ends an execution', () => {
      for (const file of machineFiles.filter((one) => machines[one].ends)) {
        const own = Object.entries(ends).filter(
          ([, end]) => end.machine === file || (file === 'blue-green-deployment' && 'endsRunsToo' in end),
        );
        const expected = [...own.map(([name]) => name), 'Aborted', 'Timed out'];
        expect(machines[file].ends?.names.toSorted(), file).toEqual(expected.toSorted());
      }
    });

    it('name the machines that each starts, and no other', () => {
      for (const file of machineFiles) {
        const { id, starts } = machines[file];
        const named = [...(texts[id] ?? '').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
        const others = new Set(named.filter((name) => name?.endsWith('Machine')));
        expect(others, file).toEqual(new Set(starts.map(({ placeholder }) => placeholder)));
      }
    });

    it('call hooks where the text does', () => {
      for (const file of machineFiles) {
        const { id, callsHooks } = machines[file];
        expect(/\$(request\.hooks\.\w+|load)\.arn/.test(texts[id] ?? ''), file).toBe(callsHooks);
      }
    });
  });

  describe('the state machines', () => {
    it('have a function for every task, and no task function that none of them uses', () => {
      const used = tasks.map(([, task]) => placeholder(task)).filter((key) => key !== undefined);
      expect(new Set(used)).toEqual(new Set(taskKeys));
    });

    it.each(ids)('%s keeps its versions, and has an alias that leads to the newest', (id) => {
      const { [`${id}Version`]: version, [`${id}Alias`]: alias } = read().Resources;
      expect(version?.DeletionPolicy).toBe('Retain');
      expect(version?.UpdateReplacePolicy).toBe('Retain');
      expect(version?.Properties?.StateMachineRevisionId).toEqual({
        'Fn::GetAtt': [id, 'StateMachineRevisionId'],
      });
      expect(alias?.Properties?.RoutingConfiguration).toEqual([
        { StateMachineVersionArn: { Ref: `${id}Version` }, Weight: 100 },
      ]);
    });

    it.each(ids)(
      '%s writes a log without the data of the runs, a trace, and its history under its own key',
      (id) => {
        expect(read().Resources[id]?.Properties).toMatchObject({
          LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
          TracingConfiguration: { Enabled: true },
          EncryptionConfiguration: {
            Type: 'CUSTOMER_MANAGED_KMS_KEY',
            KmsKeyId: { 'Fn::GetAtt': ['MachineKey', 'Arn'] },
          },
        });
      },
    );
  });

  describe('the role of each state machine', () => {
    it.each(machineFiles)('of %s is taken on for that machine, its versions and aliases alone', (file) => {
      const { AssumeRolePolicyDocument } = propertiesOf(read(), `${machines[file].id}Role`);
      const name = `viridian-dev-${file}`;
      const [statement, ...others] = (AssumeRolePolicyDocument as { Statement: Value[] }).Statement;
      expect(others).toEqual([]);
      expect(statement).toEqual({
        Effect: 'Allow',
        Principal: { Service: 'states.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: {
            'aws:SourceArn': [arn('states', `stateMachine:${name}`), arn('states', `stateMachine:${name}:*`)],
          },
        },
      });
    });

    it.each(ids)('%s may call the functions that it names, by version, and no other', (id) => {
      const role = JSON.stringify(read().Resources[`${id}Role`]);
      const called = taskKeys.filter((key) => role.includes(`:function:viridian-dev-${key}:*"`));
      expect(called).toEqual(taskKeys.filter((key) => texts[id]?.includes(`\${${key}}`)));
      expect(read().Resources[id]?.Properties?.RoleArn).toEqual({ 'Fn::GetAtt': [`${id}Role`, 'Arn'] });
    });

    it.each(machineRows)('$id may call hooks if its text does, by the beginning of their name', (row) => {
      const role = JSON.stringify(read().Resources[`${row.id}Role`]);
      expect(role.includes(':function:viridian-hook-*"')).toBe(row.callsHooks);
    });
  });

  describe('functions', () => {
    it('ask the databases through a version, and may invoke nothing but a version', () => {
      const asking = functionKeys.filter((key) =>
        functionSpecs[key].environment?.includes('SQL_POSTGRES_FUNCTION'),
      );
      expect(asking.length).toBeGreaterThan(20);
      for (const key of asking) {
        const { Environment } = propertiesOf(read(), functionId(key));
        const { Variables } = Environment as { Variables: Record<string, { Ref: string }> };
        const role = JSON.stringify(read().Resources[roleId(key)]);
        for (const [variable, asked] of [
          ['SQL_POSTGRES_FUNCTION', 'sqlPostgres'],
          ['SQL_MYSQL_FUNCTION', 'sqlMysql'],
        ] as const) {
          expect(read().Resources[Variables[variable]?.Ref ?? ''], key).toMatchObject({
            Type: 'AWS::Lambda::Version',
            DeletionPolicy: 'Retain',
            Properties: { FunctionName: { Ref: functionId(asked) } },
          });
          expect(role, key).toContain(`:function:viridian-dev-${asked}:*"`);
        }
      }
    });

    it('are over 3 s before their task is', () => {
      for (const [name, task] of tasks) {
        const key = placeholder(task) as keyof typeof functionSpecs | undefined;
        if (key) expect(functionSpecs[key].timeoutSeconds, name).toBeLessThanOrEqual(shortest(task) - 3);
      }
    });

    it('run on Node 24 and arm64, traced, described, with an own log', () => {
      const functions = Object.values(ofType(read(), 'AWS::Lambda::Function'));
      expect(functions).toHaveLength(functionKeys.length);
      const logs = Object.values(ofType(read(), 'AWS::Logs::LogGroup')).map(
        ({ Properties }) => Properties?.LogGroupName,
      );
      for (const { Properties } of functions) {
        expect(Properties).toMatchObject({
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          TracingConfig: { Mode: 'Active' },
          Description: expect.any(String),
        });
        expect(logs).toContain(`/aws/lambda/${Properties?.FunctionName}`);
      }
    });

    it('have every substitution and every environment in place in any partition', () => {
      for (const place of places) {
        const text = JSON.stringify(evaluate(read(), place, { ...read().Resources.Machine?.Properties }));
        expect(text).toContain(`arn:${place.partition}:`);
      }
    });
  });
}
