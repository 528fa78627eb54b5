-- As pg_dump writes a large object.
CREATE TABLE public.documents (id integer PRIMARY KEY, content oid);
SELECT pg_catalog.lo_create('16500');
BEGIN;
SELECT pg_catalog.lo_open('16500', 131072);
SELECT pg_catalog.lowrite(0, '\x68656c6c6f');
SELECT pg_catalog.lo_close(0);
COMMIT;
INSERT INTO public.documents VALUES (1, 16500);
