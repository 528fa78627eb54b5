import type {
  DBEngineVersion,
  DescribeDBEngineVersionsCommandInput,
  DescribeDBEngineVersionsCommandOutput,
} from '@aws-sdk/client-rds';
import { nameFrom } from './naming.ts';
import { applyFilters, page } from './paging.ts';

/** One version of an engine that the control plane knows. */
export interface EngineVersion {
  engine: string;
  version: string;
  family: string;
  /** Versions it can be upgraded to. */
  targets: string[];
  /** Listed by DescribeDBEngineVersions only with `IncludeAll`. */
  deprecated?: true;
}

const version = (engine: string, version: string, family: string, targets: string[] = []): EngineVersion => ({
  engine,
  version,
  family,
  targets,
});

export const defaultEngineVersions: EngineVersion[] = [
  { ...version('postgres', '12.22', 'postgres12', ['15.18', '16.14']), deprecated: true },
  version('postgres', '15.12', 'postgres15', ['15.18', '16.14', '17.10', '18.4']),
  version('postgres', '15.18', 'postgres15', ['16.14', '17.10', '18.4']),
  version('postgres', '16.10', 'postgres16', ['16.14', '17.10', '18.4']),
  version('postgres', '16.14', 'postgres16', ['17.10', '18.4']),
  version('postgres', '17.10', 'postgres17', ['18.4']),
  version('postgres', '18.4', 'postgres18'),
  version('mysql', '8.0.43', 'mysql8.0', ['8.0.44', '8.4.7']),
  version('mysql', '8.0.44', 'mysql8.0', ['8.4.7']),
  version('mysql', '8.4.7', 'mysql8.4', ['9.7.1']),
  version('mysql', '9.7.1', 'mysql9.7'),
  version('mariadb', '10.11.15', 'mariadb10.11', ['11.4.9', '11.8.5']),
  version('mariadb', '11.4.9', 'mariadb11.4', ['11.8.5']),
  version('mariadb', '11.8.5', 'mariadb11.8'),
  version('aurora-postgresql', '15.15', 'aurora-postgresql15', ['16.11', '17.7']),
  version('aurora-postgresql', '16.9', 'aurora-postgresql16', ['16.11', '17.7']),
  version('aurora-postgresql', '16.11', 'aurora-postgresql16', ['17.7']),
  version('aurora-postgresql', '17.7', 'aurora-postgresql17'),
  version('aurora-mysql', '5.7.mysql_aurora.2.12.5', 'aurora-mysql5.7', ['8.0.mysql_aurora.3.10.1']),
  version('aurora-mysql', '8.0.mysql_aurora.3.08.2', 'aurora-mysql8.0', ['8.0.mysql_aurora.3.10.1']),
  version('aurora-mysql', '8.0.mysql_aurora.3.10.1', 'aurora-mysql8.0'),
];

/** The list of versions and what leads where. */
export class EngineVersions {
  readonly #known: EngineVersion[];

  constructor(known: EngineVersion[]) {
    this.#known = known;
  }

  families(): { engine: string; family: string }[] {
    const seen = new Map(this.#known.map(({ engine, family }) => [family, { engine, family }]));
    return [...seen.values()];
  }

  find(engine: string, version: string): EngineVersion | undefined {
    return this.#known.find((known) => known.engine === engine && known.version === version);
  }

  /** A version keeps its family through a minor upgrade; another family means a major upgrade. */
  isMajorUpgrade(engine: string, from: string, to: string): boolean {
    return this.find(engine, from)?.family !== this.find(engine, to)?.family;
  }

  describe(
    input: DescribeDBEngineVersionsCommandInput,
  ): Omit<DescribeDBEngineVersionsCommandOutput, '$metadata'> {
    const asked = this.#known.filter(
      (known) =>
        (!input.Engine || known.engine === input.Engine) &&
        // A prefix such as "16" lists the whole major.
        (!input.EngineVersion || `${known.version}.`.startsWith(`${input.EngineVersion}.`)) &&
        (!input.DBParameterGroupFamily || known.family === nameFrom(input.DBParameterGroupFamily, 'pg')) &&
        (input.IncludeAll || !known.deprecated),
    );
    const filtered = applyFilters(asked, input.Filters, {
      'db-parameter-group-family': ({ family }) => [family],
      engine: ({ engine }) => [engine],
      'engine-version': ({ version }) => [version],
      status: ({ deprecated }) => [deprecated ? 'deprecated' : 'available'],
    });
    const { items, Marker } = page(filtered, ({ engine, version }) => `${engine} ${version}`, input);
    return { DBEngineVersions: items.map((known) => this.#present(known)), Marker };
  }

  #present(known: EngineVersion): DBEngineVersion {
    return {
      Engine: known.engine,
      EngineVersion: known.version,
      MajorEngineVersion: known.family.replace(/^\D+/, ''),
      DBParameterGroupFamily: known.family,
      DBEngineDescription: known.engine,
      DBEngineVersionDescription: `${known.engine} ${known.version}`,
      ValidUpgradeTarget: known.targets.map((target) => ({
        Engine: known.engine,
        EngineVersion: target,
        Description: `${known.engine} ${target}`,
        AutoUpgrade: false,
        IsMajorVersionUpgrade: this.isMajorUpgrade(known.engine, known.version, target),
      })),
      Status: known.deprecated ? 'deprecated' : 'available',
      SupportsReadReplica: true,
      SupportedEngineModes: known.engine.startsWith('aurora') ? ['provisioned'] : [],
    };
  }
}
