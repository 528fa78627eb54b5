import { useLogSink } from '../../functions/runtime/log.ts';
import type { Ask, Reply } from '../../functions/sql/contract.ts';
import type { MysqlDataPlane } from '../../packages/local-aws/mysql/data-plane.ts';
import type { Database } from '../../packages/local-aws/mysql/database.ts';
import type { Flavour } from '../../packages/local-aws/mysql/server/programs.ts';
import { WORKLOAD_SCHEMA } from '../../packages/local-aws/mysql/workload.ts';
import { realClock } from '../../packages/local-aws/real-clock.ts';
import { rehearsed } from '../../rehearsal/blue.ts';
import { openMysql } from '../../rehearsal/servers/mysql.ts';
import type { Servers } from '../../rehearsal/servers/servers.ts';
import { production, RoundPair } from '../round-pair.ts';

export const databases = [WORKLOAD_SCHEMA];
/** Milliseconds from which a question is told. */
const slowMs = 1_000;

/** No pooler stands before it. */
export class Pair extends RoundPair<Database, MysqlDataPlane> {
  readonly servers: Servers;

  private constructor(servers: Servers, to: string) {
    super(servers.plane as MysqlDataPlane, to, (question) => tellingSlow(servers.sql.handler, question));
    this.servers = servers;
  }

  static async open(flavour: Flavour, rows: number): Promise<Pair> {
    useLogSink(() => {});
    const [from, to] = rehearsed[flavour].usual;
    const servers = await openMysql(
      { flavour, from, to, named: new Map(), told: (line) => console.error(line) },
      {},
    );
    const pair = new Pair(servers, servers.versions.get(to) ?? to);
    await pair.plane.createDatabase('blue', servers.versions.get(from) ?? from);
    await servers.fill('blue', { rows });
    await servers.prepareWayBack('blue');
    await pair.lead('blue');
    return pair;
  }

  get port(): number {
    return this.plane.endpoint(production).port;
  }

  /** Leads production nowhere, as RDS does for its cut: who comes again meanwhile is refused. */
  cutOff(): Promise<void> {
    return this.plane.pointEndpoint(production, undefined);
  }

  close(): Promise<void> {
    return this.plane.dispose();
  }
}

/** A look at what was slow, where a round is an outlier. */
async function tellingSlow(handler: Servers['sql']['handler'], question: never): Promise<Reply<Ask>> {
  const began = realClock.now();
  const reply = await handler(question);
  const took = realClock.now() - began;
  if (took > slowMs) console.error(`  ${(question as { ask: Ask }).ask} took ${took.toFixed(0)} ms`);
  return reply;
}
