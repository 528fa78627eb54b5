import { setTimeout as pause } from 'node:timers/promises';
import type { RollBackState, StateName } from '../functions/domain/model/states.ts';
import type { Visit } from './progress.ts';
import type { ReadsOfPeriod } from './report/types.ts';
import type { ReaderSession } from './servers/servers.ts';
import type { Stage } from './stage.ts';

/** One read. Times are real milliseconds since the epoch. */
interface Read {
  at: number;
  /** Resource id of the database that answered; null: none did. */
  server: string | null;
  /** Age of the newest row that it saw, in milliseconds; null where nothing answered. */
  ageMs: number | null;
}

const readers = 4;
/** Real milliseconds between two reads of one reader. */
const everyMs = 100;

/**
 * Readers that come by the weighted record: each keeps an answer of the name servers for its time to live, opens a session where it leads, and
 * asks there for the newest row.
 */
export class Readers {
  readonly reads: Read[] = [];
  readonly #stage: Stage;
  readonly #ended = new AbortController();
  readonly #running: Promise<unknown>;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#running = Promise.all(Array.from({ length: readers }, () => this.#run()));
  }

  async stop(): Promise<Read[]> {
    this.#ended.abort();
    await this.#running;
    return this.reads;
  }

  async #run(): Promise<void> {
    while (!this.#ended.signal.aborted) await this.#readByOneAnswer();
  }

  async #readByOneAnswer(): Promise<void> {
    const { account, plane, servers, clock } = this.#stage;
    const { hostedZoneId = '', recordName = '' } = account.readsRecord ?? {};
    const answer = account.route53.resolve(hostedZoneId, recordName);
    const until = clock.now() + (answer?.ttlSeconds ?? 0) * 1_000;
    const { address: host = '127.0.0.1', port = 1 } = (answer && plane.listenerAt(answer.value)) ?? {};
    let session: ReaderSession | undefined;
    try {
      session = await servers.openReader({ host, port });
      do {
        this.reads.push({ at: Date.now(), ...(await session.readNewest()) });
        await this.#wait();
      } while (clock.now() < until && !this.#ended.signal.aborted);
    } catch {
      this.reads.push({ at: Date.now(), server: null, ageMs: null });
      await this.#wait();
    }
    session?.end();
  }

  async #wait(): Promise<void> {
    await pause(everyMs, undefined, { signal: this.#ended.signal }).catch(() => {});
  }
}

const theCut = 'the cut';
const goingBack = 'going back';
/** Sessions are closed there. */
const interrupted: readonly string[] = [theCut, goingBack];
const named: Partial<Record<string, string>> = {
  'Lead reads back': 'back on blue',
  'Start switchover': theCut,
  'Verify production': 'after the cut',
} satisfies Partial<Record<StateName, string>>;

const namedGoingBack: Partial<Record<string, string>> = {
  'Fence new production': goingBack,
  'Put back what was dropped': 'after going back',
} satisfies Partial<Record<RollBackState, string>>;

/** Reads by what the run did meanwhile: before the first step, in each step, on the way back, in the cut and after it; and where production goes back. */
export function divideReads(reads: Read[], visits: Visit[], blue: string): ReadsOfPeriod[] {
  const isOwn = ({ machine }: Visit) => machine === 'blue-green-deployment';
  const begins: { period: string; at: number }[] = [{ period: 'before', at: 0 }];
  const steps = visits.filter(({ name }) => name === ('Lead reads to green' satisfies StateName));
  for (const visit of visits) {
    const step = steps.indexOf(visit);
    const name = (isOwn(visit) ? named : namedGoingBack)[visit.name];
    const period = step < 0 ? name : `step ${step + 1}`;
    if (period) begins.push({ period, at: visit.enteredAt });
  }
  return begins.map(({ period, at }, index) => {
    const end = begins[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    const within = reads.filter((read) => read.at >= at && read.at < end);
    const answered = within.filter(({ server }) => server !== null);
    const byBlue = answered.filter(({ server }) => server === blue);
    const ages = answered.filter(({ server }) => server !== blue).map(({ ageMs }) => ageMs ?? 0);
    return {
      period,
      byBlue: byBlue.length,
      byGreen: answered.length - byBlue.length,
      errors: within.length - answered.length,
      oldestOnGreenMs: ages.length > 0 ? Math.max(...ages) : null,
    };
  });
}

/** No reader met an error but where sessions are closed: at the cut, and while production goes back. Some must have been answered by green. */
export function areReadsWell(periods: ReadsOfPeriod[] | null): boolean {
  if (!periods) return true;
  const steps = periods.filter(({ period }) => !interrupted.includes(period));
  return steps.every(({ errors }) => errors === 0) && steps.some(({ byGreen }) => byGreen > 0);
}
