import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionId } from '../../deploy/cloudformation.ts';
import { functionKeys } from '../../deploy/functions.ts';
import { machineRows } from '../../deploy/machines.ts';
import { renderStatement, type TemplateStatement } from '../../deploy/render-permissions.ts';
import { roleId } from '../../deploy/roles.ts';
import { ofType, propertiesOf, type Template } from './package-stack.ts';

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'permissions.md'), 'utf8');

/** Rows of the tables below a heading of docs/permissions.md, without their reason. */
function reviewed(heading: string): string[] {
  const section = page.split(/^### /m).find((text) => text.startsWith(`${heading}\n`));
  return (section ?? '')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, effect]) => effect === 'allow' || effect === 'deny')
    .map((cells) => cells.slice(1, 5).join(' | '));
}

export function statementsOf(template: Template, role: string): TemplateStatement[] {
  const { Policies } = propertiesOf(template, role) as unknown as {
    Policies: { PolicyDocument: { Statement: TemplateStatement[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

function rows(template: Template, role: string): string[] {
  return statementsOf(template, role).map((statement) => {
    const { effect, actions, resources, condition } = renderStatement(statement);
    return [effect, actions, resources, condition].join(' | ').replaceAll('viridian-dev', 'viridian-STAGE');
  });
}

export const allowed = (template: Template, role: string): string[] =>
  statementsOf(template, role)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => [Action].flat());

const approves = (actions: string[], rowsOfRole: string[]) =>
  rowsOfRole.some((row) => /^allow \| .*kms:GenerateMac.* \| .*DecisionKey/.test(row)) && actions.length > 0;
const cuts = (actions: string[]) => actions.includes('rds:SwitchoverBlueGreenDeployment');
const deletes = (actions: string[]) =>
  actions.some((action) => action === 'rds:DeleteDBInstance' || action === 'rds:DeleteDBCluster');

const machineRoles = machineRows.map(({ id }) => `${id}Role`);

/** What is true of every role, whatever is configured. */
export function testRoles(read: () => Template, optional: Record<string, string>): void {
  const roles = () => Object.keys(ofType(read(), 'AWS::IAM::Role'));

  describe('roles', () => {
    it('gives each function and each service a role of its own', () => {
      const expected = [...functionKeys.map(roleId), ...machineRoles, ...Object.keys(optional)];
      expect(roles().toSorted()).toEqual(expected.toSorted());
      for (const key of functionKeys)
        expect(propertiesOf(read(), functionId(key)).Role).toEqual({ 'Fn::GetAtt': [roleId(key), 'Arn'] });
    });

    it.each(functionKeys)('%s has exactly the permissions that docs/permissions.md lists', (key) => {
      const inVpc = reviewed('In a VPC');
      const actual = rows(read(), roleId(key)).filter((row) => !inVpc.includes(row));
      const listed = reviewed(key).filter((row) => hasRecords(read()) || !row.includes('route53:'));
      expect(actual.toSorted()).toEqual(listed.toSorted());
    });

    it('the state machine and whoever starts it have exactly the listed permissions', () => {
      const listed = {
        ...Object.fromEntries(machineRows.map(({ id }) => [`${id}Role`, id])),
        ...optional,
      };
      for (const [role, heading] of Object.entries(listed))
        expect(rows(read(), role).toSorted(), role).toEqual(reviewed(heading).toSorted());
    });

    it('lists nobody who is not there', () => {
      const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
      const known = [
        ...functionKeys,
        'In a VPC',
        ...machineRows.map(({ id }) => id),
        'Schedules',
        'StartOnRequest',
      ];
      expect(headings.toSorted()).toEqual(known.toSorted());
    });

    it('names every action in full', () => {
      for (const role of roles())
        for (const { Action } of statementsOf(read(), role))
          for (const action of [Action].flat()) expect(action, role).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
    });

    it('takes the resource * only where the page says why', () => {
      const excused = new Set(page.split('## Roles')[0]?.match(/[a-z0-9]+:[A-Za-z]+/g));
      const patterns = [/^xray:/, /^logs:.*(Delivery|Deliveries|ResourcePolic)/, /^ec2:/];
      for (const role of roles())
        for (const { Effect, Action, Resource } of statementsOf(read(), role)) {
          if (Effect === 'Deny' || ![Resource].flat().includes('*')) continue;
          for (const action of [Action].flat())
            expect(
              excused.has(action) || patterns.some((pattern) => pattern.test(action)),
              `${role}: ${action}`,
            ).toBe(true);
        }
    });

    it('joins approving, switching over and deleting in no role', () => {
      const kinds = roles().map((role) => {
        const actions = allowed(read(), role);
        return [approves(actions, rows(read(), role)), cuts(actions), deletes(actions)];
      });
      for (const kind of kinds) expect(kind.filter(Boolean).length).toBeLessThanOrEqual(1);
      for (const index of [0, 1, 2]) expect(kinds.filter((kind) => kind[index]).length).toBeGreaterThan(0);
    });

    it('keeps databases, histories and tokens away from the public page', () => {
      const services = allowed(read(), roleId('approvalPage')).map((action) => action.split(':')[0]);
      expect(new Set(services)).toEqual(new Set(['kms', 'lambda', 'logs', 'xray', ...optionalVpc(read())]));
    });

    it('gives the machine key to whoever reads a history or answers a token, by its context only', () => {
      for (const role of roles()) {
        const actions = allowed(read(), role);
        const keys = statementsOf(read(), role).filter(
          ({ Resource }) => JSON.stringify(Resource) === '{"Fn::GetAtt":["MachineKey","Arn"]}',
        );
        const needed = actions.some((action) =>
          /^states:(SendTask|GetExecutionHistory|DescribeExecution|StartExecution)/.test(action),
        );
        expect(keys.length > 0, role).toBe(needed || machineRoles.includes(role));
        for (const { Condition } of keys)
          expect(Object.keys((Condition as Record<string, object>).StringEquals ?? {})[0], role).toMatch(
            /^kms:EncryptionContext:(aws:states:stateMachineArn|SourceArn)$/,
          );
      }
    });

    it('deletes databases only under a tag, and passes roles only to RDS', () => {
      for (const role of roles())
        for (const { Effect, Action, Condition } of statementsOf(read(), role)) {
          if (Effect === 'Deny') continue;
          const actions = [Action].flat();
          const condition = JSON.stringify(Condition ?? {});
          if (deletes(actions))
            expect(condition, role).toMatch(/aws:ResourceTag\/viridian:(removable|sweepable)/);
          if (cuts(actions)) expect(condition, role).toContain('aws:ResourceTag/viridian:execution');
          if (actions.includes('iam:PassRole')) expect(condition, role).toContain('iam:PassedToService');
        }
    });

    it('starts runs through the alias only, on the unqualified ARN', () => {
      for (const role of Object.keys(optional)) {
        const start = statementsOf(read(), role).find(({ Action }) =>
          [Action].flat().includes('states:StartExecution'),
        );
        expect(JSON.stringify(start?.Resource), role).toMatch(
          /stateMachine:viridian-dev-blue-green-deployment"\}$/,
        );
        expect(start?.Condition, role).toEqual({
          StringEquals: { 'states:StateMachineQualifier': 'live' },
        });
      }
    });
  });
}

/** Rights in Route 53 are listed for one record, and are there when one is configured. */
const hasRecords = (template: Template): boolean => JSON.stringify(template).includes('hostedzone/');

const optionalVpc = (template: Template): string[] =>
  allowed(template, roleId('notify')).some((action) => action.startsWith('ec2:')) ? ['ec2'] : [];
