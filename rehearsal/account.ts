import { functionLogGroup } from '../deploy/names.ts';
import { useClock } from '../functions/runtime/clock.ts';
import type { S3Service } from '../packages/local-aws/services/s3.ts';
import type { Endpoint, HttpServer } from '../packages/local-aws/wire/endpoint.ts';
import type { FunctionCalls } from '../packages/local-aws/wire/function-calls.ts';
import { accessKeyOfSandbox } from '../packages/local-aws/wire/sandbox.ts';
import { releaseClients } from './account/clients.ts';
import { type EndpointOptions, openEndpoint, pointClients } from './account/endpoint.ts';
import { readDefinition } from './account/machines.ts';
import { evidenceBucket, pageUrl, prefix } from './account/place.ts';
import { AccountServices, type ServiceOptions } from './account/services.ts';
import { deployStack, type StackRecord } from './account/stack.ts';
import { functionOf } from './roles.ts';

export interface AccountOptions extends ServiceOptions, EndpointOptions {
  /** Functions may take so many times their timeout, by default once. */
  functionPatience?: number;
  /** Record of a zone that is made for it, by which production may go back; without one the account has none. */
  record?: { zone: string; name: string };
  /** The same for a weighted record by which readers come. */
  readsRecord?: { zone: string; name: string };
}

/** One AWS account on this machine: its services, with our functions and our state machine in them. */
export interface Account
  extends Pick<
    AccountServices,
    'rds' | 'cloudWatch' | 'sns' | 'lambda' | 'states' | 'route53' | 'secrets' | 'access' | 'brokenOff'
  > {
  /** Where records of runs are kept, and the key that signs them. */
  evidence: { bucket: string; key: string; s3: S3Service };
  /** Keeps a line that a function has written, in the log of the function that writes now. */
  keepLine(line: string): void;
  record: StackRecord | undefined;
  readsRecord: StackRecord | undefined;
  endpoint: Endpoint;
  /** What our functions asked of AWS, readings left out. */
  functionCalls: FunctionCalls['calls'];
  topics: { announcements: string; approvals: string };
  /** The alias that starts use. */
  stateMachineArn: string;
  /** The state machine that goes back. */
  rollBackMachineArn: string;
  /** The state machine that rehearses on a copy. */
  rehearsalMachineArn: string;
  /** The text of the state machine file, byte for byte. */
  definition: string;
  /** Serves the endpoint and the approval page on a port; links in messages lead there from then on. */
  listen(port: number): Promise<HttpServer>;
  /** Stops what goes on by itself and gives clock and clients of this process back. */
  close(): void;
}

/** Sets clock, clients and environment of this process: there is one account at a time. */
export async function openAccount(options: AccountOptions): Promise<Account> {
  useClock(options.clock);
  const services = new AccountServices(options);
  const { rds, cloudWatch, sns, lambda, states, route53, secrets, access, brokenOff, s3, logs } = services;
  const addRecord = (wanted: AccountOptions['record']) =>
    wanted && { hostedZoneId: route53.addZone(wanted.zone), recordName: wanted.name };
  const records = { record: addRecord(options.record), readsRecord: addRecord(options.readsRecord) };
  const { endpoint, calls } = openEndpoint(services, options);
  pointClients(endpoint, options);
  const { topics, aliasArn, arns, evidenceKey } = await deployStack(
    services,
    records,
    options.functionPatience,
  );
  return {
    ...{ rds, cloudWatch, sns, lambda, states, route53, secrets, access, brokenOff },
    evidence: { bucket: evidenceBucket, key: evidenceKey, s3 },
    ...records,
    endpoint,
    functionCalls: calls,
    topics,
    stateMachineArn: aliasArn,
    rollBackMachineArn: arns['roll-back'],
    rehearsalMachineArn: arns.rehearsal,
    definition: await readDefinition('blue-green-deployment'),
    keepLine(line) {
      const key = functionOf(accessKeyOfSandbox());
      if (key) logs.write(functionLogGroup(prefix, key), line);
    },
    async listen(port) {
      const server = await endpoint.listen(port);
      process.env.PAGE_URL = pageUrl(server.url);
      return server;
    },
    close() {
      rds.stop();
      releaseClients();
      useClock(undefined);
    },
  };
}
