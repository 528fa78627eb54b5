import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { databaseCredentials } from '../../functions/aws/database-credentials.ts';

const place = { host: 'shop.abc.eu-west-1.rds.amazonaws.com', port: 5432 };
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:way-back-AbCdEf';
const secrets = mockClient(SecretsManagerClient);

beforeEach(() => {
  secrets.reset();
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
});
afterEach(() => vi.unstubAllEnvs());

it.each([
  ['its own name', { username: 'owner', password: 'p' }, { user: 'owner', password: 'p' }],
  ['the name of the request', { password: 'p' }, { user: 'viridian', password: 'p' }],
])('reads the secret by its ARN and signs in under %s', async (_name, value, expected) => {
  secrets.on(GetSecretValueCommand, { SecretId: arn }).resolves({ SecretString: JSON.stringify(value) });
  expect(await databaseCredentials(place, { user: 'viridian', secret: arn })).toEqual(expected);
});

it.each([
  ['no JSON', 'hunter2-plain'],
  ['no password', '{"username":"hunter2-name"}'],
  ['a binary secret', undefined],
])('says of %s what is wanted, and nothing of what is there', async (_name, text) => {
  secrets.on(GetSecretValueCommand).resolves(text === undefined ? {} : { SecretString: text });
  const failure = await databaseCredentials(place, { user: 'viridian', secret: arn }).catch((error) => error);
  expect(failure.message).toContain('"username" and "password"');
  expect(String(failure.stack)).not.toContain('hunter2');
});

it('signs an IAM token for this server and user when there is no secret', async () => {
  const { user, password } = await databaseCredentials(place, { user: 'viridian' });
  const token = new URL(`https://${password}`);
  expect(user).toBe('viridian');
  expect(token.host).toBe(`${place.host}:${place.port}`);
  expect(Object.fromEntries(token.searchParams)).toMatchObject({
    Action: 'connect',
    DBUser: 'viridian',
    'X-Amz-Expires': '900',
  });
  expect(token.searchParams.get('X-Amz-Credential')).toContain('/eu-west-1/rds-db/');
  expect(secrets.calls()).toHaveLength(0);
});
