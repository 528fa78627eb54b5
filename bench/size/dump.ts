const rows = 20;

/** A dump as `pg_dump` writes one: so many tables, each with a key from a sequence of its own, an index and a few rows. */
export function writeDump(tables: number): string {
  return Array.from({ length: tables }, (_, index) => writeTable(`thing_${index}`)).join('\n');
}

function writeTable(name: string): string {
  const values = Array.from({ length: rows }, (_, row) => `${row + 1}\tword ${row}\t2026-01-01 00:00:00`);
  return `CREATE TABLE public.${name} (id integer NOT NULL, word text, at timestamp without time zone);
CREATE SEQUENCE public.${name}_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.${name}_id_seq OWNED BY public.${name}.id;
ALTER TABLE ONLY public.${name} ALTER COLUMN id SET DEFAULT nextval('public.${name}_id_seq'::regclass);
COPY public.${name} (id, word, at) FROM stdin;
${values.join('\n')}
\\.
SELECT pg_catalog.setval('public.${name}_id_seq', ${rows}, true);
ALTER TABLE ONLY public.${name} ADD CONSTRAINT ${name}_pkey PRIMARY KEY (id);
CREATE INDEX ${name}_at ON public.${name} USING btree (at);
`;
}
