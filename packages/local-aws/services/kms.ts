import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type {
  CreateKeyRequest,
  CreateKeyResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  GenerateMacRequest,
  GenerateMacResponse,
  KeyMetadata,
  VerifyMacRequest,
  VerifyMacResponse,
} from '@aws-sdk/client-kms';
import type { Clock } from '../clock.ts';
import { AwsError, type Service } from '../wire/service.ts';

/** The HMAC keys that KMS has, and the digest that belongs to each: the key is as long as the digest. */
const specs = {
  HMAC_256: { algorithm: 'HMAC_SHA_256', digest: 'sha256', bytes: 32 },
  HMAC_384: { algorithm: 'HMAC_SHA_384', digest: 'sha384', bytes: 48 },
  HMAC_512: { algorithm: 'HMAC_SHA_512', digest: 'sha512', bytes: 64 },
} as const;

type Spec = keyof typeof specs;

interface Key {
  metadata: KeyMetadata & { KeyId: string };
  spec: Spec;
  material: Buffer;
}

/** The HMAC keys of a local account. Their material never leaves this object, as it never leaves KMS. */
export class KmsKeys {
  readonly #keys = new Map<string, Key>();
  readonly #clock: Pick<Clock, 'now'>;
  readonly #region: string;
  readonly #accountId: string;

  constructor(options: { clock: Pick<Clock, 'now'>; region?: string; accountId?: string }) {
    const { clock, region = 'us-east-1', accountId = '123456789012' } = options;
    this.#clock = clock;
    this.#region = region;
    this.#accountId = accountId;
  }

  /** Makes a key and gives what KMS tells of it; `Arn` or `KeyId` names it from then on. */
  create(spec: string, description = ''): Key['metadata'] & { Arn: string } {
    if (!isSpec(spec)) {
      const text = `KeySpec ${spec} is not part of this local endpoint, which has HMAC keys only.`;
      throw new AwsError('UnsupportedOperationException', text);
    }
    const KeyId = randomUUID();
    const metadata = {
      KeyId,
      Arn: `arn:aws:kms:${this.#region}:${this.#accountId}:key/${KeyId}`,
      AWSAccountId: this.#accountId,
      CreationDate: new Date(this.#clock.now()),
      Description: description,
      Enabled: true,
      KeyManager: 'CUSTOMER',
      KeySpec: spec,
      KeyState: 'Enabled',
      KeyUsage: 'GENERATE_VERIFY_MAC',
      MacAlgorithms: [specs[spec].algorithm],
      MultiRegion: false,
      Origin: 'AWS_KMS',
    } satisfies KeyMetadata;
    this.#keys.set(KeyId, { metadata, spec, material: randomBytes(specs[spec].bytes) });
    return metadata;
  }

  /** A key by id or ARN. */
  find(name: string): Key {
    const id = name.split('key/').at(-1) ?? '';
    const key = this.#keys.get(id);
    if (key) return key;
    throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
  }
}

/** KMS as far as sealing needs it. https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
export function createKmsService(keys: KmsKeys, signing?: Pick<Service, 'operations'>): Service {
  return {
    name: 'kms',
    operations: {
      ...signing?.operations,
      CreateKey: ({ KeySpec, Description }: CreateKeyRequest): CreateKeyResponse => ({
        KeyMetadata: keys.create(KeySpec ?? 'SYMMETRIC_DEFAULT', Description),
      }),
      DescribeKey: ({ KeyId }: DescribeKeyRequest): DescribeKeyResponse => ({
        KeyMetadata: keys.find(KeyId ?? '').metadata,
      }),
      GenerateMac: (input: GenerateMacRequest): GenerateMacResponse => {
        const { arn, algorithm, mac } = computeMac(keys, input);
        return { KeyId: arn, MacAlgorithm: algorithm, Mac: mac };
      },
      VerifyMac: (input: VerifyMacRequest): VerifyMacResponse => {
        const { arn, algorithm, mac } = computeMac(keys, input);
        const given = Buffer.from(input.Mac ?? []);
        if (given.length === mac.length && timingSafeEqual(given, mac))
          return { KeyId: arn, MacAlgorithm: algorithm, MacValid: true };
        throw new AwsError('KMSInvalidMacException', 'The Mac is not the one of this message and key.');
      },
    },
  };
}

function computeMac(
  keys: KmsKeys,
  { KeyId = '', MacAlgorithm, Message = new Uint8Array() }: Partial<GenerateMacRequest>,
) {
  const { spec, material, metadata } = keys.find(KeyId);
  const { algorithm, digest } = specs[spec];
  if (MacAlgorithm !== algorithm)
    throw new AwsError('InvalidKeyUsageException', `${MacAlgorithm} is not valid for a key of ${spec}.`);
  if (Message.length < 1 || Message.length > 4096)
    throw new AwsError(
      'ValidationException',
      `The message has ${Message.length} bytes; 1 to 4096 are allowed.`,
    );
  return { arn: metadata.Arn, algorithm, mac: createHmac(digest, material).update(Message).digest() };
}

function isSpec(spec: string): spec is Spec {
  return spec in specs;
}
