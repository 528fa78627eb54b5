import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutErrorClasses } from '../../deploy/error-classes.ts';

/** Sends a command to a client that is answered with an error as AWS writes it. */
type Refuse = (client: 'rds' | 'lambda', code: string) => Promise<Error>;

const entry = `
import { Readable } from 'node:stream';
import { DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
export async function refuse(client, code) {
  const answer = client === 'rds'
    ? { headers: { 'content-type': 'text/xml' }, body: '<ErrorResponse><Error><Type>Sender</Type><Code>' + code + '</Code><Message>no</Message></Error></ErrorResponse>' }
    : { headers: { 'content-type': 'application/json', 'x-amzn-errortype': code }, body: '{"message":"no"}' };
  const requestHandler = { handle: async () => ({ response: { statusCode: 404, headers: answer.headers, body: Readable.from([Buffer.from(answer.body)]) } }) };
  const settings = { region: 'eu-west-1', credentials, requestHandler, maxAttempts: 1 };
  const sent = client === 'rds'
    ? new RDSClient(settings).send(new DescribeDBInstancesCommand({}))
    : new LambdaClient(settings).send(new InvokeCommand({ FunctionName: 'f' }));
  return sent.then(() => new Error('was answered'), (error) => error);
}`;

const folder = mkdtempSync(join(tmpdir(), 'viridian-errors-'));
let refuse: Refuse;
let bytes: { with: number; without: number };

beforeAll(async () => {
  const bundle = async (plugins: (typeof withoutErrorClasses)[], outfile: string) => {
    const { outputFiles } = await build({
      stdin: { contents: entry, resolveDir: import.meta.dirname },
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
      minify: true,
      plugins,
      outfile,
      write: false,
    });
    return outputFiles[0];
  };
  const file = join(folder, 'refuse.cjs');
  const [all, fewer] = await Promise.all([bundle([], file), bundle([withoutErrorClasses], file)]);
  bytes = { with: all?.contents.length ?? 0, without: fewer?.contents.length ?? 0 };
  writeFileSync(file, fewer?.contents ?? '');
  ({ refuse } = createRequire(import.meta.url)(file) as { refuse: Refuse });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('without the classes of errors a client', () => {
  it('is smaller', () => {
    expect(bytes.with - bytes.without).toBeGreaterThan(30_000);
  });

  it.each([
    ['lambda', 'ResourceNotFoundException', 'ResourceNotFoundException'],
    ['lambda', 'SomethingNewException', 'SomethingNewException'],
    ['rds', 'BlueGreenDeploymentNotFoundFault', 'BlueGreenDeploymentNotFoundFault'],
    // AWS sends one name, and the client says another.
    ['rds', 'DBInstanceNotFound', 'DBInstanceNotFoundFault'],
    ['rds', 'Throttling', 'Throttling'],
  ] as const)('of %s says the name, the text and the status of %s', async (client, sent, said) => {
    expect(await refuse(client, sent)).toMatchObject({
      name: said,
      message: 'no',
      $metadata: { httpStatusCode: 404 },
    });
  });
});
