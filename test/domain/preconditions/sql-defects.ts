/** One defect of a database: what makes it, what takes it away, and the names under which its check finds it. */
export interface Defect {
  /** Of the check. */
  rule: string;
  what: string;
  make: string;
  remove: string;
  names: string[];
}

const table = (name: string, columns: string) => ({
  make: `CREATE TABLE public.${name} (${columns})`,
  remove: `DROP TABLE public.${name}`,
});
const renamed = (extension: string) => ({
  make: `CREATE EXTENSION tcn; UPDATE pg_extension SET extname = '${extension}' WHERE extname = 'tcn'`,
  remove: `UPDATE pg_extension SET extname = 'tcn' WHERE extname = '${extension}'; DROP EXTENSION tcn`,
});

/**
 * Defects that are made on a real server (`test/sql/preconditions.test.ts`), which runs PostgreSQL 15 and is to become 17, and the names that it
 * answers. Extensions that are not installed here are played by another one under their name.
 */
export const defects: readonly Defect[] = [
  {
    rule: 'foreign-slots',
    what: 'a slot of a CDC consumer',
    make: `SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')`,
    remove: `SELECT pg_drop_replication_slot('debezium')`,
    names: ['debezium of app (pgoutput, not in use)'],
  },
  {
    rule: 'foreign-publications',
    what: 'a publication of somebody else',
    make: 'CREATE PUBLICATION theirs FOR ALL TABLES',
    remove: 'DROP PUBLICATION theirs',
    names: ['theirs in app'],
  },
  {
    rule: 'foreign-subscriptions',
    what: 'a subscription',
    make: `CREATE SUBSCRIPTION feed CONNECTION 'dbname=nowhere' PUBLICATION theirs WITH (connect = false)`,
    remove: 'ALTER SUBSCRIPTION feed SET (slot_name = NONE); DROP SUBSCRIPTION feed',
    names: ['feed of app'],
  },
  {
    rule: 'primary-keys',
    what: 'a table without key',
    ...table('keyless', 'word text'),
    names: ['public.keyless in app'],
  },
  {
    rule: 'primary-keys',
    what: 'a primary key that is deferrable',
    ...table('later', 'id int PRIMARY KEY DEFERRABLE'),
    names: ['public.later in app'],
  },
  {
    rule: 'primary-keys',
    what: 'a partition without key',
    ...table(
      'parted',
      'id int) PARTITION BY HASH (id); CREATE TABLE public.part PARTITION OF public.parted FOR VALUES WITH (MODULUS 1, REMAINDER 0',
    ),
    names: ['public.part in app'],
  },
  {
    rule: 'unlogged-tables',
    what: 'an unlogged table',
    make: 'CREATE UNLOGGED TABLE public.quick (id int PRIMARY KEY)',
    remove: 'DROP TABLE public.quick',
    names: ['public.quick in app'],
  },
  {
    rule: 'large-objects',
    what: 'a large object',
    make: 'SELECT lo_create(4711)',
    remove: 'SELECT lo_unlink(4711)',
    names: ['4711 in app'],
  },
  {
    rule: 'extensions-in-the-way',
    what: 'pg_partman',
    ...renamed('pg_partman'),
    names: ['pg_partman in app'],
  },
  {
    rule: 'extensions-removed',
    what: 'an extension that PostgreSQL 17 lacks',
    make: 'CREATE EXTENSION adminpack',
    remove: 'DROP EXTENSION adminpack',
    names: ['adminpack in app'],
  },
  {
    rule: 'reg-columns',
    what: 'a column that holds a function',
    ...table('jobs', 'id int PRIMARY KEY, call regprocedure, calls regproc[]'),
    names: ['public.jobs.call (regprocedure) in app', 'public.jobs.calls (_regproc) in app'],
  },
  {
    rule: 'removed-types',
    what: 'a column of type aclitem',
    ...table('granted', 'id int PRIMARY KEY, entry aclitem'),
    names: ['public.granted.entry (aclitem) in app'],
  },
  {
    rule: 'removed-settings',
    what: 'a setting that PostgreSQL 16 removed',
    make: 'ALTER ROLE app SET force_parallel_mode = off',
    remove: 'ALTER ROLE app RESET force_parallel_mode',
    names: ['role app: force_parallel_mode=off'],
  },
  {
    rule: 'closed-databases',
    what: 'a database that is closed',
    make: 'CREATE DATABASE archive',
    remove: 'DROP DATABASE archive',
    names: ['archive'],
  },
  {
    rule: 'extension-pg-cron',
    what: 'pg_cron',
    ...renamed('pg_cron'),
    names: ['pg_cron 1.0 in app'],
  },
  {
    rule: 'extensions-current',
    what: 'an extension that is not current',
    make: `CREATE EXTENSION pg_stat_statements VERSION '1.9'`,
    remove: 'DROP EXTENSION pg_stat_statements',
    names: ['pg_stat_statements 1.9, newest is 1.10 in app'],
  },
  {
    rule: 'system-views',
    what: 'a view on pg_stat_activity',
    make: 'CREATE VIEW public.busy AS SELECT pid FROM pg_stat_activity',
    remove: 'DROP VIEW public.busy',
    names: ['public.busy reads pg_stat_activity in app'],
  },
  {
    rule: 'partition-creation',
    what: 'partitions that ran out',
    make: `CREATE TABLE public.events (at date NOT NULL, PRIMARY KEY (at)) PARTITION BY RANGE (at);
      CREATE TABLE public.events_old PARTITION OF public.events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')`,
    remove: 'DROP TABLE public.events',
    names: ['public.events until 2021-01-01 in app'],
  },
  {
    rule: 'materialized-views',
    what: 'a materialized view',
    make: 'CREATE MATERIALIZED VIEW public.sums AS SELECT 1 AS one',
    remove: 'DROP MATERIALIZED VIEW public.sums',
    names: ['public.sums in app'],
  },
  {
    rule: 'sequences-many',
    what: 'more sequences than are moved quickly',
    make: `CREATE SCHEMA many; DO $$ BEGIN FOR n IN 1..1001 LOOP EXECUTE format('CREATE SEQUENCE many.s%s', n); END LOOP; END $$;
      GRANT USAGE ON SCHEMA many TO viridian; GRANT SELECT ON ALL SEQUENCES IN SCHEMA many TO viridian`,
    remove: 'DROP SCHEMA many CASCADE',
    names: ['1005 sequences in app'],
  },
  {
    rule: 'sequences-exhausted',
    what: 'a serial column near its end',
    make: `CREATE TABLE public.clicks (id serial PRIMARY KEY); SELECT setval('public.clicks_id_seq', 2000000000);
      GRANT SELECT ON SEQUENCE public.clicks_id_seq TO viridian`,
    remove: 'DROP TABLE public.clicks',
    names: ['public.clicks_id_seq at 2000000000 of 2147483647 in app'],
  },
  {
    rule: 'triggers-replica-always',
    what: 'a trigger that always fires',
    make: `CREATE TABLE public.audited (id int PRIMARY KEY);
      CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER twice AFTER INSERT ON public.audited FOR EACH ROW EXECUTE FUNCTION public.nothing();
      ALTER TABLE public.audited ENABLE ALWAYS TRIGGER twice`,
    remove: 'DROP TABLE public.audited; DROP FUNCTION public.nothing',
    names: ['twice on public.audited in app'],
  },
  {
    rule: 'event-triggers',
    what: 'an event trigger',
    make: `CREATE FUNCTION public.noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
      CREATE EVENT TRIGGER note ON ddl_command_end EXECUTE FUNCTION public.noted()`,
    remove: 'DROP EVENT TRIGGER note; DROP FUNCTION public.noted',
    names: ['note on ddl_command_end calls public.noted() in app'],
  },
  {
    rule: 'row-security',
    what: 'a table with row security that is forced on its owner',
    make: 'CREATE TABLE public.own (id int PRIMARY KEY); ALTER TABLE public.own ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
    remove: 'DROP TABLE public.own',
    names: ['public.own in app'],
  },
  {
    rule: 'foreign-servers',
    what: 'a foreign server',
    make: `CREATE EXTENSION postgres_fdw; CREATE SERVER billing FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '10.0.0.7')`,
    remove: 'DROP SERVER billing; DROP EXTENSION postgres_fdw',
    names: ['billing (postgres_fdw, host=10.0.0.7) in app'],
  },
  {
    rule: 'read-only-overrides',
    what: 'a role that overrides the read-only default',
    make: 'ALTER ROLE app SET default_transaction_read_only = off',
    remove: 'ALTER ROLE app RESET default_transaction_read_only',
    names: ['role app: default_transaction_read_only=off'],
  },
  {
    rule: 'role-limits',
    what: 'a role with a limit of connections',
    make: 'ALTER ROLE app CONNECTION LIMIT 50',
    remove: 'ALTER ROLE app CONNECTION LIMIT -1',
    names: ['role app: at most 50 connections'],
  },
  {
    rule: 'wraparound',
    what: 'a database whose oldest transaction is far back',
    make: `UPDATE pg_database SET datfrozenxid = ((pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 4294967296 - 1200000000) % 4294967296)::text::xid WHERE datname = 'app'`,
    remove: `UPDATE pg_database SET datfrozenxid = (SELECT datfrozenxid FROM pg_database WHERE datname = 'template0') WHERE datname = 'app'`,
    names: ['app at 1200 million'],
  },
];

/** Checks whose defects need more than a statement, and what a real server answers: the same test makes them. */
export const others: readonly Pick<Defect, 'rule' | 'what' | 'names'>[] = [
  { rule: 'wal-level', what: 'logical replication that is not in force', names: ['wal_level is replica'] },
  {
    rule: 'replication-capacity',
    what: 'a server without room',
    names: ['max_logical_replication_workers=0, 0 in use, 1 needed for as many databases'],
  },
  {
    rule: 'worker-processes',
    what: 'too few worker processes',
    names: ['max_worker_processes=8, and replication, autovacuum and parallel queries may take 11'],
  },
  {
    rule: 'pending-restart',
    what: 'a setting that waits for a restart',
    names: ['max_files_per_process'],
  },
  {
    rule: 'prepared-transactions',
    what: 'a transaction that was prepared and forgotten',
    names: ["'forgotten' of app in app, since 2026-11-21 07:00:00+00"],
  },
  {
    rule: 'long-transactions',
    what: 'a transaction that is left open',
    names: ['process 4711 of app in app for 901 s (idle in transaction)'],
  },
  {
    rule: 'long-ddl',
    what: 'a change of the schema in progress',
    names: ['process 4711 has public.orders locked in app'],
  },
];
