CREATE TABLE "lead_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"form_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"text" text NOT NULL,
	"agreed" boolean NOT NULL,
	"address" text NOT NULL,
	"page" text NOT NULL,
	"values" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lead_conversions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid,
	"is_new_customer" boolean NOT NULL,
	"phone_id" uuid,
	"stage_before" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lead_follow_ups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid,
	"text" text NOT NULL,
	"outcome" text NOT NULL,
	"next_step" text,
	"next_step_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lead_forms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"secret" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lead_moves" (
	"id" uuid PRIMARY KEY NOT NULL,
	"lead_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"from_user_id" uuid,
	"to_user_id" uuid,
	"how" text NOT NULL,
	"actor_id" uuid
);
--> statement-breakpoint
CREATE TABLE "lead_rules" (
	"id" integer PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lead_turns" (
	"route_id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "lead_consents" ADD CONSTRAINT "lead_consents_form_id_lead_forms_id_fk" FOREIGN KEY ("form_id") REFERENCES "public"."lead_forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lead_conversions" ADD CONSTRAINT "lead_conversions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lead_follow_ups" ADD CONSTRAINT "lead_follow_ups_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lead_consents_lead" ON "lead_consents" USING btree ("lead_id","at");--> statement-breakpoint
CREATE INDEX "lead_consents_form" ON "lead_consents" USING btree ("form_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "lead_conversions_once" ON "lead_conversions" USING btree ("lead_id") WHERE undone_at is null;--> statement-breakpoint
CREATE INDEX "lead_conversions_customer" ON "lead_conversions" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "lead_follow_ups_lead" ON "lead_follow_ups" USING btree ("lead_id","at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "lead_forms_token" ON "lead_forms" USING btree ("token");--> statement-breakpoint
CREATE INDEX "lead_moves_lead" ON "lead_moves" USING btree ("lead_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "lead_moves_lost" ON "lead_moves" USING btree ("from_user_id","lead_id","at" DESC NULLS LAST) WHERE to_user_id is null;--> statement-breakpoint
CREATE INDEX "lead_moves_grabbed" ON "lead_moves" USING btree ("to_user_id","at" DESC NULLS LAST) WHERE how = 'grabbed';