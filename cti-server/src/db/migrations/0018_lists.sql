-- What lists of calls, states and changes are narrowed by, each in the order of the list. The indexes of before said NULLS LAST, which no
-- list asks for: they found rows, but never gave their order.
-- Rows of `calls` are written several times while a call lives: what is only there at its end is kept out of the indexes until then.
ALTER TABLE calls ADD COLUMN disposition_id uuid REFERENCES dispositions (id);--> statement-breakpoint
ALTER TABLE calls ADD COLUMN returned_by_id uuid;--> statement-breakpoint
UPDATE calls c SET disposition_id = w.disposition_id FROM wrap_ups w WHERE w.call_id = c.id AND w.agent_id = c.agent_id AND w.disposition_id IS NOT NULL;--> statement-breakpoint
-- The disposition stands beside the call too, so that ten million calls can be looked through by it without reading another table.
CREATE FUNCTION note_disposition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE calls SET disposition_id = NEW.disposition_id WHERE id = NEW.call_id AND disposition_id IS DISTINCT FROM NEW.disposition_id;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER note_disposition AFTER INSERT OR UPDATE OF disposition_id ON wrap_ups
  FOR EACH ROW WHEN (NEW.disposition_id IS NOT NULL) EXECUTE FUNCTION note_disposition();--> statement-breakpoint
DROP INDEX calls_started;--> statement-breakpoint
DROP INDEX calls_customer;--> statement-breakpoint
DROP INDEX calls_agent;--> statement-breakpoint
DROP INDEX calls_queue;--> statement-breakpoint
DROP INDEX calls_from;--> statement-breakpoint
CREATE INDEX calls_started ON calls (started_at, id);--> statement-breakpoint
CREATE INDEX calls_customer ON calls (customer_id, started_at, id) WHERE customer_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX calls_agent ON calls (agent_id, started_at, id) WHERE agent_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX calls_queue ON calls (queue_id, started_at, id);--> statement-breakpoint
CREATE INDEX calls_from ON calls (from_e164, started_at, id);--> statement-breakpoint
CREATE INDEX calls_disposition ON calls (disposition_id, started_at, id) WHERE disposition_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX calls_outcome ON calls (outcome, started_at, id) WHERE outcome IS NOT NULL;--> statement-breakpoint
CREATE INDEX calls_direction ON calls (direction, started_at, id) WHERE direction <> 'inbound';--> statement-breakpoint
CREATE INDEX calls_dialled ON calls (dialled_number, started_at, id);--> statement-breakpoint
CREATE INDEX calls_from_end ON calls (reverse(from_e164) COLLATE "C");--> statement-breakpoint
CREATE INDEX calls_withheld ON calls (started_at, id) WHERE from_e164 IS NULL;--> statement-breakpoint
CREATE INDEX calls_untaken ON calls (queue_id, started_at, id) WHERE agent_id IS NULL;--> statement-breakpoint
CREATE INDEX calls_wait ON calls (round(extract(epoch FROM coalesce(answered_at, ended_at) - queued_at)), id);--> statement-breakpoint
CREATE INDEX calls_talk ON calls (round(extract(epoch FROM ended_at - answered_at)), id);--> statement-breakpoint
-- Who called in vain and has not been spoken with since, in either direction. It is noted when it happens: to look for it each time would
-- mean to look for a later call of each call that was ever lost.
CREATE INDEX calls_to_return ON calls (started_at, id) WHERE answered_at IS NULL AND ended_at IS NOT NULL AND returned_by_id IS NULL;--> statement-breakpoint
CREATE INDEX calls_number_to_return ON calls (from_e164) WHERE answered_at IS NULL AND ended_at IS NOT NULL AND returned_by_id IS NULL;--> statement-breakpoint
CREATE FUNCTION note_return() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE calls SET returned_by_id = NEW.id
  WHERE from_e164 = NEW.from_e164 AND answered_at IS NULL AND ended_at IS NOT NULL AND returned_by_id IS NULL AND started_at < NEW.started_at;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER note_return AFTER UPDATE OF answered_at ON calls FOR EACH ROW
  WHEN (OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL AND NEW.from_e164 IS NOT NULL) EXECUTE FUNCTION note_return();--> statement-breakpoint
-- One that is given up while the same number is spoken with already.
CREATE FUNCTION note_returned() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.returned_by_id := (
    SELECT id FROM calls WHERE from_e164 = NEW.from_e164 AND started_at > NEW.started_at AND answered_at IS NOT NULL ORDER BY started_at LIMIT 1);
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER note_returned BEFORE UPDATE OF ended_at ON calls FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.answered_at IS NULL AND NEW.from_e164 IS NOT NULL) EXECUTE FUNCTION note_returned();--> statement-breakpoint
UPDATE calls c SET returned_by_id = (SELECT l.id FROM calls l WHERE l.from_e164 = c.from_e164 AND l.started_at > c.started_at AND l.answered_at IS NOT NULL ORDER BY l.started_at LIMIT 1)
WHERE c.answered_at IS NULL AND c.ended_at IS NOT NULL AND c.from_e164 IS NOT NULL;--> statement-breakpoint
-- What agents were, from when to when: folded from their ledger as it grows. The same state written again, for instance with more time for
-- after-call work, goes on.
CREATE TABLE agent_spans (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  agent_id uuid NOT NULL,
  state text NOT NULL,
  reason_code_id uuid,
  call_id uuid,
  from_at timestamptz(3) NOT NULL,
  until_at timestamptz(3)
);--> statement-breakpoint
INSERT INTO agent_spans (agent_id, state, reason_code_id, call_id, from_at, until_at)
SELECT agent_id, state, reason_code_id, call_id, at, lead(at) OVER (PARTITION BY agent_id ORDER BY seq)
FROM (
  SELECT e.*, lag(ROW(state, reason_code_id, call_id)) OVER (PARTITION BY agent_id ORDER BY seq) IS NOT DISTINCT FROM ROW(state, reason_code_id, call_id) AS goes_on
  FROM agent_events e
) AS changes WHERE NOT goes_on ORDER BY at;--> statement-breakpoint
CREATE INDEX agent_spans_from ON agent_spans (from_at, id);--> statement-breakpoint
CREATE INDEX agent_spans_agent ON agent_spans (agent_id, from_at, id);--> statement-breakpoint
CREATE INDEX agent_spans_reason ON agent_spans (reason_code_id, from_at, id) WHERE reason_code_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX agent_spans_seconds ON agent_spans (round(extract(epoch FROM until_at - from_at)), id);--> statement-breakpoint
CREATE FUNCTION fold_agent_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last agent_spans;
BEGIN
  SELECT * INTO last FROM agent_spans WHERE agent_id = NEW.agent_id ORDER BY from_at DESC, id DESC LIMIT 1;
  IF last.id IS NOT NULL THEN
    IF ROW(last.state, last.reason_code_id, last.call_id) IS NOT DISTINCT FROM ROW(NEW.state, NEW.reason_code_id, NEW.call_id) THEN
      RETURN NULL;
    END IF;
    UPDATE agent_spans SET until_at = greatest(NEW.at, from_at) WHERE id = last.id;
  END IF;
  INSERT INTO agent_spans (agent_id, state, reason_code_id, call_id, from_at)
  VALUES (NEW.agent_id, NEW.state, NEW.reason_code_id, NEW.call_id, greatest(NEW.at, last.from_at));
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER fold_agent_event AFTER INSERT ON agent_events FOR EACH ROW EXECUTE FUNCTION fold_agent_event();--> statement-breakpoint
-- Lines of the audit never change and come in the order of time: a few bytes for each thousand of them find a day.
CREATE INDEX audit_at ON audit_log USING brin (at);--> statement-breakpoint
CREATE INDEX audit_action ON audit_log (action, id);
