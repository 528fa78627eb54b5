-- Changes of the schema are forbidden once everything is there, also those that the service itself makes.
CREATE TABLE public.items (id integer PRIMARY KEY, name text);
CREATE TABLE public.item_log (id bigserial PRIMARY KEY, what text);
INSERT INTO public.items VALUES (1, 'pen');
CREATE FUNCTION public.log_item() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.item_log (what) VALUES (TG_OP); RETURN NULL; END $$;
CREATE TRIGGER log_item AFTER INSERT ON public.items FOR EACH ROW EXECUTE FUNCTION public.log_item();
ALTER TABLE public.items ENABLE ALWAYS TRIGGER log_item;
CREATE FUNCTION public.forbid() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no change of the schema: %', tg_tag; END $$;
CREATE EVENT TRIGGER forbid ON ddl_command_start EXECUTE FUNCTION public.forbid();
