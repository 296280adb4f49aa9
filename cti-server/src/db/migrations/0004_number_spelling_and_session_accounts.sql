DROP INDEX "sip_endpoints_session";--> statement-breakpoint
CREATE UNIQUE INDEX "numbers_spelling" ON "numbers" USING btree (regexp_replace("number", '^([+]|00)(?=[0-9]{3})', ''));--> statement-breakpoint
CREATE UNIQUE INDEX "sip_endpoints_session_line" ON "sip_endpoints" USING btree ("session_id","line_id");