import { randomBytes } from 'node:crypto';
import { sealWith } from '../../functions/aws/kms.ts';
import {
  type Claims,
  idBytes,
  readClaims,
  readCode,
  textOfClaims,
  textOfId,
  writeClaims,
} from '../../functions/domain/approval/link.ts';

const seal = (text: string) => sealWith(process.env.LINK_KEY_ID ?? '')(text);

/** What the key makes of an id: who has it opens the links of a message and knows its phrase. */
export async function secretOf(id: Buffer): Promise<Buffer> {
  return Buffer.from(await seal(textOfId(id)), 'base64url');
}

/** A code with a good seal, as only we can make it. */
export async function sealCode(claims: Claims, id: Buffer = randomBytes(idBytes)): Promise<string> {
  const written = writeClaims(claims, id, await secretOf(id));
  return `${written}.${await seal(textOfClaims(written))}`;
}

/** What a good code says. */
export async function openCode(code: string): Promise<Claims> {
  const read = readCode(code);
  const claims = read && readClaims(read, await secretOf(read.id));
  if (!claims) throw new Error('the code cannot be opened');
  return claims;
}
