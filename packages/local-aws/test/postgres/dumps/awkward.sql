--
-- PostgreSQL database dump; it stops here and there to be awkward;
--

\restrict kV3xT9sQ2mZ7

SET statement_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE DATABASE shop WITH TEMPLATE = template0;
\connect shop

/* a comment; with a semicolon /* and another one; inside */ still a comment; */
CREATE SCHEMA public;
CREATE SCHEMA "Sales";
ALTER SCHEMA "Sales" OWNER TO "Shop Owner";

CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions; for "keys"';

CREATE FUNCTION "Sales".note(what text) RETURNS text
    LANGUAGE plpgsql
    AS $_$
BEGIN
  -- not a comment of the script;
  RETURN 'it''s; ' || $1 || $$nested; quote$$;
END;
$_$;

CREATE FUNCTION "Sales".pick(a integer) RETURNS integer
    LANGUAGE sql
    BEGIN ATOMIC
 SELECT CASE WHEN (a > 0) THEN 1 ELSE 2 END;
 SELECT a;
END;

ALTER FUNCTION "Sales".note(what text) OWNER TO reporting;

CREATE TABLE "Sales".customers (
    id integer NOT NULL,
    name text DEFAULT 'a;b'::text, -- trailing; comment
    path text DEFAULT E'c:\\;\'x',
    "odd;name" text
);
ALTER TABLE "Sales".customers OWNER TO "Shop Owner";

CREATE SEQUENCE "Sales".customers_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE "Sales".customers_id_seq OWNER TO "Shop Owner";
ALTER SEQUENCE "Sales".customers_id_seq OWNED BY "Sales".customers.id;
ALTER TABLE ONLY "Sales".customers ALTER COLUMN id SET DEFAULT nextval('"Sales".customers_id_seq'::regclass);

CREATE TABLE "Sales".visits (day date NOT NULL, customer integer NOT NULL, pages integer) PARTITION BY RANGE (day);
CREATE TABLE "Sales".visits_2025 (day date NOT NULL, customer integer NOT NULL, pages integer);
CREATE TABLE "Sales".visits_2026 (day date NOT NULL, customer integer NOT NULL, pages integer);
ALTER TABLE ONLY "Sales".visits ATTACH PARTITION "Sales".visits_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
ALTER TABLE ONLY "Sales".visits ATTACH PARTITION "Sales".visits_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');

CREATE MATERIALIZED VIEW "Sales".totals AS SELECT customer, sum(pages) AS pages FROM "Sales".visits GROUP BY customer WITH NO DATA;

COPY "Sales".customers (id, name, path, "odd;name") FROM stdin;
1	Ada; Countess	\\.	x
2	\N	two\nlines	--
3	tab\there	\\restrict	$$
\.

COPY "Sales".visits_2025 (day, customer, pages) FROM stdin;
2025-03-01	1	7
\.
COPY "Sales".visits_2026 (day, customer, pages) FROM stdin;
\.

INSERT INTO "Sales".visits_2026 VALUES ('2026-02-02', 2, 5); INSERT INTO "Sales".visits_2026 VALUES ('2026-02-03', 2, 6);

SELECT pg_catalog.setval('"Sales".customers_id_seq', 41, true);

ALTER TABLE ONLY "Sales".customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY "Sales".visits ADD CONSTRAINT visits_pkey PRIMARY KEY (day, customer);
ALTER TABLE ONLY "Sales".visits_2025 ADD CONSTRAINT visits_2025_pkey PRIMARY KEY (day, customer);
ALTER TABLE ONLY "Sales".visits_2026 ADD CONSTRAINT visits_2026_pkey PRIMARY KEY (day, customer);
ALTER INDEX "Sales".visits_pkey ATTACH PARTITION "Sales".visits_2025_pkey;
ALTER INDEX "Sales".visits_pkey ATTACH PARTITION "Sales".visits_2026_pkey;
CREATE RULE quiet AS ON DELETE TO "Sales".customers DO ALSO (SELECT 1; SELECT 2);
REFRESH MATERIALIZED VIEW "Sales".totals;

GRANT SELECT ON TABLE "Sales".customers TO reporting, auditor;
ALTER DEFAULT PRIVILEGES FOR ROLE "Shop Owner" IN SCHEMA "Sales" GRANT SELECT ON TABLES TO auditor;

CREATE PUBLICATION sales_feed FOR TABLE ONLY "Sales".customers;
ALTER PUBLICATION sales_feed OWNER TO "Shop Owner";

\unrestrict kV3xT9sQ2mZ7
