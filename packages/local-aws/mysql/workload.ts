import type { FoundKeys } from '../servers/verification.ts';
import { ACCOUNTS } from '../servers/workload.ts';
import type { Database } from './database.ts';

/** Schema of the rehearsal's own tables, apart from the user's. */
export const WORKLOAD_SCHEMA = 'viridian_rehearsal';

/**
 * An order system in small, with what makes replication awkward: counters, a generated column, a foreign key, JSON, updates. `orders`
 * accepts a key (writer, n) once; `audit_log` would accept it twice, so it shows doubled rows.
 */
const tables = [
  `CREATE DATABASE ${WORKLOAD_SCHEMA} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci`,
  `CREATE TABLE ${WORKLOAD_SCHEMA}.accounts (id INT NOT NULL PRIMARY KEY, balance BIGINT NOT NULL DEFAULT 0, changed_at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)) ENGINE=InnoDB`,
  `CREATE TABLE ${WORKLOAD_SCHEMA}.orders (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, writer INT NOT NULL, n BIGINT NOT NULL, account_id INT NOT NULL, quantity INT NOT NULL,
     unit_price DECIMAL(12,2) NOT NULL, total DECIMAL(14,2) AS (quantity * unit_price) STORED, UNIQUE KEY (writer, n), FOREIGN KEY (account_id) REFERENCES ${WORKLOAD_SCHEMA}.accounts (id)) ENGINE=InnoDB`,
  `CREATE TABLE ${WORKLOAD_SCHEMA}.order_items (order_id BIGINT NOT NULL, line INT NOT NULL, article TEXT NOT NULL, details JSON, PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES ${WORKLOAD_SCHEMA}.orders (id)) ENGINE=InnoDB`,
  `CREATE TABLE ${WORKLOAD_SCHEMA}.audit_log (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, writer INT NOT NULL, n BIGINT NOT NULL, order_id BIGINT NOT NULL, at DATETIME(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)) ENGINE=InnoDB`,
  `CREATE TABLE ${WORKLOAD_SCHEMA}.history (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, account_id INT NOT NULL, amount DECIMAL(12,2) NOT NULL, note TEXT NOT NULL) ENGINE=InnoDB`,
];

/** Makes the workload's tables and its account on a database and fills them; `rows` is the size of the table that only takes space. */
export async function seedWorkload({ sql }: Database, user: string, rows: number): Promise<void> {
  for (const statement of tables) await sql.query(statement);
  await sql.query(`CREATE USER '${user}'@'%'`);
  await sql.query(`GRANT ALL ON ${WORKLOAD_SCHEMA}.* TO '${user}'@'%'`);
  await sql.query(`INSERT INTO ${WORKLOAD_SCHEMA}.accounts (id) VALUES ${listOf(ACCOUNTS, (i) => `(${i})`)}`);
  const atOnce = 1_000;
  for (let begin = 0; begin < rows; begin += atOnce) {
    const count = Math.min(atOnce, rows - begin);
    const values = listOf(
      count,
      (i) => `(${1 + ((begin + i) % ACCOUNTS)}, ${(begin + i) / 100}, REPEAT('${begin + i}-', 40))`,
    );
    await sql.query(`INSERT INTO ${WORKLOAD_SCHEMA}.history (account_id, amount, note) VALUES ${values}`);
  }
}

const listOf = (count: number, make: (i: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index + 1)).join(', ');

/** How often each key (`writer/n`) stands in either table that a write goes to. */
export async function findKeys({ sql }: Database): Promise<FoundKeys> {
  const read = async (table: string) => {
    const rows = await sql.query(
      `SELECT CONCAT(writer, '/', n) AS name, COUNT(*) AS times FROM ${WORKLOAD_SCHEMA}.${table} GROUP BY writer, n`,
    );
    return new Map(rows.map(({ name, times }) => [String(name), Number(times)]));
  };
  return { orders: await read('orders'), entries: await read('audit_log') };
}

/** Whether every AUTO_INCREMENT stands past the highest value in its column, so that the next insert works. */
export async function checkCounters({ sql, server }: Database): Promise<{ name: string; ahead: boolean }[]> {
  const { flavour, version } = server.programs;
  // MySQL 8 answers what was true a day ago where nobody asks for more.
  if (flavour === 'mysql' && Number.parseInt(version, 10) >= 8)
    await sql.query('SET SESSION information_schema_stats_expiry = 0');
  const counters = await sql.query(
    `SELECT t.table_schema AS \`schema\`, t.table_name AS \`table\`, CAST(t.auto_increment AS CHAR) AS next, c.column_name AS \`column\`
       FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
      WHERE t.auto_increment IS NOT NULL AND c.extra LIKE '%auto_increment%' AND t.table_schema NOT IN ('mysql', 'sys') ORDER BY 1, 2`,
  );
  const found: { name: string; ahead: boolean }[] = [];
  for (const { schema, table, next, column } of counters) {
    const [row] = await sql.query(
      `SELECT CAST(COALESCE(MAX(\`${String(column)}\`), 0) AS CHAR) AS used FROM \`${String(schema)}\`.\`${String(table)}\``,
    );
    found.push({
      name: `${String(schema)}.${String(table)}`,
      ahead: BigInt(String(next)) > BigInt(String(row?.used ?? 0)),
    });
  }
  return found;
}
