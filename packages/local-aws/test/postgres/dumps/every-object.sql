-- Every kind of object that pg_dump writes, but for those that are a case of their own.
CREATE SCHEMA extra;
CREATE EXTENSION IF NOT EXISTS postgres_fdw WITH SCHEMA extra;
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA extra;
CREATE DOMAIN extra.positive AS integer CONSTRAINT above_zero CHECK (VALUE > 0);
CREATE TYPE extra.size AS ENUM ('s', 'm', 'l');
CREATE TYPE extra.pair AS (a extra.positive, b text);
CREATE TYPE extra.spans AS RANGE (subtype = float8);
CREATE FUNCTION extra.add(a integer, b integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a + b;
CREATE PROCEDURE extra.note(what text) LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', what; END; $$;
CREATE AGGREGATE extra.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE OPERATOR extra.<+> (FUNCTION = extra.add, LEFTARG = integer, RIGHTARG = integer);
CREATE FUNCTION extra.to_size(integer) RETURNS extra.size LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1 < 5 THEN 's' ELSE 'l' END::extra.size $$;
CREATE CAST (integer AS extra.size) WITH FUNCTION extra.to_size(integer);
CREATE COLLATION extra.plain (provider = libc, locale = 'C');
CREATE TEXT SEARCH CONFIGURATION extra.words (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION extra.words ADD MAPPING FOR asciiword WITH simple;
CREATE TEXT SEARCH DICTIONARY extra.short (TEMPLATE = pg_catalog.simple, stopwords = 'english');
CREATE OPERATOR FAMILY extra.family USING btree;
CREATE CONVERSION extra.back FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
CREATE ACCESS METHOD another TYPE INDEX HANDLER bthandler;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'nowhere');
CREATE USER MAPPING FOR PUBLIC SERVER elsewhere OPTIONS ("user" 'nobody');
CREATE FOREIGN TABLE extra.remote (id integer, name text) SERVER elsewhere OPTIONS (table_name 'there');
CREATE SEQUENCE extra.down AS smallint INCREMENT BY -2 MINVALUE -100 MAXVALUE 100 START WITH 100 CACHE 3 CYCLE;
SELECT pg_catalog.setval('extra.down', 40, false);
CREATE TABLE extra.things (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size extra.size DEFAULT 'm', pair extra.pair, spans extra.spans, named text COLLATE extra.plain, more extra.hstore,
    doubled integer GENERATED ALWAYS AS (2 * 21) STORED, bits bit varying(8), net inet, raw bytea, doc xml, at timestamptz[],
    CONSTRAINT no_overlap EXCLUDE USING gist (spans WITH &&) DEFERRABLE
) WITH (fillfactor = 70);
INSERT INTO extra.things (pair, spans, named, more, bits, net, raw, doc, at) VALUES (ROW(1, 'x'), '[1,2)', 'é', 'a=>1', B'101', '10.0.0.1/8', '\x00ff', '<a/>', '{2026-01-01 00:00+00,NULL}');
ALTER TABLE extra.things ALTER COLUMN named SET STORAGE EXTERNAL, ALTER COLUMN id SET STATISTICS 500, CLUSTER ON things_pkey;
CREATE TABLE extra.child (extra_column text, PRIMARY KEY (id)) INHERITS (extra.things);
INSERT INTO extra.child (id, named, extra_column) VALUES (1000, 'child', 'y');
CREATE TABLE extra.typed OF extra.pair (a WITH OPTIONS PRIMARY KEY);
CREATE FUNCTION extra.stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.named := NEW.named || '!'; RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE OF named ON extra.things FOR EACH ROW WHEN (OLD.named IS DISTINCT FROM NEW.named) EXECUTE FUNCTION extra.stamp();
CREATE RULE no_delete AS ON DELETE TO extra.child DO INSTEAD (SELECT 1; SELECT 2);
CREATE VIEW extra.seen WITH (security_barrier = true) AS SELECT id, named FROM extra.things;
GRANT SELECT (id, named), UPDATE (named) ON extra.things TO every_reader WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION extra.add(integer, integer) TO GROUP every_reader, PUBLIC;
REVOKE ALL ON SCHEMA extra FROM PUBLIC;
COMMENT ON CONSTRAINT above_zero ON DOMAIN extra.positive IS 'it''s; above';
COMMENT ON COLUMN extra.things.named IS E'two\nlines';
CREATE FUNCTION extra.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nothing is dropped here'; END $$;
CREATE EVENT TRIGGER no_drop ON sql_drop EXECUTE FUNCTION extra.refuse_drop();
