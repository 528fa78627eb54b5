import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import type { Window } from '../model/deployment.ts';
import { decodeStrictly, digestOf, type SealPurpose, sealedText, sealPattern } from './seal.ts';

/** What a link is for: to answer the question of a group, to stop the run, or to answer whether production may go back. */
export type LinkPurpose = 'decide' | 'stop' | 'go-back';

/** What a link says, to those alone who may ask the key. It names the run and the group, never a task token. */
export interface Claims {
  purpose: LinkPurpose;
  /** Name of the execution; machine, account and Region are those of the function that reads it. */
  execution: string;
  group: string;
  /** `digestOfPlan(planHash)`: the link is for one plan. */
  plan: string;
  /** Seconds since the epoch; from this second on the link is void. */
  expires: number;
}

/** A code as it stands in the link, taken apart but not yet believed. */
export interface Code {
  /** Random id of the message: what the key makes of it is the secret of its links and its phrase. */
  id: Buffer;
  /** The claims, unreadable. */
  written: string;
  /** What the seal must cover. */
  text: string;
  seal: string;
}

/** Bytes of the random id of a message: two messages never share one. */
export const idBytes = 12;

const sealPurpose: SealPurpose = 'link';
const purposes: readonly LinkPurpose[] = ['decide', 'stop', 'go-back'];
const cipher = 'aes-256-gcm';
const tagBytes = 16;
const planBytes = 15;
/** Execution names have 80 characters and groups 40; this is that with room for non-ASCII names. */
const longestCode = 900;
const codePattern = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/;

/** The text whose seal, made with the key of links, is the secret of a message. */
export function textOfId(id: Buffer): string {
  return sealedText('message', id.toString('base64url'));
}

/**
 * The claims as text that nobody reads without the secret: base64url of the id, the purpose and the rest under AES-256-GCM.
 * Each message has a secret of its own and each purpose a nonce, so that no nonce is used twice.
 */
export function writeClaims(claims: Claims, id: Buffer, secret: Buffer): string {
  const purpose = purposes.indexOf(claims.purpose);
  const box = createCipheriv(cipher, keyOf(secret), nonceOf(purpose)).setAAD(id);
  const hidden = Buffer.concat([box.update(encode(claims)), box.final()]);
  return Buffer.concat([id, Buffer.of(purpose), hidden, box.getAuthTag()]).toString('base64url');
}

/** The text that the seal of these written claims covers. */
export function textOfClaims(written: string): string {
  return sealedText(sealPurpose, written);
}

/** Takes a code apart; anything that has not the form of what we write is nothing. */
export function readCode(code: string): Code | undefined {
  if (code.length > longestCode) return undefined;
  const [, written = '', seal = ''] = codePattern.exec(code) ?? [];
  if (!sealPattern.test(seal) || !decodeStrictly(seal)) return undefined;
  const bytes = decodeStrictly(written);
  if (!bytes || bytes.length <= idBytes + 1 + tagBytes) return undefined;
  return { id: bytes.subarray(0, idBytes), written, text: textOfClaims(written), seal };
}

/** What the claims of a code say; nothing where this is not its secret, or the code was changed. */
export function readClaims(
  { id, written }: Pick<Code, 'id' | 'written'>,
  secret: Buffer,
): Claims | undefined {
  const bytes = Buffer.from(written, 'base64url');
  const purpose = bytes[idBytes] ?? -1;
  try {
    const box = createDecipheriv(cipher, keyOf(secret), nonceOf(purpose), { authTagLength: tagBytes });
    box.setAAD(id).setAuthTag(bytes.subarray(-tagBytes));
    return decode(purpose, Buffer.concat([box.update(bytes.subarray(idBytes + 1, -tagBytes)), box.final()]));
  } catch {
    return undefined;
  }
}

/** Seconds in 4 bytes (until the year 2106), the digest of the plan, and both names, the group's with its length before it. */
function encode({ expires, plan, group, execution }: Claims): Buffer {
  const until = Buffer.alloc(4);
  until.writeUInt32BE(expires);
  const name = Buffer.from(group);
  return Buffer.concat([
    until,
    Buffer.from(plan, 'base64url'),
    Buffer.of(name.length),
    name,
    Buffer.from(execution),
  ]);
}

function decode(index: number, bytes: Buffer): Claims | undefined {
  const purpose = purposes[index];
  const groupAt = 4 + planBytes + 1;
  const executionAt = groupAt + (bytes[groupAt - 1] ?? 0);
  if (!purpose || bytes.length <= executionAt) return undefined;
  return {
    purpose,
    expires: bytes.readUInt32BE(),
    plan: bytes.subarray(4, 4 + planBytes).toString('base64url'),
    group: bytes.subarray(groupAt, executionAt).toString(),
    execution: bytes.subarray(executionAt).toString(),
  };
}

const keyOf = (secret: Buffer): Buffer => derive(secret, 'claims', 32);

function nonceOf(purpose: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeInt8(purpose);
  return nonce;
}

/** Bytes that the secret of a message gives for one use, and that say nothing about those for another. */
export function derive(secret: Buffer, use: 'claims' | 'phrase', bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `viridian ${use} 1`, bytes));
}

/** Stands for a link in logs and histories, so that its uses can be counted and nobody can use it. */
export function nameOfLink(code: string): string {
  return createHash('sha256').update(code).digest('hex').slice(0, 12);
}

/** Whether the link is void by time. `now` in milliseconds since the epoch. */
export function isExpired({ expires }: Claims, now: number): boolean {
  return now >= expires * 1000;
}

/** Digest of a plan as links carry it: 120 bits. */
export function digestOfPlan(planHash: string | undefined): string {
  return digestOf(planHash).slice(0, (planBytes / 3) * 4);
}

/** Whether the link was sealed for this plan. */
export function isForPlan({ plan }: Pick<Claims, 'plan'>, planHash: string | undefined): boolean {
  return planHash !== undefined && plan === digestOfPlan(planHash);
}

/**
 * When the links of a question end, in seconds since the epoch. Deciding ends with the time to answer, stopping with
 * the bake of a cut that began at the end of the window. NaN for what is no time, which a link carries as 1970.
 */
export function linkExpiries(
  { approveBy, closesAt }: Window,
  bakeMinutes: number,
): Record<'decide' | 'stop', number> {
  const seconds = (isoTime: string) => Math.floor(Date.parse(isoTime) / 1000);
  return { decide: seconds(approveBy), stop: seconds(closesAt) + Math.ceil(bakeMinutes * 60) };
}
