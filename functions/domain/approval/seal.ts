import { createHash } from 'node:crypto';

/** What a seal is made for. It is part of what is sealed, so that a seal for one purpose never counts for another. */
export type SealPurpose = 'link' | 'message' | 'decision' | 'requester' | 'copy';

/** Makes the seal of a text: 32 bytes in base64url. */
export type MakeSeal = (text: string) => Promise<string>;
/** Whether the seal is the one of this text. It rejects when that cannot be found out: unknown is not yes. */
export type VerifySeal = (text: string, seal: string) => Promise<boolean>;

/** The form of a seal: 32 bytes (HMAC SHA-256) in base64url without padding. */
export const sealPattern = /^[A-Za-z0-9_-]{43}$/;

/** The text that is given to the key. A digest stands for the content, so that no content is too long for KMS (4,096 bytes). */
export function sealedText(purpose: SealPurpose, content: string): string {
  return `viridian ${purpose} 1 ${createHash('sha256').update(content).digest('hex')}`;
}

/**
 * The bytes of a base64url text, or nothing if it is not the one text that these bytes have. The last letter of base64url
 * can carry bits that no byte holds: without this check, changing them would give a second text for one seal.
 */
export function decodeStrictly(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Digest of a value, stable for values that are built in the same order: SHA-256, 22 letters of base64url (128 bits). */
export function digestOf(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('base64url')
    .slice(0, 22);
}
