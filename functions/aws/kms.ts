import { GenerateMacCommand, VerifyMacCommand } from '@aws-sdk/client-kms';
import { decodeStrictly, type MakeSeal, sealPattern, type VerifySeal } from '../domain/approval/seal.ts';
import { kms } from './clients/kms.ts';

const algorithm = 'HMAC_SHA_256';

/** Makes seals with an HMAC key (`kms:GenerateMac`): `LINK_KEY_ID` for links, `DECISION_KEY_ID` for decisions. */
export function sealWith(keyId: string): MakeSeal {
  return async (text) => {
    const { Mac } = await kms().send(
      new GenerateMacCommand({ KeyId: keyId, MacAlgorithm: algorithm, Message: Buffer.from(text) }),
    );
    if (!Mac) throw new Error('KMS gave no Mac; nothing was sealed');
    return Buffer.from(Mac).toString('base64url');
  };
}

/**
 * Verifies seals of an HMAC key (`kms:VerifyMac`). A wrong seal is `false`; what leaves it open, such as a missing right
 * or a throttled call, is thrown.
 */
export function verifyWith(keyId: string): VerifySeal {
  return async (text, seal) => {
    const bytes = sealPattern.test(seal) ? decodeStrictly(seal) : undefined;
    if (!bytes) return false;
    try {
      const { MacValid } = await kms().send(
        new VerifyMacCommand({
          KeyId: keyId,
          MacAlgorithm: algorithm,
          Message: Buffer.from(text),
          Mac: bytes,
        }),
      );
      return MacValid === true;
    } catch (error) {
      if (error instanceof Error && error.name === 'KMSInvalidMacException') return false;
      throw error;
    }
  };
}
