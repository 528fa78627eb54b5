import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { lazyClient } from './settings.ts';

export const secretsManager = lazyClient('retried', (config) => new SecretsManagerClient(config));
