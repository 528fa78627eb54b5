-- What logical replication does not carry whole: a large object, as pg_dump writes it, rows that are not logged, and rows that nothing identifies.
CREATE TABLE public.documents (id integer PRIMARY KEY, content oid);
CREATE UNLOGGED TABLE public.carts (id integer PRIMARY KEY, item text);
CREATE TABLE public.keyless (word text);
SELECT pg_catalog.lo_create('16500');
BEGIN;
SELECT pg_catalog.lo_open('16500', 131072);
SELECT pg_catalog.lowrite(0, '\x68656c6c6f');
SELECT pg_catalog.lo_close(0);
COMMIT;
INSERT INTO public.documents VALUES (1, 16500);
INSERT INTO public.carts VALUES (1, 'pen'), (2, 'ink');
INSERT INTO public.keyless VALUES ('a'), ('b');
