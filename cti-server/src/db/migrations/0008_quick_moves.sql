-- Saves moves of different calls and agents at once, when nobody else moved any of them meanwhile: a few statements for all of them
-- instead of a dozen for each. Otherwise it saves nothing and says so with MV001 (or 23505, when a new row is there already); the caller
-- then goes through save_moves(), which tells move by move what is the matter.
--   new_calls, old_calls  [{"move", "base", "state"}]             state is the call as call-machine.ts has it
--   agents                [{"move", "base", "state", "at"}]       at: when the agent's state changed; null when only something else did
--   events                [{"callId", "seq", "atMs", "kind", "queueId", "agentId", "customerId", "data"}]
--   wrap_ups_opened       [{"callId", "agentId", "queueId", "startedAtMs"}]
-- Each is null when there is none. Lists are short and keys are at hand, whatever the planner thinks of a list of unknown length.
CREATE FUNCTION save_moves_at_once(new_calls json, old_calls json, agents_moved json, events json, wrap_ups_opened json) RETURNS void
  LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  saved int;
  made int;
BEGIN
  IF new_calls IS NOT NULL THEN
    INSERT INTO calls (id, version, last_move, line_id, state, from_raw, from_e164, dialled_number, queue_id, customer_id, agent_id,
                       outcome, ended_by, started_at, queued_at, answered_at, ended_at)
    SELECT (s->>'id')::uuid, (s->>'version')::int, c.move, s->>'lineId', s, s->>'fromRaw', s->>'fromE164', s->>'dialledNumber',
           (s->>'queueId')::uuid, (s->>'customerId')::uuid, (s->>'agentId')::uuid, s->>'outcome', s->>'endedBy',
           to_timestamp((s->>'startedAtMs')::float8 / 1000), to_timestamp((s->>'queuedAtMs')::float8 / 1000),
           to_timestamp((s->>'answeredAtMs')::float8 / 1000), to_timestamp((s->>'endedAtMs')::float8 / 1000)
    FROM json_to_recordset(new_calls) AS c(move uuid, state jsonb), LATERAL (SELECT c.state AS s) AS named;
  END IF;

  IF old_calls IS NOT NULL THEN
    UPDATE calls t SET
      version = (c.state->>'version')::int, last_move = c.move, state = c.state, queue_id = (c.state->>'queueId')::uuid,
      customer_id = (c.state->>'customerId')::uuid, agent_id = (c.state->>'agentId')::uuid, outcome = c.state->>'outcome',
      ended_by = c.state->>'endedBy', queued_at = to_timestamp((c.state->>'queuedAtMs')::float8 / 1000),
      answered_at = to_timestamp((c.state->>'answeredAtMs')::float8 / 1000), ended_at = to_timestamp((c.state->>'endedAtMs')::float8 / 1000)
    FROM json_to_recordset(old_calls) AS c(move uuid, base int, state jsonb)
    WHERE t.id = (c.state->>'id')::uuid AND t.version = c.base;
    GET DIAGNOSTICS saved = ROW_COUNT;
    IF saved <> json_array_length(old_calls) THEN
      RAISE EXCEPTION 'a call was moved by somebody else' USING ERRCODE = 'MV001';
    END IF;
  END IF;

  IF agents_moved IS NOT NULL THEN
    INSERT INTO agents (user_id, version, last_move, state)
    SELECT (a.state->>'id')::uuid, (a.state->>'version')::int, a.move, a.state
    FROM json_to_recordset(agents_moved) AS a(move uuid, base int, state jsonb)
    WHERE a.base = 0;
    GET DIAGNOSTICS made = ROW_COUNT;
    UPDATE agents t SET version = (a.state->>'version')::int, last_move = a.move, state = a.state
    FROM json_to_recordset(agents_moved) AS a(move uuid, base int, state jsonb)
    WHERE a.base > 0 AND t.user_id = (a.state->>'id')::uuid AND t.version = a.base;
    GET DIAGNOSTICS saved = ROW_COUNT;
    IF made + saved <> json_array_length(agents_moved) THEN
      RAISE EXCEPTION 'an agent was moved by somebody else' USING ERRCODE = 'MV001';
    END IF;
    INSERT INTO agent_events (agent_id, seq, at, state, reason_code_id, call_id)
    SELECT (a.state->>'id')::uuid, (a.state->>'version')::int, to_timestamp(a.at / 1000), a.state->'status'->>'state',
           (a.state->'status'->>'reasonCodeId')::uuid, (a.state->'status'->>'callId')::uuid
    FROM json_to_recordset(agents_moved) AS a(state jsonb, at float8)
    WHERE a.at IS NOT NULL;
  END IF;

  IF events IS NOT NULL THEN
    INSERT INTO call_events (call_id, seq, at, kind, queue_id, agent_id, customer_id, data)
    SELECT e."callId", e.seq, to_timestamp(e."atMs" / 1000), e.kind, e."queueId", e."agentId", e."customerId", e.data
    FROM json_to_recordset(events) AS e("callId" uuid, seq int, "atMs" float8, kind text, "queueId" uuid, "agentId" uuid, "customerId" uuid, data jsonb);
  END IF;

  IF wrap_ups_opened IS NOT NULL THEN
    INSERT INTO wrap_ups (call_id, agent_id, queue_id, started_at)
    SELECT w."callId", w."agentId", w."queueId", to_timestamp(w."startedAtMs" / 1000)
    FROM json_to_recordset(wrap_ups_opened) AS w("callId" uuid, "agentId" uuid, "queueId" uuid, "startedAtMs" float8)
    ON CONFLICT (call_id, agent_id) DO NOTHING;
  END IF;
END $$;--> statement-breakpoint
-- Rows that change often find room for their next version on their own page, so that no index has to learn of it.
ALTER TABLE customers SET (fillfactor = 85);--> statement-breakpoint
ALTER TABLE agents SET (fillfactor = 50);
