-- Partitions of every kind and two levels, an index that is attached, a materialized view over them, statistics objects.
CREATE TABLE public.facts (day date NOT NULL, region text NOT NULL, amount numeric(14,2), note text) PARTITION BY RANGE (day);
CREATE TABLE public.facts_2025 PARTITION OF public.facts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (region);
CREATE TABLE public.facts_2025_north PARTITION OF public.facts_2025 FOR VALUES IN ('north');
CREATE TABLE public.facts_2025_rest PARTITION OF public.facts_2025 DEFAULT;
CREATE TABLE public.facts_2026 PARTITION OF public.facts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE public.keys (id integer NOT NULL PRIMARY KEY, name text) PARTITION BY HASH (id);
CREATE TABLE public.keys_0 PARTITION OF public.keys FOR VALUES WITH (modulus 2, remainder 0);
CREATE TABLE public.keys_1 PARTITION OF public.keys FOR VALUES WITH (modulus 2, remainder 1);
ALTER TABLE public.facts ADD PRIMARY KEY (day, region);
CREATE INDEX facts_amount ON public.facts (amount);
INSERT INTO public.facts VALUES ('2025-03-01', 'north', 10, 'a'), ('2025-04-01', 'south', 20, 'b'), ('2026-01-01', 'north', 30, 'c');
INSERT INTO public.keys SELECT i, 'key ' || i FROM generate_series(1, 20) i;
CREATE MATERIALIZED VIEW public.by_region AS SELECT region, sum(amount) AS amount FROM public.facts GROUP BY region;
CREATE UNIQUE INDEX by_region_key ON public.by_region (region);
CREATE MATERIALIZED VIEW public.largest AS SELECT max(amount) AS amount FROM public.by_region;
CREATE STATISTICS public.facts_depend (dependencies, ndistinct) ON day, region FROM public.facts_2026;
CREATE VIEW public.north AS SELECT * FROM public.facts WHERE region = 'north' WITH LOCAL CHECK OPTION;
