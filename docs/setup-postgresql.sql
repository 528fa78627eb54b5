-- What a lossless way back needs on RDS for PostgreSQL and Aurora PostgreSQL, made by the owner of the database.
--
-- Run it on blue, before the blue/green deployment is created, as the master user, in every database that holds tables
-- of the application. It may be run again; run it again after schemas or tables were added. It makes:
--   viridian               signs in with IAM database authentication and does what the workflow's steps say. It may set
--                          sequences, end sessions, and call the functions below; it reads no row of the application and is no
--                          member of rds_superuser. To use a secret instead, leave out "GRANT rds_iam" and give the role a password.
--   viridian_replication   the reverse stream signs in with it. It has no password but during the way back, when it has
--                          one that was made for that run.
--   viridian_probe         stands for an application: it has no rights but to write one row of ours, and no password but for the
--                          moment in which a fence is proved by its being refused.
--   schema viridian        a table for signs of life, one for probes, one through which that password is handed over, and functions:
--                          what they change belongs to the master user, so they run with its rights, and each does exactly one thing.
-- No role is changed that exists already. The plain statements work in psql and in every other client.
-- That the functions run on RDS with the rights of rds_superuser, as they do here with those of a superuser, is unproven on AWS.

-- From here on names mean the server's own objects only: no function and no operator that somebody made elsewhere is called.
SET search_path = pg_catalog, pg_temp;
SET standard_conforming_strings = on;

-- Whoever runs this file lends its rights to what it makes, so it must be a master user, and nothing may be there that somebody else made
-- to be called with these rights. Only the owner of a database can close it, only the owner of a table can grant rights on it, and rows are
-- applied with the rights of the table's owner (PostgreSQL 16 and later). The message names the object, or the statement that helps.
DO $check$
DECLARE
  found text;
  owner_role name;
  major CONSTANT integer := current_setting('server_version_num')::integer / 10000;
  trusted CONSTANT oid[] := ARRAY(
    SELECT r.oid FROM pg_roles r
     WHERE r.rolsuper OR EXISTS (SELECT FROM pg_roles g WHERE g.rolname = 'rds_superuser' AND pg_has_role(r.oid, g.oid, 'MEMBER')));
  runner CONSTANT oid := (SELECT oid FROM pg_roles WHERE rolname = current_user);
BEGIN
  IF NOT runner = ANY (trusted) THEN
    RAISE EXCEPTION 'a master user is wanted: % is no member of rds_superuser', quote_ident(current_user);
  END IF;

  FOR owner_role IN
    SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()
    UNION
    SELECT pg_get_userbyid(c.relowner) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'S') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'viridian') AND n.nspname !~ '^(pg_|rds)'
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  LOOP
    IF NOT pg_has_role(current_user, owner_role, 'USAGE')
       OR (CASE WHEN major >= 16 THEN NOT pg_has_role(current_user, owner_role, 'SET') ELSE false END) THEN
      RAISE EXCEPTION 'the rights of % are wanted: run GRANT % TO %; first',
        owner_role, quote_ident(owner_role), quote_ident(current_user);
    END IF;
  END LOOP;

  -- Roles of our names that somebody made beforehand, or that were given more than this file gives.
  SELECT string_agg(what, '; ') INTO found FROM (
    SELECT format('role %I has more rights than this file gives it: run ALTER ROLE %1$I NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS%s;',
                  rolname, CASE WHEN rolname <> 'viridian_replication' THEN ' NOREPLICATION' ELSE '' END) AS what
      FROM pg_roles
     WHERE rolname IN ('viridian', 'viridian_replication', 'viridian_probe')
       AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR (rolreplication AND rolname <> 'viridian_replication'))
    UNION ALL
    SELECT format('role %I is a member of %I: run REVOKE %2$I FROM %1$I;', pg_get_userbyid(m.member), pg_get_userbyid(m.roleid))
      FROM pg_auth_members m
     WHERE pg_get_userbyid(m.member) IN ('viridian', 'viridian_replication', 'viridian_probe')
       AND NOT (pg_get_userbyid(m.member), pg_get_userbyid(m.roleid)) IN
               (('viridian', 'pg_monitor'), ('viridian', 'pg_signal_backend'), ('viridian', 'rds_iam'), ('viridian_replication', 'rds_replication'),
                ('viridian_probe', 'rds_iam'))
    UNION ALL
    SELECT format('role %I is a member of %I: run REVOKE %2$I FROM %1$I;', pg_get_userbyid(m.member), pg_get_userbyid(m.roleid))
      FROM pg_auth_members m
     WHERE pg_get_userbyid(m.roleid) IN ('viridian', 'viridian_replication', 'viridian_probe') AND NOT m.member = ANY (trusted)
    UNION ALL
    SELECT format('sessions of %s begin with %s', coalesce('role ' || quote_ident(r.rolname), 'every role'), c.setting)
      FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase,
           unnest(s.setconfig) AS c (setting)
     WHERE (s.setdatabase = 0 OR d.datname = current_database())
       AND (s.setrole = 0 OR r.rolname IN ('viridian', 'viridian_replication', 'viridian_probe'))
       AND (split_part(c.setting, '=', 1) IN ('role', 'session_preload_libraries', 'local_preload_libraries', 'session_replication_role')
            OR (s.setrole <> 0 AND split_part(c.setting, '=', 1) = 'search_path'))
  ) AS t;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'not ours: %', found;
  END IF;

  -- Objects that somebody made where ours come to be, or that would run with our rights as soon as they come to be.
  SELECT string_agg(what, '; ') INTO found FROM (
    SELECT format('schema viridian is of %I', pg_get_userbyid(nspowner)) AS what FROM pg_namespace WHERE nspname = 'viridian' AND nspowner <> runner
    UNION ALL
    SELECT format('%s is not of %I', pg_describe_object(d.classid, d.objid, d.objsubid), current_user)
      FROM pg_namespace n JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
      LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
     WHERE n.nspname = 'viridian' AND d.deptype = 'n' AND coalesce(c.relowner, p.proowner) IS DISTINCT FROM runner
    UNION ALL
    SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind <> 'i'
      JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
     WHERE n.nspname = 'viridian' AND d.classid IN ('pg_rewrite'::regclass, 'pg_policy'::regclass)
    UNION ALL
    SELECT pg_describe_object('pg_trigger'::regclass, t.oid, 0)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_trigger t ON t.tgrelid = c.oid WHERE n.nspname = 'viridian'
    UNION ALL
    SELECT format('table %s has row security', c.oid::regclass)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
     WHERE n.nspname = 'viridian' AND (c.relrowsecurity OR c.relforcerowsecurity)
    UNION ALL
    SELECT format('table %s inherits from %s', i.inhrelid::regclass, i.inhparent::regclass)
      FROM pg_inherits i JOIN pg_class c ON c.oid IN (i.inhrelid, i.inhparent) JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'viridian'
    UNION ALL
    SELECT format('column %I of table %s is not as this file makes it', a.attname, c.oid::regclass)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef f ON f.adrelid = c.oid AND f.adnum = a.attnum
     WHERE n.nspname = 'viridian'
       AND concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(f.adbin, f.adrelid)) NOT IN
           ('heartbeat name text', 'heartbeat run text', 'heartbeat beat bigint 0', 'heartbeat at timestamp with time zone', 'handover secret text',
            'probe server text', 'probe at timestamp with time zone')
    UNION ALL
    SELECT format('constraint %I of table %s', k.conname, k.conrelid::regclass)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_constraint k ON k.conrelid = c.oid
     WHERE n.nspname = 'viridian' AND k.contype NOT IN ('p', 'n')
    UNION ALL
    SELECT format('index %s', i.indexrelid::regclass)
      FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid JOIN pg_index i ON i.indrelid = c.oid
     WHERE n.nspname = 'viridian' AND NOT i.indisprimary
    UNION ALL
    SELECT format('event trigger %I calls %s of %I', e.evtname, p.oid::regprocedure, pg_get_userbyid(p.proowner))
      FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
     WHERE e.evtenabled <> 'D' AND NOT (p.proowner = ANY (trusted) AND e.evtowner = ANY (trusted))
  ) AS t;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'not ours, remove it first: %', found;
  END IF;
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

-- Seeing what sessions do, and ending them.
GRANT pg_monitor, pg_signal_backend TO viridian;
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
-- The one-time password comes here as a row, because rows stand in no log and no view, and is gone before its transaction ends. Nobody but
-- the owner can read it, and it is in no write-ahead log.
CREATE UNLOGGED TABLE IF NOT EXISTS viridian.handover (secret text);
ALTER TABLE viridian.handover REPLICA IDENTITY FULL;

-- Marks this server, so that every later session is seen to be at the server that is meant: names lag behind a cut and behind a rename. It
-- is the comment on a role, one for all databases of a server. No replication by rows carries it, and a standby that takes over has it.
CREATE OR REPLACE FUNCTION viridian.mark_server(mark text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  EXECUTE format('COMMENT ON ROLE viridian_probe IS %L', mark);
END
$function$;

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

-- Who may connect to this database (0 is PUBLIC), but for the users of the workflow and for the owner of the reverse stream into it: what
-- the stream brings is applied in a session of that role.
CREATE OR REPLACE FUNCTION viridian.may_connect() RETURNS TABLE (grantee oid, is_grantable boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $function$
  SELECT a.grantee, bool_or(a.is_grantable) FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a
   WHERE d.datname = current_database() AND a.privilege_type = 'CONNECT'
     AND a.grantee NOT IN (SELECT oid FROM pg_roles WHERE rolname IN (session_user, 'viridian', 'viridian_replication'))
     AND a.grantee NOT IN (SELECT s.subowner FROM pg_subscription s WHERE s.subname = 'viridian_way_back' AND s.subdbid = d.oid)
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
  -- Who closes the database must be able to open it again, also where these rights came by way of PUBLIC only.
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I, viridian_replication', current_database(), session_user);
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
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF verifier NOT LIKE 'SCRAM-SHA-256$%' THEN
    RAISE EXCEPTION 'a SCRAM-SHA-256 verifier is wanted';
  END IF;
  EXECUTE format('ALTER ROLE viridian_replication PASSWORD %L', verifier);
END
$function$;

-- Publishes all tables of this database, with a note.
CREATE OR REPLACE FUNCTION viridian.publish(note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  CREATE PUBLICATION viridian_way_back FOR ALL TABLES;
  EXECUTE format('COMMENT ON PUBLICATION viridian_way_back IS %L', note);
END
$function$;

-- Changes the note of the publication.
CREATE OR REPLACE FUNCTION viridian.note_publication(note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  EXECUTE format('COMMENT ON PUBLICATION viridian_way_back IS %L', note);
END
$function$;

-- Drops the publication.
CREATE OR REPLACE FUNCTION viridian.unpublish() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  DROP PUBLICATION IF EXISTS viridian_way_back;
END
$function$;

-- Makes a slot of ours in this database. A slot keeps the server's log until it is dropped.
CREATE OR REPLACE FUNCTION viridian.make_slot(slot name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF NOT starts_with(slot::text, 'viridian_way_back_') THEN
    RAISE EXCEPTION 'slot % is not ours', quote_ident(slot);
  END IF;
  PERFORM pg_create_logical_replication_slot(slot, 'pgoutput');
END
$function$;

-- Drops a slot of ours that nobody reads.
CREATE OR REPLACE FUNCTION viridian.drop_slot(slot name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF NOT starts_with(slot::text, 'viridian_way_back_') THEN
    RAISE EXCEPTION 'slot % is not ours', quote_ident(slot);
  END IF;
  PERFORM pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = slot AND NOT active;
END
$function$;

-- Tables, without ours, that the log names after what a slot of ours has confirmed. The log is only looked at: nothing is consumed.
-- Messages of pgoutput: insert, update and delete begin with a letter and the table's oid, truncate has a count and a flag between
-- (PostgreSQL manual, "Logical Replication Message Formats"). Nothing of ours truncates.
CREATE OR REPLACE FUNCTION viridian.changed_tables(slot name) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF NOT starts_with(slot::text, 'viridian_way_back_') THEN
    RAISE EXCEPTION 'slot % is not ours', quote_ident(slot);
  END IF;
  RETURN QUERY
    SELECT DISTINCT coalesce(format('%I.%I', n.nspname, c.relname), 'a table that is gone')
      FROM pg_logical_slot_peek_binary_changes(slot, NULL, NULL, 'proto_version', '1', 'publication_names', 'viridian_way_back') AS m
           CROSS JOIN LATERAL (SELECT chr(get_byte(m.data, 0)) AS kind) AS k
           CROSS JOIN LATERAL (SELECT ('x' || encode(substring(m.data FROM CASE k.kind WHEN 'T' THEN 7 ELSE 2 END FOR 4), 'hex'))::bit(32)::bigint AS id) AS t
           LEFT JOIN pg_class c ON c.oid = t.id::oid LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE k.kind IN ('I', 'U', 'D', 'T') AND n.nspname IS DISTINCT FROM 'viridian'
     ORDER BY 1 LIMIT 20;
END
$function$;

-- How libpq is told of the other server: values stand in quotes, with backslashes before quotes and backslashes. This server has no certificate
-- of an authority that it could verify the other one with, so the sign-in is bound to the channel: whoever does not know the password already
-- is told nothing of it.
CREATE OR REPLACE FUNCTION viridian.source(host text, port integer, database name, password text, encrypted boolean) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp SET standard_conforming_strings = on AS $function$
  SELECT string_agg(keyword || '=''' || replace(replace(value, '\', '\\'), '''', '\''') || '''', ' ')
    FROM (VALUES ('host', host), ('port', port::text), ('dbname', database::text), ('user', 'viridian_replication'), ('password', password),
                 ('sslmode', CASE WHEN encrypted THEN 'require' ELSE 'disable' END),
                 ('channel_binding', CASE WHEN encrypted THEN 'require' END),
                 ('application_name', 'viridian_way_back'), ('connect_timeout', '10')) AS parameters (keyword, value)
   WHERE value IS NOT NULL
$function$;

-- Subscribes this database to the publication and the slot on another server, or gives a subscription that is there its new connection.
-- The password was put into viridian.handover in this transaction. It stands in a statement here and nowhere else: servers log the statement
-- of the client only, and what keeps this one as well, or writes it beside a warning, is turned off as far as the rights of the owner go.
CREATE OR REPLACE FUNCTION viridian.subscribe(host text, port integer, encrypted boolean, slot name, run text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  password text;
  source text;
  quiet text[];
BEGIN
  SELECT secret INTO STRICT password FROM viridian.handover WHERE xmin = pg_current_xact_id()::xid;
  DELETE FROM viridian.handover;
  IF NOT starts_with(slot::text, 'viridian_way_back_') OR password !~ '^[A-Za-z0-9_-]{40,}$' THEN
    RAISE EXCEPTION 'a slot of ours and a one-time password are wanted';
  END IF;
  FOREACH quiet SLICE 1 IN ARRAY ARRAY[
    ['pg_stat_statements.track', 'none'], ['pgaudit.log', 'none'], ['log_error_verbosity', 'terse']]
  LOOP
    BEGIN
      IF current_setting(quiet[1], true) IS NOT NULL THEN
        PERFORM set_config(quiet[1], quiet[2], true);
      END IF;
    EXCEPTION WHEN OTHERS THEN
      NULL;
    END;
  END LOOP;
  source := viridian.source(host, port, current_database(), password, encrypted);
  BEGIN
    IF EXISTS (SELECT FROM pg_subscription s WHERE s.subname = 'viridian_way_back'
                  AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())) THEN
      EXECUTE format('ALTER SUBSCRIPTION viridian_way_back CONNECTION %L', source);
    ELSE
      EXECUTE format('CREATE SUBSCRIPTION viridian_way_back CONNECTION %L PUBLICATION viridian_way_back
                        WITH (slot_name = %L, create_slot = false, copy_data = false, enabled = false, synchronous_commit = on)', source, slot);
      EXECUTE format('COMMENT ON SUBSCRIPTION viridian_way_back IS %L', run);
    END IF;
  EXCEPTION WHEN OTHERS THEN
    -- The error itself carries the statement as its context.
    RAISE EXCEPTION USING ERRCODE = SQLSTATE, MESSAGE = replace(SQLERRM, password, '***');
  END;
  ALTER SUBSCRIPTION viridian_way_back ENABLE;
  -- The database is closed; the stream is applied in a session of the owner of this function.
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), current_user);
END
$function$;

-- Drops the subscription of this database, which ends its worker, and leaves the slot on the other server alone, which may not even be there.
CREATE OR REPLACE FUNCTION viridian.unsubscribe() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  ALTER SUBSCRIPTION viridian_way_back DISABLE;
  ALTER SUBSCRIPTION viridian_way_back SET (slot_name = NONE);
  DROP SUBSCRIPTION viridian_way_back;
  IF obj_description('viridian.close_database()'::regprocedure, 'pg_proc') IS NOT NULL THEN
    EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM %I', current_database(), current_user);
  END IF;
END
$function$;

-- Statements of the way back that this database refuses, by their kind, with the error's code and the event triggers that it came through: an
-- event trigger of the owner may forbid them. Everything is tried under names of its own, connects to nobody, and is rolled back before this ends.
CREATE OR REPLACE FUNCTION viridian.refused_statements() RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  statement text;
  kind text;
  origin text;
  failed text[] := '{}';
  source CONSTANT text := viridian.source('localhost', 1, current_database(), 'trial', false);
BEGIN
  BEGIN
    FOREACH statement IN ARRAY ARRAY[
      'COMMENT ON FUNCTION viridian.refused_statements() IS ''trial''',
      'CREATE PUBLICATION viridian_trial FOR ALL TABLES',
      'COMMENT ON PUBLICATION viridian_trial IS ''trial''',
      'DROP PUBLICATION viridian_trial',
      format('CREATE SUBSCRIPTION viridian_trial CONNECTION %L PUBLICATION viridian_trial WITH (connect = false, slot_name = NONE)', source),
      'COMMENT ON SUBSCRIPTION viridian_trial IS ''trial''',
      'DROP SUBSCRIPTION viridian_trial',
      -- Another one, with a slot to name: one that has a slot cannot be dropped in a transaction.
      format('CREATE SUBSCRIPTION viridian_trial_on CONNECTION %L PUBLICATION viridian_trial WITH (connect = false)', source),
      format('ALTER SUBSCRIPTION viridian_trial_on CONNECTION %L', source),
      'ALTER SUBSCRIPTION viridian_trial_on ENABLE',
      'ALTER SUBSCRIPTION viridian_trial_on DISABLE',
      'ALTER SUBSCRIPTION viridian_trial_on SET (slot_name = NONE)']
    LOOP
      kind := substring(statement FROM '^[A-Z ]+[A-Z]');
      -- Where the object could not be made, and where its kind was refused already, nothing more is learnt.
      CONTINUE WHEN failed && ARRAY[kind, regexp_replace(kind, '^.* ', 'CREATE ')];
      BEGIN
        EXECUTE statement;
      EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS origin = PG_EXCEPTION_CONTEXT;
        failed := failed || kind;
        RETURN NEXT format('%s (%s)', kind, concat_ws(', event trigger ', SQLSTATE, (
          SELECT string_agg(quote_ident(evtname), ' or ' ORDER BY evtname) FROM pg_event_trigger
           WHERE evtenabled <> 'D' AND position(format('function %s line', evtfoid::regprocedure) IN origin) > 0)));
      END;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'VI000';
  EXCEPTION WHEN SQLSTATE 'VI000' THEN
    NULL;
  END;
END
$function$;

-- How many rows stand in these blocks of a table of the application, and the sum of 60 bits of the MD5 of each, so that both sides can be
-- compared. It reads with the rights of whoever made it, whom row security binds only where a table forces it on its owners, and gives nothing
-- but these sums: whoever calls it need not be able to read a row.
CREATE OR REPLACE FUNCTION viridian.sum_rows(which regclass, from_block bigint, to_block bigint, digested boolean, OUT rows text, OUT digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
DECLARE
  row_text text;
BEGIN
  SELECT format('ROW(%s)::text', (SELECT string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
                                    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
    INTO row_text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
   WHERE c.oid = which AND c.relkind = 'r' AND n.nspname NOT IN ('information_schema', 'viridian') AND n.nspname !~ '^pg_';
  IF row_text IS NULL THEN
    RAISE EXCEPTION '% is no table of the application', which;
  END IF;
  EXECUTE format('SELECT count(*)::text, %s FROM ONLY %s AS t WHERE t.ctid >= %L AND t.ctid < %L',
                 CASE WHEN digested THEN format('coalesce(sum((''x'' || substr(md5(%s), 1, 15))::bit(60)::bigint), 0)::text', row_text) ELSE '''0''' END,
                 which, format('(%s,0)', from_block), format('(%s,0)', to_block))
    INTO rows, digest;
END
$function$;

-- Refreshes the statistics of one table, with this default_statistics_target (null: the server's). ANALYZE is for owners, up to
-- PostgreSQL 16 for nobody else, so this runs with the rights of whoever made it. From 18 on partitions are left to calls of their own.
CREATE OR REPLACE FUNCTION viridian.analyze_table(which regclass, statistics_target integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $function$
BEGIN
  IF statistics_target IS NOT NULL THEN
    PERFORM set_config('default_statistics_target', statistics_target::text, true);
  END IF;
  EXECUTE format(CASE WHEN current_setting('server_version_num')::integer >= 180000 THEN 'ANALYZE ONLY %s' ELSE 'ANALYZE %s' END, which);
END
$function$;

-- Nobody else may use what is ours, whatever rights are given to new objects by default.
DO $ours$
DECLARE
  revoked text;
BEGIN
  FOR revoked IN
    SELECT format('REVOKE ALL ON SCHEMA viridian FROM %s', g.grantee::regrole)
      FROM pg_namespace n, aclexplode(n.nspacl) AS g WHERE n.nspname = 'viridian' AND g.grantee NOT IN (0, n.nspowner)
    UNION
    SELECT format('REVOKE ALL ON %s FROM %s', c.oid::regclass, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) AS g
     WHERE n.nspname = 'viridian' AND c.relkind = 'r' AND g.grantee <> c.relowner
    UNION
    SELECT format('REVOKE ALL ON FUNCTION %s FROM %s', p.oid::regprocedure, CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS g
     WHERE n.nspname = 'viridian' AND g.grantee <> p.proowner
  LOOP
    EXECUTE revoked;
  END LOOP;
END
$ours$;
REVOKE ALL ON SCHEMA viridian FROM PUBLIC;
GRANT USAGE ON SCHEMA viridian TO viridian, viridian_probe;
GRANT SELECT, INSERT, UPDATE, DELETE ON viridian.heartbeat TO viridian;
GRANT INSERT ON viridian.handover TO viridian;
GRANT SELECT, INSERT, UPDATE ON viridian.probe TO viridian_probe;
GRANT EXECUTE ON FUNCTION viridian.mark_server(text), viridian.set_read_only(boolean), viridian.may_connect(), viridian.close_database(), viridian.open_database(),
  viridian.note_fence(jsonb), viridian.hold_role(name, boolean), viridian.set_probe_password(text), viridian.set_replication_password(text),
  viridian.publish(text), viridian.note_publication(text), viridian.unpublish(), viridian.make_slot(name), viridian.drop_slot(name), viridian.changed_tables(name),
  viridian.subscribe(text, integer, boolean, name, text), viridian.unsubscribe(), viridian.refused_statements(), viridian.analyze_table(regclass, integer),
  viridian.sum_rows(regclass, bigint, bigint, boolean) TO viridian;

-- Sequences are set before going back. The user may read no row of the application: an earlier version of this file gave it that right.
DO $grants$
DECLARE
  application_schema name;
BEGIN
  FOR application_schema IN
    SELECT nspname FROM pg_namespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema', 'viridian') AND nspname !~ '^(pg_|rds)'
  LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO viridian', application_schema);
    EXECUTE format('REVOKE SELECT ON ALL TABLES IN SCHEMA %I FROM viridian', application_schema);
    EXECUTE format('GRANT SELECT, UPDATE, USAGE ON ALL SEQUENCES IN SCHEMA %I TO viridian', application_schema);
  END LOOP;
END
$grants$;
