-- Saves a batch of moves of calls and agents in one round trip and one commit.
--
-- A move is all or nothing: the call's new state, the agents' new states, the lines of the ledger, the wrap-up it opens. It is saved only
-- if each row still has the version that the move was decided on. A move that was saved before (its answer got lost) is recognised by its
-- id and counts as saved. Answers one row per move: 'ok', 'callConflict' or 'agentConflict'.
CREATE FUNCTION save_moves(moves jsonb) RETURNS TABLE (ordinal int, result text)
  LANGUAGE plpgsql AS $$
DECLARE
  m jsonb;
  c jsonb;
  a jsonb;
  i int := 0;
  move_id uuid;
  found_version int;
  found_move uuid;
BEGIN
  FOR m IN SELECT value FROM jsonb_array_elements(moves) LOOP
    ordinal := i;
    i := i + 1;
    move_id := (m->>'id')::uuid;
    c := m->'call';
    result := 'ok';

    -- first look, then write: a plain check is cheaper than a subtransaction to roll back
    IF c IS NOT NULL AND jsonb_typeof(c) = 'object' THEN
      SELECT version, last_move INTO found_version, found_move FROM calls WHERE id = (c->>'id')::uuid FOR UPDATE;
      IF NOT FOUND THEN found_version := 0; found_move := NULL; END IF;
      IF found_move = move_id THEN
        RETURN NEXT;
        CONTINUE;
      END IF;
      IF found_version <> (c->>'baseVersion')::int THEN
        result := 'callConflict';
        RETURN NEXT;
        CONTINUE;
      END IF;
    END IF;

    FOR a IN SELECT value FROM jsonb_array_elements(m->'agents') LOOP
      SELECT version, last_move INTO found_version, found_move FROM agents WHERE user_id = (a->>'id')::uuid FOR UPDATE;
      IF NOT FOUND THEN found_version := 0; found_move := NULL; END IF;
      IF found_move = move_id THEN
        EXIT; -- saved before, with all that belongs to it
      END IF;
      IF found_version <> (a->>'baseVersion')::int THEN
        result := 'agentConflict';
        EXIT;
      END IF;
    END LOOP;
    IF result <> 'ok' OR (c IS NULL AND found_move = move_id) THEN
      RETURN NEXT;
      CONTINUE;
    END IF;

    IF c IS NOT NULL AND jsonb_typeof(c) = 'object' THEN
      INSERT INTO calls AS t (id, version, last_move, line_id, state, from_raw, from_e164, dialled_number, queue_id, customer_id, agent_id,
                              outcome, ended_by, started_at, queued_at, answered_at, ended_at)
      VALUES ((c->>'id')::uuid, (c->>'version')::int, move_id, c->>'lineId', c->'state', c->>'fromRaw', c->>'fromE164', c->>'dialledNumber',
              (c->>'queueId')::uuid, (c->>'customerId')::uuid, (c->>'agentId')::uuid, c->>'outcome', c->>'endedBy',
              (c->>'startedAt')::timestamptz, (c->>'queuedAt')::timestamptz, (c->>'answeredAt')::timestamptz, (c->>'endedAt')::timestamptz)
      ON CONFLICT (id) DO UPDATE SET
        version = excluded.version, last_move = excluded.last_move, state = excluded.state, queue_id = excluded.queue_id,
        customer_id = excluded.customer_id, agent_id = excluded.agent_id, outcome = excluded.outcome, ended_by = excluded.ended_by,
        queued_at = excluded.queued_at, answered_at = excluded.answered_at, ended_at = excluded.ended_at;
    END IF;

    FOR a IN SELECT value FROM jsonb_array_elements(m->'agents') LOOP
      INSERT INTO agents AS t (user_id, version, last_move, state)
      VALUES ((a->>'id')::uuid, (a->>'version')::int, move_id, a->'state')
      ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, last_move = excluded.last_move, state = excluded.state;
      IF a->'event' IS NOT NULL AND jsonb_typeof(a->'event') = 'object' THEN
        INSERT INTO agent_events (agent_id, seq, at, state, reason_code_id, call_id)
        VALUES ((a->>'id')::uuid, (a->>'version')::int, (a->'event'->>'at')::timestamptz, a->'event'->>'state',
                (a->'event'->>'reasonCodeId')::uuid, (a->'event'->>'callId')::uuid);
      END IF;
    END LOOP;

    INSERT INTO call_events (call_id, seq, at, kind, queue_id, agent_id, customer_id, data)
    SELECT (e->>'callId')::uuid, (e->>'seq')::int, (e->>'at')::timestamptz, e->>'kind', (e->>'queueId')::uuid, (e->>'agentId')::uuid,
           (e->>'customerId')::uuid, coalesce(e->'data', '{}'::jsonb)
    FROM jsonb_array_elements(m->'events') AS e;

    IF m->'wrapUp' IS NOT NULL AND jsonb_typeof(m->'wrapUp') = 'object' THEN
      INSERT INTO wrap_ups (call_id, agent_id, queue_id, started_at)
      VALUES ((m->'wrapUp'->>'callId')::uuid, (m->'wrapUp'->>'agentId')::uuid, (m->'wrapUp'->>'queueId')::uuid,
              (m->'wrapUp'->>'startedAt')::timestamptz)
      ON CONFLICT (call_id, agent_id) DO NOTHING;
    END IF;

    RETURN NEXT;
  END LOOP;
END $$;
