import { verifyWith } from '../aws/kms.ts';
import { type Code, readCode } from '../domain/approval/link.ts';
import { env } from '../runtime/env.ts';

/** The code of a link, where we sealed it. What it says stays hidden: the public page has no right to the key that opens it. */
export async function readSealed(code: string): Promise<Code | undefined> {
  const read = readCode(code);
  return read && (await verifyWith(env('LINK_KEY_ID'))(read.text, read.seal)) ? read : undefined;
}
