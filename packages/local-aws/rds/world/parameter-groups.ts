import type {
  DBClusterParameterGroup,
  DBParameterGroup,
  DescribeDBClusterParameterGroupsCommandInput,
  DescribeDBClusterParametersCommandInput,
  DescribeDBParameterGroupsCommandInput,
  DescribeDBParametersCommandInput,
  Filter,
  Parameter,
  Tag,
} from '@aws-sdk/client-rds';
import type { EngineVersions } from './engine-versions.ts';
import type { Names } from './naming.ts';
import { applyFilters, page, refuseFilters } from './paging.ts';
import { invalidCombination, parameterGroupNotFound } from './refusals.ts';
import { isAurora, isPostgres, type ParameterGroup, type World } from './world.ts';

/** Engine defaults of the parameters that decide about replication; a value may be absent or a formula, as in RDS. */
const postgresDefaults: Record<string, string | undefined> = {
  'rds.logical_replication': '0',
  max_replication_slots: '20',
  max_wal_senders: '20',
  max_logical_replication_workers: undefined,
  max_worker_processes: '{GREATEST({DBInstanceVCPU*2},8)}',
  default_transaction_read_only: undefined,
  shared_preload_libraries: 'pg_stat_statements',
  synchronous_commit: 'on',
  wal_sender_timeout: '30000',
};
const mysqlDefaults: Record<string, string | undefined> = {
  binlog_format: undefined,
  event_scheduler: 'ON',
  gtid_mode: 'OFF_PERMISSIVE',
  innodb_flush_log_at_trx_commit: '1',
  read_only: '{TrueIfReplica}',
};

/** Part of the control plane that groups are made with. */
export interface Grouping {
  readonly names: Names;
  readonly engineVersions: EngineVersions;
  readonly world: World;
}

/** Makes a group. `parameters` are the values that a user has set. */
export function addParameterGroup(
  rds: Grouping,
  group: {
    name: string;
    family: string;
    level?: 'instance' | 'cluster';
    parameters?: Record<string, string>;
    tags?: Tag[];
  },
): ParameterGroup {
  const level = group.level ?? 'instance';
  const name = group.name.toLowerCase();
  const added: ParameterGroup = {
    name,
    family: group.family,
    level,
    arn: rds.names.arn(level === 'instance' ? 'pg' : 'cluster-pg', name),
    parameters: group.parameters ?? {},
    tags: group.tags ?? [],
  };
  rds.world.parameterGroups.push(added);
  return added;
}

/** `default.<family>` for every family; Aurora families have one of each level. */
export function addDefaultParameterGroups(rds: Grouping): void {
  for (const { engine, family } of rds.engineVersions.families()) {
    addParameterGroup(rds, { name: `default.${family}`, family });
    if (isAurora(engine)) addParameterGroup(rds, { name: `default.${family}`, family, level: 'cluster' });
  }
}

export function parameterGroupNamed(
  world: World,
  level: 'instance' | 'cluster',
  name: string,
): ParameterGroup {
  const group = world.parameterGroups.find(
    (known) => known.level === level && known.name === name.toLowerCase(),
  );
  if (!group) throw parameterGroupNotFound(name, level);
  return group;
}

/** Refuses a group whose family is not that of the engine version. */
export function checkFamily(rds: Grouping, group: ParameterGroup, engine: string, version: string): void {
  const family = rds.engineVersions.find(engine, version)?.family;
  if (group.family === family) return;
  throw invalidCombination(
    `The parameter group ${group.name} with DBParameterGroupFamily ${group.family} can't be used for this instance. Use a parameter group with DBParameterGroupFamily ${family}.`,
  );
}

/** The value in force: what the user set, or the engine's default. */
export function parameterValue(group: ParameterGroup, name: string): string | undefined {
  return group.parameters[name] ?? defaultsOf(group)[name];
}

export function describeParameterGroups(
  _rds: unknown,
  world: World,
  input: DescribeDBParameterGroupsCommandInput,
) {
  const { items, Marker } = groupsPage(world, 'instance', input.DBParameterGroupName, input);
  const DBParameterGroups: DBParameterGroup[] = items.map((group) => ({
    DBParameterGroupName: group.name,
    DBParameterGroupFamily: group.family,
    Description: `Parameters for ${group.family}`,
    DBParameterGroupArn: group.arn,
  }));
  return { DBParameterGroups, Marker };
}

export function describeClusterParameterGroups(
  _rds: unknown,
  world: World,
  input: DescribeDBClusterParameterGroupsCommandInput,
) {
  const { items, Marker } = groupsPage(world, 'cluster', input.DBClusterParameterGroupName, input);
  const DBClusterParameterGroups: DBClusterParameterGroup[] = items.map((group) => ({
    DBClusterParameterGroupName: group.name,
    DBParameterGroupFamily: group.family,
    Description: `Parameters for ${group.family}`,
    DBClusterParameterGroupArn: group.arn,
  }));
  return { DBClusterParameterGroups, Marker };
}

export function describeParameters(_rds: unknown, world: World, input: DescribeDBParametersCommandInput) {
  return parametersPage(parameterGroupNamed(world, 'instance', input.DBParameterGroupName ?? ''), input);
}

export function describeClusterParameters(
  _rds: unknown,
  world: World,
  input: DescribeDBClusterParametersCommandInput,
) {
  return parametersPage(
    parameterGroupNamed(world, 'cluster', input.DBClusterParameterGroupName ?? ''),
    input,
  );
}

type Paged = {
  Marker?: string | undefined;
  MaxRecords?: number | undefined;
  Filters?: Filter[] | undefined;
};

function groupsPage(world: World, level: 'instance' | 'cluster', name: string | undefined, input: Paged) {
  refuseFilters(input.Filters);
  const all = world.parameterGroups.filter((group) => group.level === level);
  return page(name ? [parameterGroupNamed(world, level, name)] : all, (group) => group.name, input);
}

function defaultsOf(group: ParameterGroup): Record<string, string | undefined> {
  const engine = group.family.replace(/[\d.]+$/, '');
  return isPostgres(engine) ? postgresDefaults : mysqlDefaults;
}

function parametersPage(
  group: ParameterGroup,
  input: Omit<DescribeDBParametersCommandInput, 'DBParameterGroupName'>,
) {
  const names = new Set([...Object.keys(defaultsOf(group)), ...Object.keys(group.parameters)]);
  const all = [...names].map((name): Parameter & { ParameterName: string } => {
    const isSet = name in group.parameters;
    return {
      ParameterName: name,
      ParameterValue: parameterValue(group, name),
      Source: isSet ? 'user' : name.startsWith('rds.') ? 'system' : 'engine-default',
      ApplyType: 'static',
      ApplyMethod: 'pending-reboot',
      DataType: 'string',
      IsModifiable: true,
    };
  });
  const bySource = all.filter((parameter) => !input.Source || parameter.Source === input.Source);
  const filtered = applyFilters(bySource, input.Filters, {
    'parameter-name': ({ ParameterName }) => [ParameterName],
  });
  const { items, Marker } = page(filtered, ({ ParameterName }) => ParameterName, input);
  return { Parameters: items, Marker };
}
