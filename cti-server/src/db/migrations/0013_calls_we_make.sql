-- The direction is the machine's own word. Nothing was written into the old column: every call so far came in.
ALTER TABLE "calls" DROP COLUMN "direction";--> statement-breakpoint
ALTER TABLE "calls" ADD COLUMN "direction" text GENERATED ALWAYS AS (coalesce(state->>'direction', 'inbound')) STORED NOT NULL;
