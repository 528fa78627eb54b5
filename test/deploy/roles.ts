import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arn, att, functionId } from '../../deploy/cloudformation.ts';
import { type FunctionKey, functionKeys } from '../../deploy/functions.ts';
import { machineRows } from '../../deploy/machines.ts';
import type { Template } from '../../deploy/package-stack.ts';
import { renderStatement, type TemplateStatement } from '../../deploy/render-permissions.ts';
import { changesSomething, roleId } from '../../deploy/roles.ts';
import { loadStatements } from './default-settings.ts';
import { ofType, propertiesOf } from './resources.ts';

const page = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'permissions.md'), 'utf8');

/** Sections of docs/permissions.md by the names in their heading. */
const sections = page
  .split(/^### /m)
  .slice(1)
  .map((text) => ({ names: text.slice(0, text.indexOf('\n')).split(', '), text }));

/** Items of the list below a heading that names this, without their reason. */
function reviewed(name: string): string[] {
  const { text = '' } = sections.find(({ names }) => names.includes(name)) ?? {};
  return text
    .split(/^- /m)
    .filter((item) => /^(allow|deny) /.test(item))
    .map((item) => item.replaceAll('\n  ', ' '))
    .map((item) => item.slice(0, item.indexOf('`: ') + 1));
}

export function statementsOf(template: Template, role: string): TemplateStatement[] {
  const { Policies } = propertiesOf(template, role) as unknown as {
    Policies: { PolicyDocument: { Statement: TemplateStatement[] } }[];
  };
  return Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const render = (statement: TemplateStatement): string =>
  renderStatement(statement).replaceAll('viridian-dev', 'viridian-STAGE');

const rows = (template: Template, role: string): string[] => statementsOf(template, role).map(render);

/** The functions that the template gives this role to. */
const functionsWith = (template: Template, role: string): FunctionKey[] =>
  functionKeys.filter(
    (key) => JSON.stringify(propertiesOf(template, functionId(key)).Role) === JSON.stringify(att(role)),
  );

/** What is written once in docs/permissions.md for every role, as this role has it. */
function common(template: Template, role: string): string[] {
  const everywhere = [...reviewed('Every function'), ...reviewed('In a VPC')];
  return everywhere.map((row) =>
    row.replace(/`([^`]*-)FUNCTION(:\*)`/, (_, before: string, after: string) =>
      functionsWith(template, role)
        .map((key) => `\`${before}${key}${after}\``)
        .join(', '),
    ),
  );
}

export const allowed = (template: Template, role: string): string[] =>
  statementsOf(template, role)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => [Action].flat());

const approves = (rowsOfRole: string[]) =>
  rowsOfRole.some((row) => /^allow .*kms:GenerateMac.* on .*DecisionKey/.test(row));
const cuts = (actions: string[]) => actions.includes('rds:SwitchoverBlueGreenDeployment');
const deletes = (actions: string[]) =>
  actions.some((action) => action === 'rds:DeleteDBInstance' || action === 'rds:DeleteDBCluster');

/** Reading, answering the own wait, publishing, and asking the function that speaks SQL, whose rights are in its own role. */
const harmless =
  /^((rds|cloudwatch|states|route53|ec2):(Describe|List|Get).*|kms:(Decrypt|GenerateDataKey)|states:SendTaskSuccess|sns:Publish|lambda:InvokeFunction|logs:(CreateLogStream|PutLogEvents)|xray:Put.*|ec2:(Assign|Create|Delete|Unassign).*)$/;

const machineRoles = machineRows.map(({ id }) => `${id}Role`);

/** What is true of every role, whatever is configured. */
export function testRoles(read: () => Template, optional: Record<string, string>): void {
  const roles = () => Object.keys(ofType(read(), 'AWS::IAM::Role'));

  describe('roles', () => {
    it('gives every function its role and every role its function or service', () => {
      const used = functionKeys.map((key) => JSON.stringify(propertiesOf(read(), functionId(key)).Role));
      expect(used).toEqual(functionKeys.map((key) => JSON.stringify(att(roleId(key)))));
      const expected = [
        ...new Set(functionKeys.map(roleId)),
        ...machineRoles,
        'RemoveCopiesRole',
        ...Object.keys(optional),
      ];
      expect(roles().toSorted()).toEqual(expected.toSorted());
    });

    it('shares a role only between functions that change nothing of the user and decide nothing', () => {
      const shared = roles().filter((role) => functionsWith(read(), role).length > 1);
      expect(shared.length).toBeGreaterThan(0);
      for (const role of shared) {
        expect(
          allowed(read(), role).filter((action) => !harmless.test(action)),
          role,
        ).toEqual([]);
        for (const key of functionsWith(read(), role)) expect(changesSomething(key), key).toBe(false);
      }
    });

    it('has no two roles with the same rights for functions that change nothing', () => {
      const roleOf = new Map<string, string>();
      for (const key of functionKeys.filter((one) => !changesSomething(one))) {
        const rights = reviewed(key).toSorted().join();
        expect(roleOf.get(rights) ?? roleId(key), key).toBe(roleId(key));
        roleOf.set(rights, roleId(key));
      }
    });

    it.each(functionKeys)('%s has exactly the permissions that docs/permissions.md lists', (key) => {
      const everywhere = common(read(), roleId(key));
      const actual = rows(read(), roleId(key)).filter((row) => !everywhere.includes(row));
      const listed = reviewed(key).filter(
        (row) =>
          (hasRecords(read()) || !row.includes('route53:')) &&
          (hasLoadStatements(read()) || !row.includes(loadStatements)),
      );
      expect(actual.toSorted()).toEqual(listed.toSorted());
    });

    it('lets each role write the logs of its functions, and no other', () => {
      for (const role of new Set(functionKeys.map(roleId))) {
        const log = statementsOf(read(), role).find(({ Action }) =>
          [Action].flat().includes('logs:PutLogEvents'),
        );
        const logs = functionsWith(read(), role).map((key) =>
          arn('logs', `log-group:/aws/lambda/viridian-dev-${key}:*`),
        );
        expect([log?.Resource].flat(), role).toEqual(logs);
        expect(rows(read(), role), role).toEqual(expect.arrayContaining(common(read(), role).slice(0, 2)));
      }
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
      const headings = sections.flatMap(({ names }) => names);
      const known = [
        ...functionKeys,
        'Every function',
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
      const excused = new Set(page.split('## Roles')[0]?.match(/[a-z0-9-]+:[A-Za-z]+/g));
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

    it('reads alarms without a resource, as composite alarms ask', () => {
      const reading = roles().flatMap((role) =>
        statementsOf(read(), role).filter(({ Action }) =>
          [Action].flat().includes('cloudwatch:DescribeAlarms'),
        ),
      );
      expect(reading.length).toBeGreaterThan(0);
      for (const { Resource } of reading) expect([Resource].flat()).toEqual(['*']);
    });

    it('joins approving, switching over and deleting in no role', () => {
      const kinds = roles().map((role) => {
        const actions = allowed(read(), role);
        return [approves(rows(read(), role)), cuts(actions), deletes(actions)];
      });
      for (const kind of kinds) expect(kind.filter(Boolean).length).toBeLessThanOrEqual(1);
      for (const index of [0, 1, 2]) expect(kinds.filter((kind) => kind[index]).length).toBeGreaterThan(0);
    });

    it('joins deleting and tagging in no role', () => {
      const tags = (actions: string[]) => actions.includes('rds:AddTagsToResource');
      const joined = roles().filter((role) => deletes(allowed(read(), role)) && tags(allowed(read(), role)));
      expect(joined).toEqual([]);
      const denying = roles().filter((role) => deletes(allowed(read(), role)));
      for (const role of denying)
        expect(
          statementsOf(read(), role).some(
            ({ Effect, Action }) => Effect === 'Deny' && [Action].flat().includes('rds:AddTagsToResource'),
          ),
          role,
        ).toBe(true);
    });

    it('lets nobody put on a tag of its choice, but for tags of people that production has again', () => {
      const choosing = roleId('putBackWhatWasDropped');
      const own = statementsOf(read(), choosing).filter(({ Action }) =>
        [Action].flat().includes('rds:AddTagsToResource'),
      );
      expect(own.map(({ Condition }) => Condition)).toEqual([
        {
          'ForAllValues:StringNotLike': { 'aws:TagKeys': ['viridian:*'] },
          Null: { 'aws:TagKeys': 'false' },
        },
      ]);
      for (const role of roles().filter((one) => one !== choosing))
        for (const { Effect, Action, Condition } of statementsOf(read(), role))
          if (Effect === 'Allow' && [Action].flat().includes('rds:AddTagsToResource'))
            expect(JSON.stringify(Condition), role).toMatch(/aws:TagKeys|rds:TagsFromRequest/);
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
            expect(condition, role).toMatch(
              /aws:ResourceTag\/viridian:(copy|removable|sweepable|side":"old-blue|execution":\{"Fn::Sub":"[^"]*:copy-\*)/,
            );
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

/** Rights to the file of a load test are listed for one file, and are there when it is configured. */
const hasLoadStatements = (template: Template): boolean => JSON.stringify(template).includes(loadStatements);

/** Rights in Route 53 are listed for one record, and are there when one is configured. */
const hasRecords = (template: Template): boolean => JSON.stringify(template).includes('hostedzone/');

const optionalVpc = (template: Template): string[] =>
  allowed(template, roleId('notify')).some((action) => action.startsWith('ec2:')) ? ['ec2'] : [];
