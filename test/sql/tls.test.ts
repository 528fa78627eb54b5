import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { useLogSink } from '../../functions/runtime/log.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import { makeCertificate } from './certificate.ts';

const folder = mkdtempSync(join(tmpdir(), 'viridian-'));
const trusted = makeCertificate('localhost');
const servers: Server[] = [];

beforeAll(() => {
  const bundle = join(folder, 'bundle.pem');
  writeFileSync(bundle, `${trusted.cert}${elsewhere.cert}`);
  vi.stubEnv('RDS_CA_FILE', bundle);
  useLogSink(() => {});
  configureSql({ credentials: async () => ({ user: 'viridian', password: 'canary' }) });
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(() => {
  vi.unstubAllEnvs();
  useLogSink(undefined);
  configureSql(undefined);
  rmSync(folder, { recursive: true });
});

/** Certificates of another name, which the bundle knows, and of an authority that it does not. */
const elsewhere = makeCertificate('other.example');
const forged = makeCertificate('localhost');

/** A server that speaks PostgreSQL's opening: it agrees to encrypt, or not, and keeps what it is told after that. */
async function listen(certificate: { cert: string; key: string } | undefined) {
  const told: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      if (!certificate) {
        socket.on('data', (chunk) => told.push(chunk));
        socket.end('N');
        return;
      }
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...certificate });
      secure.on('error', () => {});
      secure.on('data', (chunk) => {
        told.push(chunk);
        secure.end();
      });
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const reply = await handler({
    ask: 'leftovers',
    executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:machine:run-1',
    login: { user: 'viridian' },
    resourceId: 'db-TEST',
    is: null,
    host: 'localhost',
    port,
    databases: ['app'],
    applicationRoles: [],
  });
  return { reply, told: Buffer.concat(told).toString() };
}

it('signs in where the certificate is of the bundle and names the host', async () => {
  expect((await listen(trusted)).told).toContain('viridian');
});

it.each([
  ['its certificate is of somebody else', forged, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['its certificate names another host', elsewhere, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['it does not encrypt', undefined, 'no-answer'],
])('tells a server nothing when %s', async (_name, certificate, code) => {
  const { reply, told } = await listen(certificate);
  expect(reply).toMatchObject({ kind: 'failed', code });
  expect(told).toBe('');
});
