CREATE TABLE "record_merge_moves" (
	"merge_id" uuid NOT NULL,
	"table_name" text NOT NULL,
	"column_name" text NOT NULL,
	"ids" uuid[] NOT NULL,
	CONSTRAINT "record_merge_moves_merge_id_table_name_column_name_pk" PRIMARY KEY("merge_id","table_name","column_name")
);
--> statement-breakpoint
CREATE TABLE "record_merges" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"user_id" uuid,
	"record_type" text NOT NULL,
	"kept_id" uuid NOT NULL,
	"gone_id" uuid NOT NULL,
	"before" jsonb NOT NULL,
	"after" jsonb NOT NULL,
	"undone_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "record_merge_moves" ADD CONSTRAINT "record_merge_moves_merge_id_record_merges_id_fk" FOREIGN KEY ("merge_id") REFERENCES "public"."record_merges"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_merges" ADD CONSTRAINT "record_merges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "record_merges_kept" ON "record_merges" USING btree ("kept_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "record_merges_gone" ON "record_merges" USING btree ("gone_id");