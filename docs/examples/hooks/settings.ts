import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** An environment variable that the function cannot do without. */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`the environment variable ${name} of the hook is missing`);
  return value;
}

/** An environment variable that is a number, for example of seconds. */
export function numberSetting(name: string, otherwise: number): number {
  const value = Number(process.env[name] ?? otherwise);
  if (Number.isNaN(value)) throw new Error(`the environment variable ${name} of the hook is no number`);
  return value;
}

/** Names between commas. */
export const listSetting = (name: string): string[] =>
  setting(name)
    .split(',')
    .map((one) => one.trim());

/** `host:port`. */
export function readAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** A user and its password, from a secret of the form `{"username": …, "password": …}`, as RDS makes them. */
export async function readLogin(secretId: string): Promise<{ user: string; password: string }> {
  const { SecretString = '' } = await new SecretsManagerClient().send(
    new GetSecretValueCommand({ SecretId: secretId }),
  );
  try {
    const { username: user, password } = JSON.parse(SecretString);
    return { user, password };
  } catch {
    // The message of a parser quotes what it has read.
    throw new Error(`the secret ${secretId} is no JSON with username and password`);
  }
}
