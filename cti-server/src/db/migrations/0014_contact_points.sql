-- Ways to reach customers and their contacts: many numbers, e-mails and addresses, what people agreed to, and who must not be called.
ALTER TABLE "customer_phones" ADD COLUMN "consents" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "customer_phones" ADD COLUMN "do_not_call" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "customer_phones" ADD COLUMN "do_not_call_reason" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "customer_phones" ADD COLUMN "do_not_call_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "customer_phones" ADD COLUMN "do_not_call_by_id" uuid;--> statement-breakpoint
CREATE TABLE "customer_emails" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid,
	"address" text NOT NULL,
	"kind" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"consents" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"merge_id" uuid
);
--> statement-breakpoint
CREATE TABLE "customer_addresses" (
	"id" uuid PRIMARY KEY NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid,
	"kind" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"street" text,
	"postcode" text,
	"city" text,
	"region" text,
	"country" text,
	"merge_id" uuid
);
--> statement-breakpoint
CREATE TABLE "ticket_rules" (
	"id" integer PRIMARY KEY NOT NULL,
	"rules" jsonb NOT NULL,
	"version" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_turns" (
	"route_id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL
);
--> statement-breakpoint
ALTER TABLE "record_comments" ADD COLUMN "to_customer" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "customer_phones" ADD CONSTRAINT "customer_phones_do_not_call_by_id_users_id_fk" FOREIGN KEY ("do_not_call_by_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_emails" ADD CONSTRAINT "customer_emails_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_emails" ADD CONSTRAINT "customer_emails_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_addresses" ADD CONSTRAINT "customer_addresses_customer_id_customers_id_fk" FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_addresses" ADD CONSTRAINT "customer_addresses_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customer_phones_contact" ON "customer_phones" USING btree ("contact_id") WHERE contact_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "customer_emails_once" ON "customer_emails" USING btree (lower("address"),"customer_id");--> statement-breakpoint
CREATE INDEX "customer_emails_customer" ON "customer_emails" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "customer_addresses_customer" ON "customer_addresses" USING btree ("customer_id");--> statement-breakpoint
CREATE INDEX "tickets_unassigned" ON "tickets" USING btree ("opened_at","id") WHERE assignee_id is null and closed_at is null and deleted_at is null;--> statement-breakpoint
-- A contact's number, however it came (a form, an import, a conversion), is among the numbers that callers are found by, and follows the
-- contact to another customer. A number that must not be called stays when its contact gets another one: the promise was made to a person.
ALTER TABLE "contacts" ADD COLUMN IF NOT EXISTS "phone" text;--> statement-breakpoint
CREATE FUNCTION contact_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.phone IS NOT NULL AND OLD.phone IS DISTINCT FROM NEW.phone THEN
      DELETE FROM customer_phones p WHERE p.contact_id = NEW.id AND p.e164 = OLD.phone AND NOT p.do_not_call;
    END IF;
    IF OLD.customer_id <> NEW.customer_id THEN
      UPDATE customer_phones p SET customer_id = NEW.customer_id, is_main = false
        WHERE p.contact_id = NEW.id AND p.customer_id = OLD.customer_id
          AND NOT EXISTS (SELECT FROM customer_phones o WHERE o.customer_id = NEW.customer_id AND o.e164 = p.e164);
      UPDATE customer_emails e SET customer_id = NEW.customer_id
        WHERE e.contact_id = NEW.id AND e.customer_id = OLD.customer_id
          AND NOT EXISTS (SELECT FROM customer_emails o WHERE o.customer_id = NEW.customer_id AND lower(o.address) = lower(e.address));
      UPDATE customer_addresses a SET customer_id = NEW.customer_id WHERE a.contact_id = NEW.id AND a.customer_id = OLD.customer_id;
    END IF;
  END IF;
  IF NEW.phone IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.phone IS DISTINCT FROM NEW.phone) THEN
    INSERT INTO customer_phones (id, customer_id, contact_id, e164, kind, is_main)
      VALUES (gen_random_uuid(), NEW.customer_id, NEW.id, NEW.phone, 'work', false)
      ON CONFLICT (e164, customer_id) DO UPDATE SET contact_id = coalesce(customer_phones.contact_id, excluded.contact_id);
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER contact_numbers AFTER INSERT OR UPDATE OF phone, customer_id ON "contacts" FOR EACH ROW EXECUTE FUNCTION contact_numbers();--> statement-breakpoint
INSERT INTO customer_phones (id, customer_id, contact_id, e164, kind, is_main)
  SELECT gen_random_uuid(), k.customer_id, k.id, k.phone, 'work', false FROM contacts k WHERE k.phone IS NOT NULL AND k.deleted_at IS NULL
  ON CONFLICT (e164, customer_id) DO UPDATE SET contact_id = coalesce(customer_phones.contact_id, excluded.contact_id);
