import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as kms from '@aws-sdk/client-kms';
import * as lambda from '@aws-sdk/client-lambda';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as secrets from '@aws-sdk/client-secrets-manager';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sts from '@aws-sdk/client-sts';
import { type Api, apiFromClient } from './api.ts';

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
  apiFromClient({ name: 'lambda', version: '2015-03-31', target: 'AWSGirApiService' }, lambda),
];
