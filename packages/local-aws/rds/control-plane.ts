import { Background, type BackgroundClock } from './background.ts';
import type { DataPlane } from './data-plane.ts';
import { type BusEvent, Events } from './events.ts';
import { type Fault, FaultScript } from './faults.ts';
import { Journal, type Touched } from './journal.ts';
import { LagRecord } from './lag-record.ts';
import { StaleReads } from './stale-reads.ts';
import { Throttle } from './throttle.ts';
import { defaultTimings, type Timings } from './timings.ts';
import { defaultEngineVersions, type EngineVersion, EngineVersions } from './world/engine-versions.ts';
import { NameHolders } from './world/name-holders.ts';
import { Names } from './world/naming.ts';
import { addDefaultParameterGroups } from './world/parameter-groups.ts';
import { emptyWorld } from './world/world.ts';

export interface ControlPlaneOptions {
  clock: BackgroundClock;
  dataPlane: DataPlane;
  /** Numbers in [0, 1) for ids, suffixes and binlog positions. */
  random?: () => number;
  account?: string;
  region?: string;
  /** Kept and read as it is, so that a test may add to it while a run goes on. */
  faults?: Fault[];
  timings?: Partial<Timings>;
  engineVersions?: EngineVersion[];
  /** Refuse calls beyond 300 at once and 12 a second, as an account's quota does. */
  throttling?: boolean;
  /** Ids of the security groups that admit nobody: behind them a database cannot be reached. */
  closedSecurityGroups?: string[];
  /** Ids of the security groups that admit the functions that operate the database, and nobody else. */
  functionSecurityGroups?: string[];
  /** For so many describes after each change the API still answers with what was before. */
  staleReads?: number;
}

/** A local RDS: what the API shows, what goes on behind it, and a record of who changed what. */
export class ControlPlane {
  readonly clock: BackgroundClock;
  readonly dataPlane: DataPlane;
  readonly random: () => number;
  readonly names: Names;
  readonly timings: Timings;
  readonly engineVersions: EngineVersions;
  readonly faults: FaultScript;
  readonly background: Background;
  readonly events: Events;
  readonly journal = new Journal();
  readonly staleReads = new StaleReads();
  /** Builds that the data plane has begun, by deployment; they end with a failure's text or without. */
  readonly builds = new Map<string, Promise<{ failure: string | undefined }>>();
  readonly lag = new LagRecord();
  readonly holders = new NameHolders();
  readonly throttle: Throttle | undefined;
  /** Describes after each change that still see the old world. */
  readonly staleFor: number;
  readonly closedSecurityGroups: ReadonlySet<string>;
  readonly functionSecurityGroups: ReadonlySet<string>;
  readonly world = emptyWorld();
  /** ARNs that were seeded, by which applications know their databases: whatever carries one is production. */
  readonly productionArns = new Set<string>();

  constructor(options: ControlPlaneOptions) {
    this.clock = options.clock;
    this.dataPlane = options.dataPlane;
    this.random = options.random ?? Math.random;
    this.names = new Names(options.account ?? '111122223333', options.region ?? 'eu-west-1', this.random);
    this.timings = { ...defaultTimings, ...options.timings };
    this.engineVersions = new EngineVersions(options.engineVersions ?? defaultEngineVersions);
    this.faults = new FaultScript(options.faults ?? []);
    this.background = new Background(options.clock);
    this.events = new Events(this);
    this.throttle = options.throttling ? new Throttle(() => this.clock.now()) : undefined;
    this.staleFor = options.staleReads ?? 0;
    this.closedSecurityGroups = new Set(options.closedSecurityGroups);
    this.functionSecurityGroups = new Set(options.functionSecurityGroups);
    addDefaultParameterGroups(this);
  }

  /** Called with every RDS event, often before the API shows what it tells. */
  onEvent(listener: (event: BusEvent) => void): void {
    this.events.listen(listener);
  }

  /** For {@link Journal}: an instance, cluster, deployment or snapshot as it is at this moment. */
  touched(resourceId: string, arn: string): Touched {
    return { resourceId, arn, production: this.productionArns.has(arn) };
  }

  /** Nothing more happens by itself; what is under way stays as it is. */
  stop(): void {
    this.background.stop();
  }
}
