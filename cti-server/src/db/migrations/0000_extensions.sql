-- Trigrams find parts of names; unaccent lets "Jose" find "José".
CREATE EXTENSION IF NOT EXISTS pg_trgm;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS unaccent;
--> statement-breakpoint
-- The text a customer is found by. Immutable, because a generated column is computed from it: unaccent with its dictionary named is.
CREATE FUNCTION search_text(name text, company text, email text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN lower(unaccent('unaccent'::regdictionary, name || ' ' || coalesce(company, '') || ' ' || coalesce(email, '')));
