import type {
  Change,
  ChangeInfo,
  ChangeResourceRecordSetsRequest,
  ChangeResourceRecordSetsResponse,
  CreateHostedZoneRequest,
  CreateHostedZoneResponse,
  GetChangeRequest,
  GetChangeResponse,
  GetHostedZoneRequest,
  GetHostedZoneResponse,
  HostedZone,
  ListHostedZonesResponse,
  ListResourceRecordSetsRequest,
  ListResourceRecordSetsResponse,
  ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import type { Clock } from '../clock.ts';
import { AwsError, type Operation, type Service } from '../wire/service.ts';
import { applyChange, compareSets, pick, qualify } from './route53-records.ts';

/** A hosted zone: its records as the API shows them, and since when name servers answer which. */
interface Zone {
  description: HostedZone & { Id: string; Name: string };
  sets: ResourceRecordSet[];
  /** Newest last. */
  answered: { from: number; sets: ResourceRecordSet[] }[];
  busyUntil: number;
}

/** What name servers say of a name. */
export interface DnsAnswer {
  value: string;
  ttlSeconds: number;
}

/**
 * Route 53 as far as records need it: a change is PENDING until every name server has it, and until then they answer what was
 * before. https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
 */
export class Route53Service implements Service {
  readonly name = 'route53';
  /** What a scenario can set while it runs. Milliseconds of the clock. */
  readonly behaviour = {
    /** From an accepted change to INSYNC; on AWS it is mostly under 60 s. */
    propagation: 30_000,
    /** A zone refuses a further change for so long: PriorRequestNotComplete. */
    processing: 500,
  };
  readonly operations: Record<string, Operation>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #zones = new Map<string, Zone>();
  readonly #changes = new Map<string, { submittedAt: number; syncAt: number }>();

  constructor({ clock, random = Math.random }: { clock: Clock; random?: () => number }) {
    this.#clock = clock;
    this.#random = random;
    this.operations = {
      CreateHostedZone: (input) => this.#createZone(input),
      GetHostedZone: (input) => this.#getZone(input),
      ListHostedZones: () => this.#listZones(),
      ListResourceRecordSets: (input) => this.#listSets(input),
      ChangeResourceRecordSets: (input) => this.#changeSets(input),
      GetChange: (input) => this.#getChange(input),
    };
  }

  /** Makes a zone, as its owner does before anything begins. Gives its id. */
  addZone(name: string): string {
    const number = this.#zones.size + 1;
    const Id = `Z${String(number).padStart(4, '0')}REHEARSAL`;
    const description = { Id: `/hostedzone/${Id}`, Name: qualify(name), CallerReference: `${number}` };
    this.#zones.set(Id, { description, sets: [], answered: [], busyUntil: 0 });
    return Id;
  }

  /** Writes a record that name servers answer at once, as somebody did long before, or behind the back of a run. */
  putRecord(zoneId: string, set: ResourceRecordSet): void {
    const zone = this.#zone(zoneId);
    zone.sets = applyChange(zone.description.Name, zone.sets, { Action: 'UPSERT', ResourceRecordSet: set });
    zone.answered.push({ from: this.#clock.now(), sets: zone.sets });
  }

  /** Takes every record of a name away, likewise. */
  removeRecord(zoneId: string, name: string): void {
    const zone = this.#zone(zoneId);
    zone.sets = zone.sets.filter(({ Name }) => Name !== qualify(name));
    zone.answered.push({ from: this.#clock.now(), sets: zone.sets });
  }

  /** The CNAME that name servers answer for a name now; of weighted ones another one each time. */
  resolve(zoneId: string, name: string): DnsAnswer | undefined {
    const now = this.#clock.now();
    const sets = this.#zone(zoneId).answered.findLast(({ from }) => from <= now)?.sets ?? [];
    const named = sets.filter(({ Name, Type }) => Name === qualify(name) && Type === 'CNAME');
    const set = pick(named, this.#random);
    const value = set?.ResourceRecords?.[0]?.Value;
    return value === undefined ? undefined : { value, ttlSeconds: set?.TTL ?? 0 };
  }

  /** Every value that a client may hold as the answer for a name now: what name servers have answered within its time to live. */
  answersHeld(zoneId: string, name: string): string[] {
    const now = this.#clock.now();
    const { answered } = this.#zone(zoneId);
    const held = answered.flatMap(({ from, sets }, at) => {
      const until = answered[at + 1]?.from ?? Number.POSITIVE_INFINITY;
      const answers = sets.filter((set) => set.Name === qualify(name) && set.Weight !== 0);
      return answers
        .filter(({ TTL = 0 }) => from <= now && until > now - TTL * 1_000)
        .map(({ ResourceRecords }) => ResourceRecords?.[0]?.Value ?? '');
    });
    return [...new Set(held)];
  }

  #zone(idOrPath: string | undefined): Zone {
    const zone = this.#zones.get((idOrPath ?? '').replace(/^\/hostedzone\//, ''));
    if (zone) return zone;
    throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${idOrPath}`);
  }

  #createZone({ Name }: CreateHostedZoneRequest): CreateHostedZoneResponse {
    const { description } = this.#zone(this.addZone(Name ?? ''));
    return {
      HostedZone: description,
      ChangeInfo: this.#note(this.#clock.now()),
      DelegationSet: { NameServers: ['ns-1.rehearsal.test'] },
      Location: description.Id,
    };
  }

  #getZone({ Id }: GetHostedZoneRequest): GetHostedZoneResponse {
    return { HostedZone: this.#zone(Id).description };
  }

  #listZones(): ListHostedZonesResponse {
    const HostedZones = [...this.#zones.values()].map(({ description }) => description);
    return { HostedZones, Marker: '', IsTruncated: false, MaxItems: 100 };
  }

  /** In the order of the reversed labels of the names, from a name and type on. */
  #listSets(input: ListResourceRecordSetsRequest): ListResourceRecordSetsResponse {
    const { StartRecordName, StartRecordType, MaxItems = 300 } = input;
    if (StartRecordType && !StartRecordName)
      throw new AwsError('InvalidInput', 'A type to start from needs a name to start from.');
    const start = { Name: qualify(StartRecordName ?? '.'), Type: StartRecordType };
    const sets = this.#zone(input.HostedZoneId).sets.filter((set) => compareSets(set, start) >= 0);
    const next = sets[MaxItems];
    return {
      ResourceRecordSets: sets.slice(0, MaxItems),
      IsTruncated: next !== undefined,
      MaxItems,
      ...(next && { NextRecordName: next.Name, NextRecordType: next.Type }),
    };
  }

  /** All changes of a batch, or none. */
  #changeSets(input: ChangeResourceRecordSetsRequest): ChangeResourceRecordSetsResponse {
    const now = this.#clock.now();
    const zone = this.#zone(input.HostedZoneId);
    if (now < zone.busyUntil)
      throw new AwsError(
        'PriorRequestNotComplete',
        'The request was rejected because Route 53 was still processing a prior request.',
      );
    const changes: Change[] = input.ChangeBatch?.Changes ?? [];
    zone.sets = changes.reduce((sets, change) => applyChange(zone.description.Name, sets, change), zone.sets);
    zone.busyUntil = now + this.behaviour.processing;
    const syncAt = now + this.behaviour.propagation;
    zone.answered.push({ from: syncAt, sets: zone.sets });
    return { ChangeInfo: this.#note(syncAt) };
  }

  #note(syncAt: number): ChangeInfo {
    const id = `C${String(this.#changes.size + 1).padStart(4, '0')}REHEARSAL`;
    this.#changes.set(id, { submittedAt: this.#clock.now(), syncAt });
    return this.#describeChange(id);
  }

  #getChange({ Id = '' }: GetChangeRequest): GetChangeResponse {
    return { ChangeInfo: this.#describeChange(Id.replace(/^\/change\//, '')) };
  }

  #describeChange(id: string): ChangeInfo {
    const change = this.#changes.get(id);
    if (!change) throw new AwsError('NoSuchChange', `Could not find resource with ID: ${id}`);
    return {
      Id: `/change/${id}`,
      Status: this.#clock.now() >= change.syncAt ? 'INSYNC' : 'PENDING',
      SubmittedAt: new Date(change.submittedAt),
    };
  }
}
