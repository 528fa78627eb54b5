import { oneLine } from '../model/text.ts';

/** Characters of a plan's shape that are told. */
const longest = 75;

/** A node of EXPLAIN (FORMAT JSON) of PostgreSQL, as far as its shape goes. Conditions hold values and are left out. */
interface PostgresNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Function Name'?: string;
  'Join Type'?: string;
  Plans?: PostgresNode[];
}

/** How PostgreSQL goes about a statement: kinds of nodes, tables and indexes, from the outside in. */
export function shapeOfPostgres(node: PostgresNode): string {
  const { Plans = [] } = node;
  const own = [
    node['Node Type'],
    node['Join Type'] && node['Join Type'] !== 'Inner' ? node['Join Type'] : '',
    node['Relation Name'] ?? node['Function Name'] ?? '',
    node['Index Name'] ? `by ${node['Index Name']}` : '',
  ]
    .filter(Boolean)
    .join(' ');
  return Plans.length === 0 ? own : `${own} (${Plans.map(shapeOfPostgres).join(', ')})`;
}

/** The tables of EXPLAIN FORMAT=JSON of the MySQL family, each with how it is read and by which index. */
export function shapeOfMysql(plan: unknown): string {
  return tablesIn(plan).join(', ');
}

function tablesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(tablesIn);
  if (value === null || typeof value !== 'object') return [];
  const { table_name, access_type, key, ...others } = value as Record<string, unknown>;
  const own =
    typeof table_name === 'string'
      ? [
          [table_name, access_type, typeof key === 'string' ? `by ${key}` : '']
            .filter((part) => typeof part === 'string' && part !== '')
            .join(' '),
        ]
      : [];
  return [...own, ...tablesIn(Object.values(others))];
}

/** A shape as it is kept and told. */
export const shortShape = (shape: string): string => oneLine(shape, longest);
