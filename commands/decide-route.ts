import { SFNClient } from '@aws-sdk/client-sfn';
import type { SignedRequest } from '../functions/http/decide-with-iam.ts';
import type { DecideResult } from '../functions/http/protocol.ts';
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
 * Sends an act to the route of the HTTP API that IAM authorizes, signed with your own credentials.
 * @param api address of the HTTP API
 * @param region of the stack
 */
export async function callDecideRoute(api: string, region: string, request: SignedRequest): Promise<Answer> {
  const url = new URL('/decide', api);
  const body = JSON.stringify(request);
  const { credentials } = new SFNClient({ region }).config;
  const unsigned = { method: 'POST', url, headers: { 'content-type': 'application/json' }, body };
  const headers = await signRequest(unsigned, await credentials(), {
    region,
    service: 'execute-api',
    at: new Date(),
  });
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json().catch(() => ({}))) as Partial<Answer> & { message?: string };
  if (answer.kind) return answer as Answer;
  return { kind: 'refused', message: answer.message ?? `the API answered ${response.status}` };
}
