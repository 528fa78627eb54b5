import * as scaling from '@aws-sdk/client-application-auto-scaling';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as s3 from '@aws-sdk/client-s3';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sts from '@aws-sdk/client-sts';
import { type Api, apiFromClient } from './api.ts';

/**
 * S3 names its bucket in the host or in the path, and the endpoint moves it to the path. Its operations are told apart by the query besides; the
 * three that are served here differ without it.
 */
function withBucketsInPaths(api: Api): Api {
  const served = ['GetObject', 'ListObjectsV2', 'PutObject'].map((name) => api.operations.get(name));
  const inPaths = served.flatMap((operation) => {
    const [method = '', path = '', status = 200] = operation?.http ?? [];
    const below = path.replace(/\?.*/, '').replace(/\/$/, '');
    return operation
      ? [{ ...operation, http: [method, `/{Bucket}${below}`, status] as typeof operation.http }]
      : [];
  });
  return { ...api, operations: new Map(inPaths.map((operation) => [operation.name, operation])) };
}

/** Every API that the local endpoint can speak. */
export const apis: readonly Api[] = [
  apiFromClient(
    {
      name: 'rds',
      version: '2014-10-31',
      target: 'AmazonRDSv19',
      xmlNamespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
    },
    rds,
  ),
  apiFromClient(
    {
      name: 'sns',
      version: '2010-03-31',
      target: 'AmazonSimpleNotificationService',
      xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    },
    sns,
  ),
  apiFromClient({ name: 'states', version: '2016-11-23', target: 'AWSStepFunctions' }, sfn),
  apiFromClient(
    {
      name: 'monitoring',
      version: '2010-08-01',
      target: 'GraniteServiceVersion20100801',
      xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
      queryCompatible: true,
    },
    cloudwatch,
  ),
  apiFromClient(
    {
      name: 'sts',
      version: '2011-06-15',
      target: 'AWSSecurityTokenServiceV20110615',
      xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    },
    sts,
  ),
  apiFromClient(
    { name: 'application-autoscaling', version: '2016-02-06', target: 'AnyScaleFrontendService' },
    scaling,
  ),
  apiFromClient({ name: 'secretsmanager', version: '2017-10-17', target: 'secretsmanager' }, secrets),
  apiFromClient({ name: 'kms', version: '2014-11-01', target: 'TrentService' }, kms),
  apiFromClient(
    {
      name: 'route53',
      version: '2013-04-01',
      target: 'AWSDnsV20130401',
      xmlNamespace: 'https://route53.amazonaws.com/doc/2013-04-01/',
    },
    route53,
  ),
  apiFromClient({ name: 'logs', version: '2014-03-28', target: 'Logs_20140328' }, logs),
  withBucketsInPaths(
    apiFromClient(
      {
        name: 's3',
        version: '2006-03-01',
        target: 'AmazonS3',
        xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
      },
      s3,
    ),
  ),
  apiFromClient({ name: 'lambda', version: '2015-03-31', target: 'AWSGirApiService' }, lambda),
];
