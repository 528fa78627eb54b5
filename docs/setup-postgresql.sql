-- What a lossless way back needs on RDS for PostgreSQL and Aurora PostgreSQL, made by the owner of the database.
--
-- Run it on blue, before the blue/green deployment is created, as the master user, in every database that holds tables
-- of the application. It may be run again; run it again after schemas or tables were added. It makes:
--   viridian               signs in with IAM database authentication and does what the workflow's steps say. To use a
--                          secret instead, leave out "GRANT rds_iam" and give the role a password.
--   viridian_replication   the reverse stream signs in with it. It has no password but during the way back, when it has
--                          one that was made for that run.
--   viridian_probe         stands for an application: it has no rights but to write one row of ours, and no password but for the
--                          moment in which a fence is proved by its being refused.
--   schema viridian        a table for signs of life, one for probes, and functions: what they change belongs to the master user,
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
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'viridian_probe') THEN
    CREATE ROLE viridian_probe LOGIN;
  END IF;
  -- Of their own, not by way of PUBLIC: a fence takes the right to connect from PUBLIC.
  EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO viridian, viridian_replication, viridian_probe', pg_catalog.current_database());
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
CREATE TABLE IF NOT EXISTS viridian.probe (
  server text PRIMARY KEY,
  at timestamptz NOT NULL
);
GRANT USAGE ON SCHEMA viridian TO viridian_probe;
GRANT SELECT, INSERT, UPDATE ON viridian.probe TO viridian_probe;

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

-- Who may connect to this database, but for the users of the workflow and for those who made these functions: grantee (0 is PUBLIC).
CREATE OR REPLACE FUNCTION viridian.may_connect() RETURNS TABLE (grantee oid, is_grantable boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
  SELECT a.grantee, bool_or(a.is_grantable) FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
   WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'
     AND a.grantee NOT IN (SELECT oid FROM pg_roles WHERE rolname IN (session_user, 'viridian', 'viridian_replication'))
   GROUP BY a.grantee
$function$;

-- Closes this database: takes the right to connect from everybody but the users of the workflow, and lets sessions begin read-only.
-- What it takes away stands in the comment of this function, in the database itself, until open_database gives it back.
CREATE OR REPLACE FUNCTION viridian.close_database() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  remembered jsonb := obj_description('viridian.close_database()'::regprocedure, 'pg_proc');
  entry record;
BEGIN
  EXECUTE format('COMMENT ON FUNCTION viridian.close_database() IS %L', coalesce(remembered, '{}') || jsonb_build_object(
    'readOnly', CASE WHEN remembered IS NULL THEN (
      SELECT to_jsonb(split_part(c.setting, '=', 2)) FROM pg_db_role_setting s, unnest(s.setconfig) AS c (setting)
       WHERE s.setrole = 0 AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND c.setting LIKE 'default\_transaction\_read\_only=%') ELSE remembered -> 'readOnly' END,
    'connect', (
      SELECT coalesce(jsonb_agg(DISTINCT may.connect), '[]') FROM (
        SELECT jsonb_build_object('role', pg_get_userbyid(nullif(a.grantee, 0)), 'grantable', a.is_grantable)
          FROM viridian.may_connect() AS a
        UNION ALL SELECT jsonb_array_elements(remembered -> 'connect')) AS may (connect))));
  FOR entry IN SELECT * FROM viridian.may_connect() LOOP
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %s', current_database(),
                   CASE entry.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(entry.grantee)) END);
  END LOOP;
  EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database());
END
$function$;

-- Gives back exactly what close_database has taken away. A role that was dropped meanwhile is passed over.
CREATE OR REPLACE FUNCTION viridian.open_database() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  remembered jsonb := obj_description('viridian.close_database()'::regprocedure, 'pg_proc');
  entry record;
BEGIN
  IF remembered IS NULL THEN
    RETURN;
  END IF;
  FOR entry IN SELECT e.role, e.grantable FROM jsonb_to_recordset(remembered -> 'connect') AS e (role name, grantable boolean) LOOP
    IF entry.role IS NULL OR EXISTS (SELECT FROM pg_roles WHERE rolname = entry.role) THEN
      EXECUTE format('GRANT CONNECT ON DATABASE %I TO %s %s', current_database(), coalesce(quote_ident(entry.role), 'PUBLIC'),
                     CASE WHEN entry.grantable THEN 'WITH GRANT OPTION' END);
    END IF;
  END LOOP;
  IF remembered ->> 'readOnly' IS NULL THEN
    EXECUTE format('ALTER DATABASE %I RESET default_transaction_read_only', current_database());
  ELSE
    EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = %L', current_database(), remembered ->> 'readOnly');
  END IF;
  COMMENT ON FUNCTION viridian.close_database() IS NULL;
END
$function$;

-- Notes beside what close_database took away where the log stood, and how many rows had been changed, when nobody could write any more.
CREATE OR REPLACE FUNCTION viridian.note_fence(fence jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  remembered jsonb := obj_description('viridian.close_database()'::regprocedure, 'pg_proc');
BEGIN
  IF remembered IS NULL THEN
    RAISE EXCEPTION 'the database is not closed';
  END IF;
  EXECUTE format('COMMENT ON FUNCTION viridian.close_database() IS %L', remembered || jsonb_build_object('fence', fence));
END
$function$;

-- Holds a role: it may open no session, and what it had open ends; sessions that slip in begin read-only. Or lets it go again, with the
-- limit of connections that it had, which stands in the comment of this function meanwhile.
CREATE OR REPLACE FUNCTION viridian.hold_role(held_role name, hold boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  remembered jsonb := coalesce(obj_description('viridian.hold_role(name,boolean)'::regprocedure, 'pg_proc'), '{}');
  had integer := (SELECT rolconnlimit FROM pg_roles WHERE rolname = held_role);
BEGIN
  IF hold THEN
    EXECUTE format('ALTER ROLE %I CONNECTION LIMIT 0', held_role);
    EXECUTE format('ALTER ROLE %I SET default_transaction_read_only = on', held_role);
    remembered := jsonb_build_object(held_role, had) || remembered;
  ELSE
    EXECUTE format('ALTER ROLE %I CONNECTION LIMIT %s', held_role,
                   coalesce((remembered ->> held_role)::integer, CASE had WHEN 0 THEN -1 ELSE had END));
    EXECUTE format('ALTER ROLE %I RESET default_transaction_read_only', held_role);
    remembered := remembered - held_role::text;
  END IF;
  EXECUTE format('COMMENT ON FUNCTION viridian.hold_role(name, boolean) IS %L', nullif(remembered::text, '{}'));
END
$function$;

-- Gives the user that stands for an application a password for one proof, as a verifier, or none.
CREATE OR REPLACE FUNCTION viridian.set_probe_password(verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'a SCRAM-SHA-256 verifier is wanted';
  END IF;
  EXECUTE format('ALTER ROLE viridian_probe PASSWORD %L', verifier);
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

REVOKE ALL ON FUNCTION viridian.set_read_only(boolean), viridian.may_connect(), viridian.close_database(), viridian.open_database(),
  viridian.note_fence(jsonb), viridian.hold_role(name, boolean), viridian.set_replication_password(text),
  viridian.set_probe_password(text), viridian.analyze_table(regclass, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION viridian.set_read_only(boolean), viridian.may_connect(), viridian.close_database(), viridian.open_database(),
  viridian.note_fence(jsonb), viridian.hold_role(name, boolean), viridian.set_replication_password(text),
  viridian.set_probe_password(text), viridian.analyze_table(regclass, integer) TO viridian;

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
