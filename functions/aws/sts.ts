import {
  GetCallerIdentityCommand,
  type GetCallerIdentityCommandInput,
  type GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import { headersOfQuestion, identityQuestion, type Proof } from '../domain/approval/proof.ts';
import { sts } from './clients/sts.ts';

/** What a request of an SDK client has, as far as it is signed. */
interface Signed {
  headers: Record<string, string>;
  body?: unknown;
}

/**
 * Whose key has signed the text of an act: the ARN that STS answers to the question that the person has signed, undefined where STS
 * refuses the signature. Nothing of the person's choosing is sent but date, token and signature, and to STS alone.
 * @throws what leaves it open, such as an STS that cannot be reached
 */
export async function whoSigned(text: string, proof: Proof): Promise<string | undefined> {
  const command = new GetCallerIdentityCommand({});
  command.middlewareStack.addRelativeTo(
    signedByThePerson(headersOfQuestion(await sts().config.region(), text, proof)),
    {
      name: 'signedByThePerson',
      relation: 'after',
      toMiddleware: 'httpSigningMiddleware',
    },
  );
  try {
    return (await sts().send(command)).Arn;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** The client signs with the role of this function; what the person has signed takes the place of that. */
function signedByThePerson(
  headers: Record<string, string>,
): FinalizeRequestMiddleware<GetCallerIdentityCommandInput, GetCallerIdentityCommandOutput> {
  return (next) => (args) => {
    const request = args.request as Signed;
    if (String(request.body) !== identityQuestion.body)
      throw new Error(`the client of STS asks otherwise than people sign: ${String(request.body)}`);
    request.headers = headers;
    return next(args);
  };
}

/** STS refuses a wrong, an old and a forged signature with 400 or 403; it throttles with 400, too. */
function isRefusal(error: unknown): boolean {
  const { name = '', $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  return (status === 400 || status === 403) && !/throttl/i.test(name);
}
