-- A call that two agents talked in has two wrap-ups.
ALTER TABLE "wrap_ups" DROP CONSTRAINT "wrap_ups_pkey";--> statement-breakpoint
ALTER TABLE "wrap_ups" ADD CONSTRAINT "wrap_ups_call_id_agent_id_pk" PRIMARY KEY("call_id","agent_id");
