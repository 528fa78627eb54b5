import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { Signer } from '@aws-sdk/rds-signer';
import { secretsManager } from './clients/secrets-manager.ts';

/** Name and password of a database user. They go into one connection and nowhere else. */
export interface DatabaseCredentials {
  user: string;
  password: string;
}

/** From the secret when there is one, otherwise an IAM token that is signed for this server and user. */
export async function databaseCredentials(
  place: { host: string; port: number },
  login: { user: string; secret?: string },
): Promise<DatabaseCredentials> {
  if (login.secret === undefined) return { user: login.user, password: await signToken(place, login.user) };
  const { username, password } = readSecretText(await readSecret(login.secret));
  return { user: username ?? login.user, password };
}

/** The text of a secret, by its ARN. */
async function readSecret(arn: string): Promise<string> {
  const { SecretString } = await secretsManager().send(new GetSecretValueCommand({ SecretId: arn }));
  return SecretString ?? '';
}

/** A parser's own error would show a part of the text. */
function readSecretText(text: string): { username?: string; password: string } {
  try {
    const { username, password } = JSON.parse(text);
    if (typeof password === 'string') return { password, ...(typeof username === 'string' && { username }) };
  } catch {}
  throw new TypeError('the secret is not JSON with "username" and "password"');
}

/** Valid for 15 minutes, and for this host, port and user only. Made on this machine, without a call. */
function signToken({ host, port }: { host: string; port: number }, username: string): Promise<string> {
  return new Signer({ hostname: host, port, username }).getAuthToken();
}
