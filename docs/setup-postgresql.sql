-- What a lossless way back needs on RDS for PostgreSQL and Aurora PostgreSQL, made by the owner of the database.
--
-- Run it on blue, before the blue/green deployment is created, as the master user, in every database that holds tables
-- of the application. It may be run again; run it again after schemas or tables were added. It makes:
--   viridian               signs in with IAM database authentication and does what the workflow's steps say. To use a
--                          secret instead, leave out "GRANT rds_iam" and give the role a password.
--   viridian_replication   the reverse stream signs in with it. It has no password but during the way back, when it has
--                          one that was made for that run.
--   schema viridian        a table for signs of life, and four functions: what they change belongs to the master user,
--                          so they run with its rights, and each does exactly one thing.
-- No role is changed that exists already. The plain statements work in psql and in every other client.

-- Only its owner can close a database, and only the owner of tables can grant rights on them. Whoever runs this file must have
-- the rights of both; the message tells which statement helps.
DO $check$
DECLARE
  owner_role name;
BEGIN
  FOR owner_role IN
    SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
    UNION
    SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^(pg_|rds)'
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
  LOOP
    IF NOT pg_catalog.pg_has_role(current_user, owner_role, 'USAGE') THEN
      RAISE EXCEPTION 'the rights of % are wanted: run GRANT % TO %; first',
        owner_role, pg_catalog.quote_ident(owner_role), pg_catalog.quote_ident(current_user);
    END IF;
  END LOOP;
END
$check$;

DO $roles$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'viridian') THEN
    CREATE ROLE viridian LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'viridian_replication') THEN
    CREATE ROLE viridian_replication LOGIN;
  END IF;
END
$roles$;

-- Publications of all tables, subscriptions, slots, ending sessions, and seeing what sessions do.
GRANT rds_superuser TO viridian;
-- Not for the replication user: IAM sign-in cannot open a replication connection.
GRANT rds_iam TO viridian;
GRANT rds_replication TO viridian_replication;

CREATE SCHEMA IF NOT EXISTS viridian;
CREATE TABLE IF NOT EXISTS viridian.heartbeat (
  name text PRIMARY KEY,
  run text NOT NULL,
  beat bigint NOT NULL DEFAULT 0,
  at timestamptz NOT NULL
);

-- Opens (false), closes (true) this database for writing by default, or leaves it to the server's setting (null).
CREATE OR REPLACE FUNCTION viridian.set_read_only(read_only boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $function$
BEGIN
  IF read_only IS NULL THEN
    EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database());
  ELSE
    EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = %s', current_database(),
                   CASE WHEN read_only THEN 'on' ELSE 'off' END);
  END IF;
END
$function$;

-- Makes a role read-only by default, or lifts that.
CREATE OR REPLACE FUNCTION viridian.hold_role(held_role name, hold boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $function$
BEGIN
  IF hold THEN
    EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', held_role);
  ELSE
    EXECUTE format('ALTER ROLE %I RESET default_transaction_read_only', held_role);
  END IF;
END
$function$;

-- Gives the replication user a password that came as a verifier (never in plain text, which servers may log), or none.
CREATE OR REPLACE FUNCTION viridian.set_replication_password(verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $function$
BEGIN
  IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'a SCRAM-SHA-256 verifier is wanted';
  END IF;
  EXECUTE format('ALTER ROLE viridian_replication PASSWORD %L', verifier);
END
$function$;

-- Refreshes the statistics of one table, with this default_statistics_target (null: the server's). ANALYZE is for owners, up to
-- PostgreSQL 16 for nobody else, so this runs with the rights of whoever made it. From 18 on partitions are left to calls of their own.
CREATE OR REPLACE FUNCTION viridian.analyze_table(which regclass, statistics_target integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $function$
BEGIN
  IF statistics_target IS NOT NULL THEN
    PERFORM set_config('default_statistics_target', statistics_target::text, true);
  END IF;
  EXECUTE format(CASE WHEN current_setting('server_version_num')::integer >= 180000 THEN 'ANALYZE ONLY %s' ELSE 'ANALYZE %s' END, which);
END
$function$;

REVOKE ALL ON FUNCTION viridian.set_read_only(boolean), viridian.hold_role(name, boolean),
  viridian.set_replication_password(text), viridian.analyze_table(regclass, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION viridian.set_read_only(boolean), viridian.hold_role(name, boolean),
  viridian.set_replication_password(text), viridian.analyze_table(regclass, integer) TO viridian;

-- The reverse stream writes into the application's tables; rows are compared, and sequences set, before going back.
DO $grants$
DECLARE
  application_schema name;
BEGIN
  FOR application_schema IN
    SELECT nspname FROM pg_catalog.pg_namespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^(pg_|rds)'
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO viridian', application_schema);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA %I TO viridian', application_schema);
    EXECUTE format('GRANT SELECT, UPDATE, USAGE ON ALL SEQUENCES IN SCHEMA %I TO viridian', application_schema);
  END LOOP;
END
$grants$;
