import { ACCOUNTS } from '../servers/workload.ts';

/** Schema of the rehearsal's own tables, apart from the user's: a name that nobody takes for an application. */
export const WORKLOAD_SCHEMA = 'viridian_rehearsal';

/**
 * An order system in small, with what makes replication awkward: identity and generated columns, a foreign key, updates,
 * a sequence of its own. `orders` accepts a key (writer, n) once; `audit_log` would accept it twice, so it shows doubled rows.
 */
export const WORKLOAD_TABLES = `
CREATE SCHEMA ${WORKLOAD_SCHEMA};
SET search_path = ${WORKLOAD_SCHEMA};
CREATE TABLE accounts (
  id integer PRIMARY KEY,
  balance bigint NOT NULL DEFAULT 0,
  changed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  writer integer NOT NULL,
  n bigint NOT NULL,
  account_id integer NOT NULL REFERENCES accounts,
  quantity integer NOT NULL,
  unit_price numeric(12, 2) NOT NULL,
  total numeric(14, 2) GENERATED ALWAYS AS (quantity * unit_price) STORED,
  UNIQUE (writer, n)
);
CREATE TABLE order_items (
  order_id bigint NOT NULL REFERENCES orders,
  line integer NOT NULL,
  article text NOT NULL,
  PRIMARY KEY (order_id, line)
);
CREATE TABLE audit_log (
  id bigserial PRIMARY KEY,
  writer integer NOT NULL,
  n bigint NOT NULL,
  order_id bigint NOT NULL,
  ticket bigint,
  at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE history (
  id bigserial PRIMARY KEY,
  account_id integer NOT NULL,
  amount numeric(12, 2) NOT NULL,
  note text NOT NULL
);
CREATE SEQUENCE ticket_numbers;
GRANT USAGE ON SCHEMA ${WORKLOAD_SCHEMA} TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA ${WORKLOAD_SCHEMA} TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA ${WORKLOAD_SCHEMA} TO PUBLIC;
RESET search_path;
`;

/** Fills accounts, and `history` with this many rows. */
export function seedStatements(rows: number): string[] {
  return [
    `INSERT INTO ${WORKLOAD_SCHEMA}.accounts (id) SELECT generate_series(1, ${ACCOUNTS})`,
    `INSERT INTO ${WORKLOAD_SCHEMA}.history (account_id, amount, note)
       SELECT 1 + i % ${ACCOUNTS}, i / 100.0, repeat(md5(i::text), 8) FROM generate_series(1, ${rows}) AS i`,
  ];
}

/** Gives the database that took the row, whatever the server behind a pooler is. Servers bear the resource id as their name. */
const RETURNING_SERVER = "RETURNING current_setting('cluster_name') AS server";

/** One statement, one transaction. Writes nothing, and gives no row, when the key is there already. Parameters: writer, n, account. */
export const SINGLE_WRITE = `
WITH placed AS (
  INSERT INTO ${WORKLOAD_SCHEMA}.orders (writer, n, account_id, quantity, unit_price)
  VALUES ($1::int, $2::bigint, $3::int, 1 + $2::bigint % 5, 9.99)
  ON CONFLICT (writer, n) DO NOTHING RETURNING id)
INSERT INTO ${WORKLOAD_SCHEMA}.audit_log (writer, n, order_id) SELECT $1::int, $2::bigint, id FROM placed
${RETURNING_SERVER}`;

/** First step of a longer transaction; it gives no row when the key is there already. Parameters: writer, n, account. */
export const PLACE_ORDER = `
INSERT INTO ${WORKLOAD_SCHEMA}.orders (writer, n, account_id, quantity, unit_price)
VALUES ($1::int, $2::bigint, $3::int, 1 + $2::bigint % 5, 19.99)
ON CONFLICT (writer, n) DO NOTHING RETURNING id`;

/** Parameter: order. */
export const ADD_ITEMS = `
INSERT INTO ${WORKLOAD_SCHEMA}.order_items (order_id, line, article)
SELECT $1::bigint, line, 'article ' || line FROM generate_series(1, 3) AS line`;

/** Parameters: account. */
export const CHARGE_ACCOUNT = `
UPDATE ${WORKLOAD_SCHEMA}.accounts SET balance = balance + 1, changed_at = now() WHERE id = $1::int`;

/** Parameters: writer, n, order. */
export const LOG_ORDER = `
INSERT INTO ${WORKLOAD_SCHEMA}.audit_log (writer, n, order_id, ticket)
VALUES ($1::int, $2::bigint, $3::bigint, nextval('${WORKLOAD_SCHEMA}.ticket_numbers'))
${RETURNING_SERVER}`;
