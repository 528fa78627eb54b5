import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { setting } from './settings.ts';

/** Signs by the role of the function, whose credentials Lambda puts into these variables. */
const signerOf = (service: string) =>
  new SignatureV4({
    service,
    region: setting('AWS_REGION'),
    sha256: Hash.bind(null, 'sha256'),
    applyChecksum: false,
    credentials: {
      accessKeyId: setting('AWS_ACCESS_KEY_ID'),
      secretAccessKey: setting('AWS_SECRET_ACCESS_KEY'),
      ...(process.env.AWS_SESSION_TOKEN && { sessionToken: process.env.AWS_SESSION_TOKEN }),
    },
  });

/** A call of ECS, in its JSON protocol: two operations need no SDK. `AWS_ENDPOINT_URL_ECS` is what the SDKs read, too. */
export async function callEcs<Answer>(operation: string, input: object): Promise<Answer> {
  const url = new URL(
    process.env.AWS_ENDPOINT_URL_ECS ?? `https://ecs.${setting('AWS_REGION')}.amazonaws.com`,
  );
  const body = JSON.stringify(input);
  const headers = {
    host: url.host,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonEC2ContainerServiceV20141113.${operation}`,
  };
  const { protocol, hostname, pathname: path } = url;
  const signed = await signerOf('ecs').sign({
    method: 'POST',
    protocol,
    hostname,
    path,
    query: {},
    headers,
    body,
  });
  const answer = await fetch(url, {
    method: 'POST',
    headers: signed.headers,
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const read = (await answer.json()) as Answer & { __type?: string; message?: string; Message?: string };
  if (!answer.ok)
    throw new Error(
      `ECS ${operation}: ${read.__type ?? answer.status} ${read.message ?? read.Message ?? ''}`,
    );
  return read;
}

/** A token by which the API of an EKS cluster knows the role of the function: a presigned call of STS (aws-iam-authenticator, "API Authorization from Outside a Cluster"). */
export async function signInToEks(cluster: string): Promise<string> {
  const hostname = `sts.${setting('AWS_REGION')}.amazonaws.com`;
  const request = {
    method: 'GET',
    protocol: 'https:',
    hostname,
    path: '/',
    query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
    headers: { host: hostname, 'x-k8s-aws-id': cluster },
  };
  const { query } = await signerOf('sts').presign(request, {
    expiresIn: 60,
    unhoistableHeaders: new Set(['x-k8s-aws-id']),
  });
  const address = `https://${hostname}/?${new URLSearchParams(query as Record<string, string>)}`;
  return `k8s-aws-v1.${Buffer.from(address).toString('base64url')}`;
}
