import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Value } from '../../deploy/cloudformation.ts';
import type { Template } from '../../deploy/package-stack.ts';
import { anchor } from '../../functions/domain/announcement/links.ts';
import { evaluate, places } from './deploy-time.ts';
import { ofType, propertiesOf } from './resources.ts';

const runbook = readFileSync(resolve(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const anchors = new Set([...runbook.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading)));

export function testSafeguards(read: () => Template): void {
  const all = (type: string) => Object.entries(ofType(read(), type));

  describe('data', () => {
    it('has an end and a key in every log', () => {
      for (const [id, { Properties }] of all('AWS::Logs::LogGroup')) {
        expect(Properties?.KmsKeyId, id).toEqual({ 'Fn::GetAtt': ['LogsKey', 'Arn'] });
        expect(Properties?.RetentionInDays, id).toBeGreaterThanOrEqual(1);
      }
    });

    it('is encrypted in every topic and every bucket', () => {
      for (const [id, { Properties }] of all('AWS::SNS::Topic'))
        expect(Properties?.KmsMasterKeyId, id).toEqual({ 'Fn::GetAtt': ['MessagesKey', 'Arn'] });
      for (const [id, { Properties }] of all('AWS::S3::Bucket')) {
        expect(Properties?.BucketEncryption, id).toBeDefined();
        expect(Properties?.PublicAccessBlockConfiguration, id).toBeDefined();
      }
    });

    it('stays readable: keys are kept and those that can, rotate', () => {
      for (const [id, { Properties, DeletionPolicy }] of all('AWS::KMS::Key')) {
        expect(DeletionPolicy, id).toBe('Retain');
        // KMS rotates symmetric keys for encryption only.
        if (Properties?.KeySpec === undefined) expect(Properties?.EnableKeyRotation, id).toBe(true);
      }
    });

    it('lets alarms of this account publish to the announcements, and no other service', () => {
      const key = read().Resources.MessagesKey?.Properties?.KeyPolicy;
      const topic = read().Resources.AnnouncementsPolicy?.Properties?.PolicyDocument;
      for (const policy of [key, topic]) {
        const { Statement } = policy as {
          Statement: { Principal: { Service?: Value }; Condition?: Value }[];
        };
        const services = Statement.filter(({ Principal }) => Principal.Service !== undefined);
        expect(services).toMatchObject([
          {
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ]);
      }
    });

    it('sends no event to a topic, which EventBridge could not encrypt under a condition on the account', () => {
      for (const [id, { Properties }] of all('AWS::Events::Rule'))
        expect(JSON.stringify(Properties?.Targets), id).not.toMatch(/"(Announcements|Approvals)"/);
    });
  });

  describe('alarms', () => {
    it('each do something, say what they mean and link to a heading of the runbook', () => {
      expect(all('AWS::CloudWatch::Alarm').length).toBeGreaterThan(8);
      for (const [id, { Properties }] of all('AWS::CloudWatch::Alarm')) {
        expect(Properties?.AlarmActions, id).toEqual([{ Ref: 'Announcements' }]);
        const link = /#([a-z0-9-]+)$/.exec(String(Properties?.AlarmDescription))?.[1];
        expect(anchors, id).toContain(link);
      }
    });

    it('never count what every tick and every wake-up raises', () => {
      expect(JSON.stringify(all('AWS::CloudWatch::Alarm'))).not.toMatch(
        /LambdaFunctions(TimedOut|Failed)|ServiceIntegrations(TimedOut|Failed)|ActivitiesTimedOut/,
      );
    });

    it('are kept from waking runs of their own', () => {
      const pattern = JSON.stringify(read().Resources.WakeOnAlarmRule?.Properties?.EventPattern);
      for (const [id, { Properties }] of all('AWS::CloudWatch::Alarm'))
        expect(String(Properties?.AlarmName), id).toMatch(/^viridian-dev-/);
      expect(pattern).toContain('{"anything-but":{"prefix":"viridian-dev-"}}');
    });

    it('stay within the ten metrics that one alarm may add up', () => {
      for (const [id, { Properties }] of all('AWS::CloudWatch::Alarm')) {
        const metrics = (Properties?.Metrics ?? []) as { MetricStat?: unknown }[];
        expect(metrics.filter(({ MetricStat }) => MetricStat).length, id).toBeLessThanOrEqual(10);
      }
    });

    it('watch every function for throttling', () => {
      const text = JSON.stringify(
        all('AWS::CloudWatch::Alarm').filter(([id]) => id.startsWith('ThrottledAlarm')),
      );
      for (const [id] of all('AWS::Lambda::Function')) expect(text).toContain(`{"Ref":"${id}"}`);
    });
  });

  describe('the HTTP API', () => {
    it('has one public route at most, and asks for an identity on all others, throttled', () => {
      const routes = Object.fromEntries(
        all('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [
          Properties?.RouteKey,
          Properties?.AuthorizationType,
        ]),
      );
      const people = read().Resources.ApiAuthorizer ? 'JWT' : undefined;
      expect(routes).toEqual({
        'ANY /approval': people ?? 'NONE',
        'POST /decide': 'AWS_IAM',
        'GET /runs': people ?? 'AWS_IAM',
        'GET /runs/{name}': people ?? 'AWS_IAM',
      });
      expect(read().Resources.ApiStage?.Properties?.DefaultRouteSettings).toMatchObject({
        ThrottlingRateLimit: expect.any(Number),
        ThrottlingBurstLimit: expect.any(Number),
      });
      for (const [, { Properties }] of all('AWS::ApiGatewayV2::Integration'))
        expect(Properties?.PayloadFormatVersion).toBe('2.0');
    });

    it('writes no path and no query string to its access log', () => {
      const { Format } = propertiesOf(read(), 'ApiStage').AccessLogSettings as { Format: string };
      expect(Format).not.toMatch(
        /\$context\.(path|http\.path|integration\.requestId|requestOverride)|querystring/i,
      );
    });
  });

  describe('any account, region and partition', () => {
    it.each(places)('nothing is written down that $partition would not understand', (place) => {
      const raw = JSON.stringify(withoutDefinition(read()));
      expect(raw).not.toMatch(/arn:aws/);
      expect(raw).not.toMatch(/\b(?:[a-z]{2}-(?:gov-)?(?:north|south|east|west|central)[a-z]*-\d)\b/);
      expect(raw.replaceAll('111122223333', '')).not.toMatch(/(?<![\d.])\d{12}(?![\d])/);
      const deployed = JSON.stringify(evaluate(read(), place, withoutDefinition(read()) as unknown as Value));
      const partitions = new Set(
        [...deployed.matchAll(/arn:(aws[a-z-]*):/g)].map(([, partition]) => partition),
      );
      expect(partitions).toEqual(new Set([place.partition]));
    });
  });
}

const ofOthers = ['DefinitionString', 'S3Key', 'CertificateArn', 'PermissionsBoundary', 'ARTEFACT_DIGEST'];

/**
 * Not the machine's text, which has placeholders of its own, nor the artifacts' paths, nor what a user has configured by ARN, nor a digest: twelve of its
 * sixty-four digits may be decimal by chance.
 */
function withoutDefinition({ Resources }: Template): Template['Resources'] {
  const text = JSON.stringify(Resources, (key, value: unknown) =>
    ofOthers.includes(key) ? undefined : value,
  );
  return JSON.parse(text) as Template['Resources'];
}
