import { randomBytes } from 'node:crypto';

/** A password for one way back, or for one moment: 256 random bits, in characters that no normalization and no quoting changes. */
export function makePassword(): string {
  return randomBytes(32).toString('base64url');
}
