import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { ChangeCounts, ServerFacts } from '../../functions/domain/way-back/facts.ts';
import { useLogSink } from '../../functions/runtime/log.ts';
import type { Answer, Ask, Input, Place, RefusalCode } from '../../functions/sql/contract.ts';
import { handler } from '../../functions/sql/postgres.ts';
import { configureSql } from '../../functions/sql/settings.ts';
import type { PostgresDataPlane, PostgresOptions } from '../../packages/local-aws/postgres/data-plane.ts';
import {
  APP_DATABASE,
  APP_ROLE,
  ownerConnection,
  withSession,
} from '../../packages/local-aws/postgres/database.ts';
import { BUILD, CUT, openBlue } from '../../packages/local-aws/test/postgres/plane.ts';
import { asMaster } from '../../rehearsal/servers/postgres-setup.ts';

export const RUN = 'arn:aws:states:eu-west-1:123456789012:execution:blue-green-deployment:run-1';
export const databases = [APP_DATABASE];
export const applicationRoles = [APP_ROLE];

const setup = new URL('../../docs/setup-postgresql.sql', import.meta.url);

/** What the master user does on blue beforehand. */
export const setupStatements = asMaster(readFileSync(setup, 'utf8'));

// Sessions to this machine only: no TLS, and the servers trust whoever comes.
configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });
useLogSink(() => {});

/** Blue with the workload's tables and everything that the setup file makes. Whoever opens a stage disposes of it. */
export async function openBlueStage(options: PostgresOptions = {}, rows = 1_000): Promise<PostgresDataPlane> {
  const plane = await openBlue(options, rows);
  await plane.loadSchema('db-blue', setupStatements);
  return plane;
}

export async function openGreenStage(
  options: PostgresOptions = {},
  rows = 1_000,
): Promise<PostgresDataPlane> {
  const plane = await openBlueStage(options, rows);
  await plane.buildGreen(BUILD);
  await plane.pointEndpoint('shop-green-a1b2c3', 'db-green');
  return plane;
}

/** After the cut: new production is held, old blue is fenced. */
export async function openCutStage(options: PostgresOptions = {}, rows = 1_000): Promise<PostgresDataPlane> {
  const plane = await openGreenStage(options, rows);
  await ask('hold-writes', { ...production(plane), databases, applicationRoles });
  const cut = await plane.cutOver(CUT);
  if (!cut.done) throw new Error(cut.reason);
  return plane;
}

/** The same with the reverse stream flowing and writes open again. */
export async function openStreamStage(
  options: PostgresOptions = {},
  rows = 1_000,
): Promise<PostgresDataPlane> {
  const plane = await openCutStage(options, rows);
  await secureWayBack(plane);
  await ask('release-writes', { ...production(plane), databases, applicationRoles });
  await fenceTarget(plane);
  await ask('attach', { ...sides(plane), databases });
  return plane;
}

export async function secureWayBack(
  plane: PostgresDataPlane,
  of: string[] = databases,
): Promise<Answer<'secure'>> {
  const held = { ...production(plane), databases: of, applicationRoles };
  return ask('secure', { ...held, changes: await holdAndCount(held) });
}

/** Old blue is closed by us before it receives the stream: what RDS leaves is a default that a session may override. */
export async function fenceTarget(plane: PostgresDataPlane): Promise<void> {
  await ask('fence', { ...target(plane), databases });
}

/** Holds writes and counts what was changed before. The worker of the stream from blue may still be leaving after the cut. */
export async function holdAndCount(held: Given<'hold-writes'>): Promise<ChangeCounts> {
  for (;;) {
    const { changes } = await ask('hold-writes', held);
    if (changes) return changes;
  }
}

/** Who may do what with the application's database, and by whose grant, in one order. */
export async function readPrivileges(plane: PostgresDataPlane, resourceId: string): Promise<string[]> {
  const { rows } = await plane.database(resourceId).sql.query<{ entry: string }>(
    `SELECT format('%s: %s by %s%s', a.grantee::regrole, a.privilege_type, a.grantor::regrole, CASE WHEN is_grantable THEN ' +' END) AS entry
       FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a WHERE d.datname = 'app' ORDER BY 1`,
  );
  return rows.map(({ entry }) => entry);
}

/** New production, or green before the cut. */
export const production = (plane: PostgresDataPlane): Place => placeOf(plane, 'db-green');
/** Old blue. */
export const target = (plane: PostgresDataPlane): Place => placeOf(plane, 'db-blue');
export const sides = (plane: PostgresDataPlane) => ({ production: production(plane), target: target(plane) });

export function placeOf(plane: PostgresDataPlane, resourceId: string): Place {
  return { resourceId, is: null, host: '127.0.0.1', port: plane.database(resourceId).server.port };
}

/** Whether the replication user can sign in with a password: our own role may not read that. */
export async function hasPassword(plane: PostgresDataPlane, resourceId: string): Promise<boolean> {
  const { server } = plane.database(resourceId);
  const { rowCount } = await withSession(ownerConnection(server, APP_DATABASE), (client) =>
    client.query("SELECT FROM pg_authid WHERE rolname = 'viridian_replication' AND rolpassword IS NOT NULL"),
  );
  return rowCount === 1;
}

/** What a test names of a question; the run is {@link RUN} unless it says another. */
export type Given<A extends Ask> = Omit<Input<A>, 'executionArn' | 'login'> & { executionArn?: string };

/** What this family answers: facts of a server differ from family to family. */
type Told<A extends Ask> = A extends 'facts' ? ServerFacts : Answer<A>;

/** Asks the function as it is deployed, and expects an answer. */
export async function ask<A extends Ask>(what: A, input: Given<A>): Promise<Told<A>> {
  const reply = await question(what, input);
  if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
  return reply.facts as Told<A>;
}

/** Asks, and expects a refusal or a failure: its code. */
export async function codeOfAsking<A extends Ask>(what: A, input: Given<A>): Promise<RefusalCode | string> {
  const reply = await question(what, input);
  return reply.kind === 'answer' ? 'answered' : reply.code;
}

export function question<A extends Ask>(what: A, input: Given<A>) {
  return handler({ ask: what, executionArn: RUN, login: { user: 'viridian' }, ...input } as never);
}

/** Undoes something when the test has ended, however it has ended: what one test leaves fails the next. */
export function afterwards(undo: () => unknown): void {
  onTestFinished(async () => {
    await Promise.resolve(undo()).catch(() => {});
  });
}

/** Looks until something holds; the test's own timeout ends it. */
export async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
