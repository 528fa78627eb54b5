-- As an object-relational mapper makes it: names in quotes, enums, uuid keys, arrays, json, soft deletion, a table of migrations.
CREATE EXTENSION IF NOT EXISTS pgcrypto WITH SCHEMA public;
CREATE TYPE public."OrderState" AS ENUM ('open', 'paid', 'sent');
CREATE TABLE public."_migrations" (id character varying(36) NOT NULL, checksum character varying(64) NOT NULL, applied_at timestamptz DEFAULT now() NOT NULL);
CREATE TABLE public."User" (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    "displayName" text,
    tags text[] DEFAULT '{}'::text[],
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    "createdAt" timestamp(3) without time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    "deletedAt" timestamp(3) without time zone
);
CREATE TABLE public."Order" (
    id serial NOT NULL,
    "userId" uuid NOT NULL,
    state public."OrderState" DEFAULT 'open'::public."OrderState" NOT NULL,
    total numeric(65,30) NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, "userId"::text)) STORED
);
CREATE TABLE public."_OrderToTag" ("A" integer NOT NULL, "B" text NOT NULL);
COPY public."User" (id, email, "displayName", tags, settings) FROM stdin;
00000000-0000-0000-0000-000000000001	a@example.org	Ünal \\ "x"	{a,"b c"}	{"theme": "dark", "n": [1, null]}
00000000-0000-0000-0000-000000000002	b@example.org	\N	{}	{}
\.
INSERT INTO public."Order" ("userId", state, total) SELECT id, 'paid', 12.5 FROM public."User";
INSERT INTO public."_OrderToTag" VALUES (1, 'x'), (2, 'y');
ALTER TABLE ONLY public."_migrations" ADD CONSTRAINT "_migrations_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."User" ADD CONSTRAINT "User_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."Order" ADD CONSTRAINT "Order_pkey" PRIMARY KEY (id);
ALTER TABLE ONLY public."_OrderToTag" ADD CONSTRAINT "_OrderToTag_AB_pkey" PRIMARY KEY ("A", "B");
CREATE UNIQUE INDEX "User_email_key" ON public."User" USING btree (lower(email)) WHERE "deletedAt" IS NULL;
CREATE INDEX "Order_search_idx" ON public."Order" USING gin (search);
ALTER TABLE ONLY public."Order" ADD CONSTRAINT "Order_userId_fkey" FOREIGN KEY ("userId") REFERENCES public."User"(id) ON UPDATE CASCADE ON DELETE RESTRICT;
