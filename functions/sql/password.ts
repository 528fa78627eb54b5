import { randomBytes } from 'node:crypto';

/**
 * A password for one way back, or for one moment, in characters that no normalization and no quoting changes.
 * @param bits that are random; the setup file of PostgreSQL takes those of 256 only
 */
export function makePassword(bits: 192 | 256 = 256): string {
  return randomBytes(bits / 8).toString('base64url');
}
