import { createRequire } from 'node:module';
import type { ChangeCounts } from '../../../functions/domain/way-back/facts.ts';
import type { MysqlFacts } from '../../../functions/domain/way-back/mysql/facts.ts';
import { useLogSink } from '../../../functions/runtime/log.ts';
import type { Answer, Ask, Input, Place, Reply } from '../../../functions/sql/contract.ts';
import { configureSql } from '../../../functions/sql/settings.ts';
import type { Connection } from '../../../packages/local-aws/mysql/connection.ts';
import type { Flavour } from '../../../packages/local-aws/mysql/server/programs.ts';
import { providePrograms } from '../../../packages/local-aws/mysql/server/provide.ts';
import type { MysqlServer } from '../../../packages/local-aws/mysql/server/server.ts';
import { MysqlWorkspace } from '../../../packages/local-aws/mysql/server/workspace.ts';
import { whyLeftOut } from '../../../packages/local-aws/test/debian/left-out.ts';
import { setupStatements } from '../../../rehearsal/servers/mysql-setup.ts';
import { sharedBuild } from '../../deploy/shared-build.ts';

export const RUN = 'arn:aws:states:eu-west-1:123456789012:execution:blue-green-deployment:run-1';
export const databases = ['app'];

configureSql({ credentials: async (_place, { user }) => ({ user }), tls: 'off' });
useLogSink(() => {});

/** A pair of series, the older one first. */
export interface Versions {
  flavour: Flavour;
  from: string;
  to: string;
}

export const mariadb: Versions = { flavour: 'mariadb', from: '10.11', to: '11.8' };
export const mysql: Versions = { flavour: 'mysql', from: '9.7', to: '9.7' };

/** Why the tests of these servers are left out on this machine; undefined when they are not. */
export const whyNot = ({ flavour, from, to }: Versions): Promise<string | undefined> =>
  whyLeftOut(async () => {
    for (const series of [from, to]) await providePrograms(flavour, series);
  });

/** Two servers; green follows blue from its first log on. */
export interface Stage {
  workspace: MysqlWorkspace;
  blue: MysqlServer;
  green: MysqlServer;
  /** Sessions of the service's own account. */
  onBlue: Connection;
  onGreen: Connection;
  close(): Promise<void>;
}

/** The tables of an application: one with a counter, one with another key, one without. */
const schema = [
  'CREATE DATABASE app CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci',
  'CREATE TABLE app.orders (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, writer INT NOT NULL, n INT NOT NULL, note VARCHAR(100), UNIQUE (writer, n)) ENGINE=InnoDB',
  'CREATE TABLE app.items (code VARCHAR(40) NOT NULL, part INT NOT NULL, price DECIMAL(10,2), data JSON, PRIMARY KEY (code, part)) ENGINE=InnoDB',
  "CREATE USER 'app'@'%'",
  "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP ON app.* TO 'app'@'%'",
];

export type OneServer = Pick<Stage, 'workspace' | 'blue' | 'onBlue' | 'close'>;

/** Blue with the application's tables and what the setup file makes, and nothing beside it. */
export async function openBlue({ flavour, from }: Versions): Promise<OneServer> {
  const workspace = await MysqlWorkspace.open((series) => providePrograms(flavour, series));
  try {
    const blue = await workspace.startServer('blue', from);
    const onBlue = await blue.connect();
    for (const statement of [...schema, ...setupStatements()]) await onBlue.query(statement);
    return {
      workspace,
      blue,
      onBlue,
      async close() {
        onBlue.end();
        await workspace.dispose();
      },
    };
  } catch (failure) {
    await workspace.dispose();
    throw failure;
  }
}

/** Blue with the application's tables and what the setup file makes, and a green that follows it. */
export async function openStage(versions: Versions): Promise<Stage> {
  const workspace = await MysqlWorkspace.open((series) => providePrograms(versions.flavour, series));
  try {
    const [blue, green] = await Promise.all([
      workspace.startServer('blue', versions.from),
      workspace.startServer('green', versions.to),
    ]);
    const [onBlue, onGreen] = await Promise.all([blue.connect(), green.connect()]);
    for (const statement of [...schema, ...setupStatements()]) await onBlue.query(statement);
    await onBlue.query("INSERT INTO app.orders (writer, n, note) VALUES (0, 1, 'before')");
    await onGreen.query('SET GLOBAL read_only = 1');
    await onGreen.query('CALL mysql.rds_set_external_master(?, ?, ?, ?, ?, ?, 0)', [
      '127.0.0.1',
      blue.port,
      'rdsadmin',
      '',
      'mysql-bin-changelog.000001',
      4,
    ]);
    await onGreen.query('CALL mysql.rds_start_replication()');
    const stage = {
      workspace,
      blue,
      green,
      onBlue,
      onGreen,
      async close() {
        onBlue.end();
        onGreen.end();
        await workspace.dispose();
      },
    };
    await arrive(onBlue, onGreen);
    return stage;
  } catch (failure) {
    await workspace.dispose();
    throw failure;
  }
}

/** Waits until everything that one server has committed has arrived on the other. */
export async function arrive(from: Connection, to: Connection): Promise<void> {
  const [at] = await from.query('SHOW MASTER STATUS');
  const [row] = await to.query('SELECT MASTER_POS_WAIT(?, ?, 10) AS waited', [at?.File, at?.Position]);
  if (!(Number(row?.waited) >= 0)) {
    const [status] = await to.query('SHOW SLAVE STATUS');
    throw new Error(
      `it did not arrive: ${String(row?.waited)} ${String(status?.Last_IO_Error)} ${String(status?.Last_SQL_Error)}`,
    );
  }
}

/** The cut as RDS makes it: blue read-only, its clients ended, everything applied, replication taken away, green open. */
export async function cut({ onBlue, onGreen }: Stage): Promise<void> {
  await onBlue.query('SET GLOBAL read_only = 1');
  const clients = await onBlue.query("SELECT id FROM information_schema.processlist WHERE user = 'app'");
  for (const { id } of clients) await onBlue.query(`KILL ${Number(id)}`).catch(() => {});
  await arrive(onBlue, onGreen);
  await onGreen.query('CALL mysql.rds_reset_external_master()');
  await onGreen.query('SET GLOBAL read_only = 0');
}

/** From a green that follows to a target that receives: what the workflow does around the cut. */
export async function openWayBack(
  stage: Stage,
  duringCut: () => Promise<void> = async () => {},
): Promise<void> {
  const before = await note(stage);
  await cut(stage);
  await duringCut();
  const { secured } = await ask('secure', {
    ...production(stage),
    databases,
    applicationRoles: [],
    before,
    changes: await note(stage),
  });
  await ask('fence', { ...target(stage), databases, side: 'target' });
  await ask('attach', { ...sides(stage), databases, secured });
}

/** What "Hold application writes" notes. */
export async function note(stage: Stage): Promise<ChangeCounts> {
  const { changes } = await ask('hold-writes', { ...production(stage), databases, applicationRoles: [] });
  if (!changes) throw new Error('nothing was noted');
  return changes;
}

export const production = ({ green }: Stage): Place => placeOf(green);
export const target = ({ blue }: Stage): Place => placeOf(blue);
export const sides = (stage: Stage) => ({ production: production(stage), target: target(stage) });

export const placeOf = (server: MysqlServer): Place => ({
  resourceId: `db-${server.name}`,
  host: '127.0.0.1',
  port: server.port,
  is: { server: server.serverId },
});

export type Given<A extends Ask> = Omit<Input<A>, 'executionArn' | 'login'> & { executionArn?: string };
type Told<A extends Ask> = A extends 'facts' ? MysqlFacts : Answer<A>;

/** Asks the function as it is deployed, and expects an answer. */
export async function ask<A extends Ask>(what: A, input: Given<A>): Promise<Told<A>> {
  const reply = await question(what, input);
  if (reply.kind !== 'answer') throw new Error(`${what} ${reply.kind}: ${reply.because}`);
  return reply.facts as Told<A>;
}

/** Asks, and expects a refusal or a failure. */
export async function refusal<A extends Ask>(
  what: A,
  input: Given<A>,
): Promise<{ code: string; because: string }> {
  const reply = await question(what, input);
  return reply.kind === 'answer' ? { code: 'answered', because: '' } : reply;
}

export async function question<A extends Ask>(what: A, input: Given<A>): Promise<Reply<Ask>> {
  const { handler } = await packaged();
  return handler({ ask: what, executionArn: RUN, login: { user: 'viridian' }, ...input });
}

/** The bundle that is deployed: it leaves out parts of the driver, and only a real server shows whether one of them is missed. */
async function packaged(): Promise<{ handler: (event: object) => Promise<Reply<Ask>> }> {
  const build = await sharedBuild();
  return createRequire(import.meta.url)(build.bundle('sqlMysql'));
}
