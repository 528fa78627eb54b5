import { SFNClient } from '@aws-sdk/client-sfn';
import type { AwsCredentialIdentity } from '@smithy/types';
import {
  identityQuestion,
  proofHeader,
  signedHeaders,
  stsHost,
  writeProof,
} from '../functions/domain/approval/proof.ts';
import type { DecideResult } from '../functions/http/protocol.ts';
import type { SignedRequest } from '../functions/http/signed-request.ts';
import { signRequest } from './sign.ts';

/** What the route behind the IAM authorizer answers. */
export type Answer = DecideResult | { kind: 'refused'; message: string };

/**
 * Sends an act that starts an execution, and says what became of it.
 * @returns the exit code
 */
export async function startByRoute(api: string, region: string, request: SignedRequest): Promise<number> {
  const answer = await callDecideRoute(api, region, request);
  if (answer.kind === 'started') {
    process.stdout.write(`Started: ${answer.executionArn}\n`);
    return 0;
  }
  process.stderr.write(
    `Not started: ${answer.kind === 'refused' ? answer.message : 'nothing was recorded; try again in a moment'}\n`,
  );
  return 1;
}

/**
 * Sends an act to the route of the HTTP API that IAM authorizes, signed with your own credentials: once for the API, and once for STS,
 * which tells the function behind it who you are.
 * @param api address of the HTTP API
 * @param region of the stack
 */
export async function callDecideRoute(api: string, region: string, request: SignedRequest): Promise<Answer> {
  const url = new URL('/decide', api);
  const body = JSON.stringify(request);
  const credentials = await new SFNClient({ region }).config.credentials();
  const at = new Date();
  const headers = await signRequest(
    {
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        [proofHeader]: await prove(body, credentials, region, at),
      },
      body,
    },
    credentials,
    { region, service: 'execute-api', at },
  );
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json().catch(() => ({}))) as Partial<Answer> & { message?: string };
  if (answer.kind) return answer as Answer;
  return { kind: 'refused', message: answer.message ?? `the API answered ${response.status}` };
}

/** Signs a question to STS about the text of an act, which is not sent here. @returns what the header says */
export async function prove(
  text: string,
  credentials: AwsCredentialIdentity,
  region: string,
  at: Date,
): Promise<string> {
  const url = new URL(`https://${stsHost(region)}/`);
  const unsigned = { method: 'POST', url, headers: signedHeaders(region, text), body: identityQuestion.body };
  const signed = await signRequest(unsigned, credentials, { region, service: 'sts', at });
  const token = signed['x-amz-security-token'];
  return writeProof({
    authorization: signed.authorization ?? '',
    date: signed['x-amz-date'] ?? '',
    ...(token !== undefined && { token }),
  });
}
