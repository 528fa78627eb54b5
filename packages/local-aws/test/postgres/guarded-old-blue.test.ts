import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PostgresDataPlane } from '../../postgres/data-plane.ts';
import { CUT, clientAt, clientOf, codeOf, openPair } from './plane.ts';

const guarded = { ...CUT, guardOldBlue: true };

describe('an old blue that RDS guards', () => {
  let plane: PostgresDataPlane;
  let host: { port: number };
  beforeAll(async () => {
    plane = await openPair({ roles: { functions: ['operator'] } });
    await plane.database('db-blue').sql.query('CREATE ROLE operator LOGIN');
    host = await plane.hostOf('db-blue');
    expect(await plane.cutOver(guarded)).toEqual({ done: true });
  });
  afterAll(() => plane.dispose());

  it('lets no application in, by its name or by its address, and the functions in by both', async () => {
    expect(await codeOf(clientOf(plane, 'shop-old1'))).toBe('ECONNRESET');
    expect(await codeOf(clientAt(host.port))).toBe('ECONNRESET');
    expect(await codeOf(clientOf(plane, 'shop-old1', 'operator'))).toBe('none');
    expect(await codeOf(clientAt(host.port, 'operator'))).toBe('none');
    expect(plane.isReachable('db-blue')).toBe(false);
  });

  it('lets them in once the guard has ended, read-only by default, and ends no session for that', async () => {
    const functions = await clientOf(plane, 'shop-old1', 'operator');
    await plane.endGuard('db-blue');
    expect(await codeOf(functions.query('SELECT'))).toBe('none');
    const application = await clientOf(plane, 'shop-old1');
    expect(await codeOf(application.query('DELETE FROM viridian_rehearsal.history'))).toBe('25006');
    expect(await codeOf(clientAt(host.port))).toBe('none');
    expect(plane.isReachable('db-blue')).toBe(true);
  });

  it('keeps out whom a security group keeps out', async () => {
    await plane.pointEndpoint('shop-old1', 'db-blue', 'functions');
    await plane.endGuard('db-blue');
    expect(await codeOf(clientOf(plane, 'shop-old1'))).toBe('ECONNRESET');
    expect(await codeOf(clientAt(host.port))).toBe('ECONNRESET');
    await plane.pointEndpoint('shop-old1', undefined);
    expect(await codeOf(clientAt(host.port, 'operator'))).toBe('ECONNRESET');
  });
});
