import { describe, expect, it } from 'vitest';
import { partitionToken, type Value } from '../../deploy/cloudformation.ts';
import type { Template } from '../../deploy/package-stack.ts';
import { requestSchema } from '../../functions/domain/request/request.ts';
import { loadStatements, readRampRecords, wayBackRecords } from './default-settings.ts';
import { evaluate, places } from './deploy-time.ts';
import { ofType, propertiesOf } from './resources.ts';
import { statementsOf } from './roles.ts';

/** Everything that a stack has only when it is configured. */
export const everything = {
  email: 'ops@example.com',
  approvers: 'dba@example.com,owner@example.com',
  runbook: 'https://wiki.example.com/runbook.md',
  windows: 'docs/examples/maintenance-windows.json',
  reservedConcurrency: 'true',
  subnets: 'subnet-0a0a0a0a,subnet-0b0b0b0b',
  securityGroups: 'sg-0c0c0c0c',
  domain: 'approvals.example.com',
  certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/0a0a0a0a-0b0b-0c0c-0d0d-0e0e0e0e0e0e',
  jwtIssuer: 'https://login.example.com',
  jwtAudience: 'viridian',
  startFromAccounts: '111122223333',
  wayBackRecords,
  readRampRecords,
  loadStatements,
  permissionsBoundary: 'arn:aws:iam::111122223333:policy/boundary',
  rolePath: '/databases/',
  tags: 'owner=dba,cost-centre=4711',
};

/** What "Check preconditions" believes that the stack may change. */
function recordsOf(template: Template): string | undefined {
  const { Variables } = propertiesOf(template, 'CheckPreconditionsLambdaFunction').Environment as {
    Variables: Record<string, string>;
  };
  return Variables.WAY_BACK_RECORDS;
}

/** What a stack without parameters does not have. */
export function testDefaults(read: () => Template): void {
  describe('a stack with nothing configured', () => {
    it('has no schedule, no bus, no domain, no authorizer and no subscription', () => {
      const types = Object.values(read().Resources).map(({ Type }) => Type);
      for (const type of ['Scheduler::Schedule', 'Events::EventBus', 'SNS::Subscription'])
        expect(types).not.toContain(`AWS::${type}`);
      for (const type of ['DomainName', 'ApiMapping', 'Authorizer'])
        expect(types).not.toContain(`AWS::ApiGatewayV2::${type}`);
    });

    it('has no right in Route 53, and says so to the preconditions', () => {
      expect(JSON.stringify(read())).not.toContain('route53');
      expect(recordsOf(read())).toBe('none');
    });

    it('has functions without VPC and without reserved concurrency', () => {
      for (const [id, { Properties }] of Object.entries(ofType(read(), 'AWS::Lambda::Function'))) {
        expect(Properties?.VpcConfig, id).toBeUndefined();
        expect(Properties?.ReservedConcurrentExecutions, id).toBeUndefined();
      }
    });
  });
}

export function testEverything(read: () => Template): void {
  describe('a stack with everything configured', () => {
    it('tells who is to be told', () => {
      const subscriptions = Object.values(ofType(read(), 'AWS::SNS::Subscription')).map(({ Properties }) => [
        Properties?.TopicArn,
        Properties?.Endpoint,
      ]);
      expect(subscriptions).toEqual([
        [{ Ref: 'Announcements' }, 'ops@example.com'],
        [{ Ref: 'Approvals' }, 'dba@example.com'],
        [{ Ref: 'Approvals' }, 'owner@example.com'],
      ]);
    });

    it('starts a valid request through the alias at each window, at its minute and in its time zone', () => {
      const schedules = Object.entries(ofType(read(), 'AWS::Scheduler::Schedule'));
      expect(schedules).toHaveLength(2);
      for (const [id, { Properties }] of schedules) {
        expect(Properties?.FlexibleTimeWindow, id).toEqual({ Mode: 'OFF' });
        expect(Properties?.ScheduleExpressionTimezone, id).toBeTruthy();
        const { Input } = propertiesOf(read(), id).Target as { Input: Value };
        for (const place of places) {
          const input = JSON.parse(evaluate(read(), place, Input) as string) as Record<string, string>;
          expect(input.StateMachineArn).toContain('MachineAlias');
          expect(input.Name).toMatch(/^[a-z0-9-]{1,30}-<aws\.scheduler\.execution-id>$/);
          expect(requestSchema.safeParse(JSON.parse(input.Input ?? '')).error, id).toBeUndefined();
        }
      }
    });

    it('has the functions that speak SQL in the VPC, and a limit where anybody can call', () => {
      const functions = ofType(read(), 'AWS::Lambda::Function');
      const inside = Object.entries(functions).filter(
        ([, { Properties }]) => Properties?.VpcConfig !== undefined,
      );
      expect(inside.map(([id]) => id).sort()).toEqual([
        'SqlMysqlLambdaFunction',
        'SqlPostgresLambdaFunction',
      ]);
      for (const [, { Properties }] of inside)
        expect(Properties?.VpcConfig).toEqual({
          SubnetIds: ['subnet-0a0a0a0a', 'subnet-0b0b0b0b'],
          SecurityGroupIds: ['sg-0c0c0c0c'],
        });
      const interfaces = Object.entries(ofType(read(), 'AWS::IAM::Role')).filter(([, role]) =>
        JSON.stringify(role).includes('ec2:CreateNetworkInterface'),
      );
      expect(interfaces.map(([id]) => id).sort()).toEqual(['SqlMysqlRole', 'SqlPostgresRole']);
      expect(functions.ApprovalPageLambdaFunction?.Properties?.ReservedConcurrentExecutions).toBe(10);
      expect(functions.NotifyLambdaFunction?.Properties?.ReservedConcurrentExecutions).toBeUndefined();
    });

    it('may change the named record as a CNAME, from one function, and delete none', () => {
      const able = Object.entries(ofType(read(), 'AWS::IAM::Role')).filter(([, role]) =>
        JSON.stringify(role).includes('route53:ChangeResourceRecordSets'),
      );
      expect(able.map(([id]) => id).sort()).toEqual(['LeadReadsToGreenRole', 'SwapTheEndpointRole']);
      const change = statementsOf(read(), 'SwapTheEndpointRole').find(
        ({ Action }) => [Action].flat().join() === 'route53:ChangeResourceRecordSets',
      );
      expect(change).toEqual({
        Effect: 'Allow',
        Action: ['route53:ChangeResourceRecordSets'],
        Resource: { 'Fn::Sub': `arn:${partitionToken}:route53:::hostedzone/Z0123456789ABCDEFGHIJ` },
        Condition: {
          'ForAllValues:StringEquals': {
            'route53:ChangeResourceRecordSetsActions': ['UPSERT'],
            'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['orders-db.example.com'],
            'route53:ChangeResourceRecordSetsRecordTypes': ['CNAME'],
          },
          Null: { 'route53:ChangeResourceRecordSetsNormalizedRecordNames': 'false' },
        },
      });
      expect(recordsOf(read())).toBe(wayBackRecords);
      const [ofReaders] = statementsOf(read(), 'LeadReadsToGreenRole').filter(
        ({ Action }) => [Action].flat().join() === 'route53:ChangeResourceRecordSets',
      );
      expect(ofReaders).toMatchObject({
        Condition: {
          'ForAllValues:StringEquals': {
            'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['orders-readers.example.com'],
          },
        },
      });
    });

    it('bounds every role, and has it under its path', () => {
      for (const [id, { Properties }] of Object.entries(ofType(read(), 'AWS::IAM::Role')))
        expect([Properties?.Path, Properties?.PermissionsBoundary], id).toEqual([
          '/databases/',
          everything.permissionsBoundary,
        ]);
    });

    it('answers under its own name only, to people who have signed in', () => {
      expect(propertiesOf(read(), 'Api').DisableExecuteApiEndpoint).toBe(true);
      expect(propertiesOf(read(), 'PageRoute').AuthorizationType).toBe('JWT');
      const { Variables } = propertiesOf(read(), 'AskForApprovalLambdaFunction').Environment as {
        Variables: Record<string, string>;
      };
      expect(Variables.PAGE_URL).toMatch(/^https:\/\/approvals\.example\.com\//);
    });

    it('takes requests of the named accounts and of nobody else', () => {
      const { StartBusPolicy, StartOnRequestRule } = read().Resources;
      expect(StartBusPolicy?.Properties?.Statement).toMatchObject({
        Principal: { AWS: ['111122223333'] },
        Action: 'events:PutEvents',
      });
      expect(StartOnRequestRule?.Properties?.Targets).toMatchObject([
        { Arn: { Ref: 'MachineAlias' }, InputPath: '$.detail' },
      ]);
    });
  });
}
