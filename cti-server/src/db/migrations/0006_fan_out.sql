DROP TABLE "pop_times" CASCADE;--> statement-breakpoint
-- Messages among servers that are too long for NOTIFY (@socket.io/postgres-adapter).
CREATE TABLE IF NOT EXISTS socket_io_attachments (id bigserial UNIQUE, created_at timestamptz DEFAULT now(), payload bytea);
