CREATE TABLE "calendars" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"time_zone" text NOT NULL,
	"weekly" jsonb NOT NULL,
	"exceptions" jsonb NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "calendars_name" ON "calendars" USING btree (lower("name"));--> statement-breakpoint
ALTER TABLE "queues" ADD COLUMN "calendar_id" uuid;--> statement-breakpoint
ALTER TABLE "queues" ADD COLUMN "outbound_number_id" uuid;--> statement-breakpoint
ALTER TABLE "queues" ADD COLUMN "rules" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_calendar_id_calendars_id_fk" FOREIGN KEY ("calendar_id") REFERENCES "public"."calendars"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queues" ADD CONSTRAINT "queues_outbound_number_id_numbers_id_fk" FOREIGN KEY ("outbound_number_id") REFERENCES "public"."numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "numbers" ADD COLUMN "priority_bonus" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "numbers" ADD COLUMN "outbound_number_id" uuid;--> statement-breakpoint
ALTER TABLE "numbers" ADD COLUMN "country" text;--> statement-breakpoint
ALTER TABLE "numbers" ADD CONSTRAINT "numbers_outbound_number_id_numbers_id_fk" FOREIGN KEY ("outbound_number_id") REFERENCES "public"."numbers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dispositions" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "dispositions" ADD COLUMN "next_action" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "dispositions" ADD CONSTRAINT "dispositions_parent_id_dispositions_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."dispositions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DROP INDEX "dispositions_name";--> statement-breakpoint
CREATE UNIQUE INDEX "dispositions_name" ON "dispositions" USING btree (lower("name"),coalesce("parent_id", '00000000-0000-0000-0000-000000000000'::uuid));
