CREATE TABLE "callbacks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"customer_id" uuid,
	"contact_name" text NOT NULL,
	"queue_id" uuid,
	"agent_id" uuid,
	"due_at" timestamp (3) with time zone NOT NULL,
	"remind_at" timestamp (3) with time zone NOT NULL,
	"time_zone" text NOT NULL,
	"note" text NOT NULL,
	"state" text NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"last_outcome" text,
	"claimed_by" uuid,
	"claimed_until" timestamp (3) with time zone,
	"call_id" uuid,
	"source_call_id" uuid,
	"queued_at" timestamp (3) with time zone,
	"priority" integer DEFAULT 0 NOT NULL,
	"created_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "callback_attempts" (
	"callback_id" uuid NOT NULL,
	"call_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"agent_id" uuid,
	"outcome" text NOT NULL,
	CONSTRAINT "callback_attempts_callback_id_call_id_pk" PRIMARY KEY("callback_id","call_id")
);
--> statement-breakpoint
CREATE TABLE "callback_forms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"secret" text NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "callback_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"callback_id" uuid NOT NULL,
	"form_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"text" text NOT NULL,
	"locale" text NOT NULL,
	"address" text NOT NULL,
	"page" text NOT NULL,
	"answer" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "voicemails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"call_id" uuid NOT NULL,
	"line_id" text NOT NULL,
	"recording_id" text NOT NULL,
	"queue_id" uuid NOT NULL,
	"from_raw" text NOT NULL,
	"from_e164" text,
	"customer_id" uuid,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"seconds" integer NOT NULL,
	"sound" text NOT NULL,
	"heard_by" uuid,
	"heard_at" timestamp (3) with time zone,
	"assignee_id" uuid,
	"state" text NOT NULL,
	"transcript" text NOT NULL,
	"note" text NOT NULL,
	"done_at" timestamp (3) with time zone,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "voicemail_sounds" (
	"voicemail_id" uuid PRIMARY KEY NOT NULL,
	"media_type" text NOT NULL,
	"bytes" integer NOT NULL,
	"content" "bytea" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_agent_id_users_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_claimed_by_users_id_fk" FOREIGN KEY ("claimed_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callbacks" ADD CONSTRAINT "callbacks_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callback_attempts" ADD CONSTRAINT "callback_attempts_callback_id_callbacks_id_fk" FOREIGN KEY ("callback_id") REFERENCES "public"."callbacks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callback_attempts" ADD CONSTRAINT "callback_attempts_agent_id_users_id_fk" FOREIGN KEY ("agent_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callback_consents" ADD CONSTRAINT "callback_consents_callback_id_callbacks_id_fk" FOREIGN KEY ("callback_id") REFERENCES "public"."callbacks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "callback_consents" ADD CONSTRAINT "callback_consents_form_id_callback_forms_id_fk" FOREIGN KEY ("form_id") REFERENCES "public"."callback_forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voicemails" ADD CONSTRAINT "voicemails_queue_id_queues_id_fk" FOREIGN KEY ("queue_id") REFERENCES "public"."queues"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voicemails" ADD CONSTRAINT "voicemails_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voicemails" ADD CONSTRAINT "voicemails_heard_by_users_id_fk" FOREIGN KEY ("heard_by") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voicemails" ADD CONSTRAINT "voicemails_assignee_id_users_id_fk" FOREIGN KEY ("assignee_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voicemail_sounds" ADD CONSTRAINT "voicemail_sounds_voicemail_id_voicemails_id_fk" FOREIGN KEY ("voicemail_id") REFERENCES "public"."voicemails"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "callbacks_of_agent" ON "callbacks" USING btree ("agent_id","due_at","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "callbacks_of_queue" ON "callbacks" USING btree ("queue_id","due_at","id") WHERE ended_at is null and agent_id is null;--> statement-breakpoint
CREATE INDEX "callbacks_due" ON "callbacks" USING btree ("due_at","id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "callbacks_remind" ON "callbacks" USING btree ("remind_at","id") WHERE ended_at is null and agent_id is not null;--> statement-breakpoint
CREATE INDEX "callbacks_ended" ON "callbacks" USING btree ("ended_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE ended_at is not null;--> statement-breakpoint
CREATE INDEX "callbacks_customer" ON "callbacks" USING btree ("customer_id","due_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "callbacks_number" ON "callbacks" USING btree ("number","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "callbacks_place_of_call" ON "callbacks" USING btree ("source_call_id") WHERE kind = 'keptPlace';--> statement-breakpoint
CREATE UNIQUE INDEX "callbacks_place_of_number" ON "callbacks" USING btree ("queue_id","number") WHERE kind = 'keptPlace' and ended_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "callback_forms_token" ON "callback_forms" USING btree ("token");--> statement-breakpoint
CREATE INDEX "callback_consents_callback" ON "callback_consents" USING btree ("callback_id","at");--> statement-breakpoint
CREATE INDEX "callback_consents_form" ON "callback_consents" USING btree ("form_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "voicemails_call" ON "voicemails" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "voicemails_queue" ON "voicemails" USING btree ("queue_id","state","recorded_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "voicemails_recorded" ON "voicemails" USING btree ("recorded_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "voicemails_customer" ON "voicemails" USING btree ("customer_id","recorded_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "voicemails_unfetched" ON "voicemails" USING btree ("recorded_at") WHERE sound = 'atSwitch';
