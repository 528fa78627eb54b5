import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as kms from '@aws-sdk/client-kms';
import * as rds from '@aws-sdk/client-rds';
import * as route53 from '@aws-sdk/client-route-53';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import type { Api } from '../../wire/api.ts';
import { apis } from '../../wire/apis.ts';
import { handOver, type SdkClient } from '../../wire/direct-client.ts';
import { canBeDirect } from '../../wire/direct-protocol.ts';
import { account } from './clients.ts';

export interface AnyClient {
  send(command: object): Promise<object>;
  destroy(): void;
}

/** One API in one protocol, as a client of the SDK speaks it. */
export interface Dialect {
  api: string;
  protocol: string;
  /** Everything that the client's package exports. */
  sdk: object;
  createClient(config: object): AnyClient;
}

function dialect(
  api: string,
  protocol: string,
  sdk: object,
  // biome-ignore lint/suspicious/noExplicitAny: the clients have nothing in common that their types would say
  Client: new (config: any) => AnyClient,
  settings: object = {},
): Dialect {
  return {
    api,
    protocol,
    sdk,
    createClient: (config) => new Client({ ...account, ...settings, ...config }),
  };
}

export const dialects: readonly Dialect[] = [
  dialect('rds', 'Query', rds, rds.RDSClient),
  dialect('sns', 'Query', sns, sns.SNSClient),
  dialect('states', 'JSON 1.0', sfn, sfn.SFNClient, { disableHostPrefix: true }),
  dialect('kms', 'JSON 1.1', kms, kms.KMSClient),
  dialect('route53', 'REST XML', route53, route53.Route53Client),
  dialect('monitoring', 'JSON 1.0', cloudwatch, cloudwatch.CloudWatchClient),
  dialect('monitoring', 'Query', cloudwatch, cloudwatch.CloudWatchClient, { protocol: AwsQueryProtocol }),
  dialect('monitoring', 'CBOR', cloudwatch, cloudwatch.CloudWatchClient, {
    protocol: AwsSmithyRpcV2CborProtocol,
  }),
];

/** The same clients where they hand their calls over as they are. */
export const directDialects: readonly Dialect[] = dialects
  .filter(({ api }, index) => canBeDirect(api) && dialects.findIndex((other) => other.api === api) === index)
  .map(({ createClient, ...known }) => ({
    ...known,
    protocol: 'no protocol',
    createClient(config) {
      const client = createClient(config);
      handOver(client as unknown as SdkClient);
      return client;
    },
  }));

export function apiNamed(name: string): Api {
  const api = apis.find((candidate) => candidate.name === name);
  if (!api) throw new Error(`There is no API ${name}`);
  return api;
}

/** The command of an operation, for example `DescribeDBInstancesCommand`. */
export function createCommand({ sdk }: Dialect, operation: string, input: unknown): object {
  const Command = (sdk as Record<string, new (input: unknown) => object>)[`${operation}Command`];
  if (!Command) throw new Error(`There is no command for ${operation}`);
  return new Command(input);
}
