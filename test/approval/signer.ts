import { prove } from '../../commands/decide-route.ts';
import { signRequest } from '../../commands/sign.ts';
import { proofHeader } from '../../functions/domain/approval/proof.ts';
import { account, region } from './facts.ts';

/** The key of a user of the account. Its id is the user's name. */
export const keyOf = (user: string) => ({ accessKeyId: user, secretAccessKey: `secret of ${user}` });

export const arnOf = (user: string): string => `arn:aws:iam::${account}:user/${user}`;

/** A proof of a user about a text, as the header has it. @param at milliseconds since the epoch */
export const proofOf = (user: string, text: string, at: number): Promise<string> =>
  prove(text, keyOf(user), region, new Date(at));

/** The request that the commands send to the route of IAM; without a user it is not signed. */
export async function signedPost(user: string, body: string, at: number, proof?: string) {
  const headers = {
    'content-type': 'application/json',
    ...(user && { [proofHeader]: proof ?? (await proofOf(user, body, at)) }),
  };
  const unsigned = { method: 'POST', url: new URL('https://page.test/decide'), headers, body };
  const scope = { region, service: 'execute-api', at: new Date(at) };
  return {
    method: 'POST',
    path: '/decide',
    headers: user ? await signRequest(unsigned, keyOf(user), scope) : headers,
    body,
  };
}
