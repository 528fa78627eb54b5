import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import type {
  GetPublicKeyRequest,
  GetPublicKeyResponse,
  SignRequest,
  SignResponse,
} from '@aws-sdk/client-kms';
import { AwsError, type Service } from '../wire/service.ts';

const algorithm = 'ECDSA_SHA_256';

interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** The asymmetric keys of a local account that sign (ECC_NIST_P256). The private half never leaves this object. */
export class SigningKeys {
  /** What KMS serves of them. https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
  readonly operations: Service['operations'] = {
    Sign: (input: SignRequest) => this.#sign(input),
    GetPublicKey: (input: GetPublicKeyRequest) => this.#publicKey(input),
  };
  readonly #place: { region: string; accountId: string };
  /** Pairs are made when they are used first: most accounts sign nothing. */
  readonly #keys = new Map<string, KeyPair | undefined>();

  constructor(place: { region: string; accountId: string }) {
    this.#place = place;
  }

  /** Makes a key. @returns its ARN */
  create(): string {
    const { region, accountId } = this.#place;
    const arn = `arn:aws:kms:${region}:${accountId}:key/${randomUUID()}`;
    this.#keys.set(arn, undefined);
    return arn;
  }

  #find(arn = ''): KeyPair {
    if (!this.#keys.has(arn)) throw new AwsError('NotFoundException', `Key '${arn}' does not exist`);
    const pair = this.#keys.get(arn) ?? generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#keys.set(arn, pair);
    return pair;
  }

  /** Of a message; Node.js signs no digest that somebody else has made, so `MessageType: DIGEST` is refused. */
  #sign({
    KeyId,
    Message = new Uint8Array(),
    MessageType = 'RAW',
    SigningAlgorithm,
  }: SignRequest): SignResponse {
    const { privateKey } = this.#find(KeyId);
    if (SigningAlgorithm !== algorithm)
      throw new AwsError('InvalidKeyUsageException', `${SigningAlgorithm} is not valid for ECC_NIST_P256.`);
    if (MessageType !== 'RAW')
      throw new AwsError(
        'UnsupportedOperationException',
        'This local endpoint signs messages only, no digests.',
      );
    if (Message.length < 1 || Message.length > 4_096)
      throw new AwsError(
        'ValidationException',
        `The message has ${Message.length} bytes; 1 to 4096 are allowed.`,
      );
    return { KeyId, Signature: sign('sha256', Message, privateKey), SigningAlgorithm };
  }

  #publicKey({ KeyId }: GetPublicKeyRequest): GetPublicKeyResponse {
    const PublicKey = this.#find(KeyId).publicKey.export({ type: 'spki', format: 'der' });
    return { KeyId, PublicKey, KeySpec: 'ECC_NIST_P256', SigningAlgorithms: [algorithm] };
  }
}
