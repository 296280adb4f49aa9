-- What a person types and what a record holds, made comparable: lower case, no accents.
CREATE FUNCTION fold_text(value text) RETURNS text
  LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  RETURN lower(unaccent('unaccent'::regdictionary, value));
--> statement-breakpoint
-- Each Chinese character of a folded text, and each pair of neighbours: trigrams do not find words of one or two characters, and most
-- Chinese words and names have two. A text without Chinese has none and costs one look.
CREATE FUNCTION han_grams(folded text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  grams text[] := '{}';
  run text;
BEGIN
  -- as many bytes as characters: plain ASCII, as most texts are
  IF octet_length(folded) = length(folded) OR folded !~ '[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]' THEN
    RETURN grams;
  END IF;
  FOREACH run IN ARRAY regexp_split_to_array(folded, '[^\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+') LOOP
    FOR start IN 1..length(run) LOOP
      grams := grams || ARRAY[substr(run, start, 1), substr(run, start, 2)];
    END LOOP;
  END LOOP;
  RETURN grams;
END $$;
--> statement-breakpoint
DROP INDEX "customers_name";--> statement-breakpoint
DROP INDEX "customers_tier";--> statement-breakpoint
DROP INDEX "tickets_customer";--> statement-breakpoint
DROP INDEX "tickets_assignee";--> statement-breakpoint
DROP INDEX "timeline_once";--> statement-breakpoint
CREATE INDEX "customer_phones_beginning" ON "customer_phones" USING btree ("e164" collate "C","customer_id");--> statement-breakpoint
CREATE INDEX "customer_phones_end" ON "customer_phones" USING btree (reverse("e164") collate "C","customer_id");--> statement-breakpoint
CREATE INDEX "customers_han" ON "customers" USING gin (han_grams("search_text"));--> statement-breakpoint
CREATE INDEX "customers_order" ON "customers" USING btree ("search_text" collate "C","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "customers_tier_order" ON "customers" USING btree ("tier","search_text" collate "C","id") WHERE deleted_at is null;--> statement-breakpoint
CREATE INDEX "tickets_open" ON "tickets" USING btree ("customer_id","opened_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tickets_open_order" ON "tickets" USING btree ("opened_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "tickets_search" ON "tickets" USING gin (fold_text("subject") gin_trgm_ops);--> statement-breakpoint
CREATE INDEX "tickets_han" ON "tickets" USING gin (han_grams(fold_text("subject")));--> statement-breakpoint
CREATE INDEX "timeline_contacts" ON "timeline_entries" USING btree ("customer_id","at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE kind in ('call', 'note');--> statement-breakpoint
CREATE INDEX "tickets_customer" ON "tickets" USING btree ("customer_id","opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_assignee" ON "tickets" USING btree ("assignee_id","opened_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "timeline_once" ON "timeline_entries" USING btree ("ref_id","kind") WHERE ref_id is not null;