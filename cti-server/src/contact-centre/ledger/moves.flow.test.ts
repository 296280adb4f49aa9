import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentEvents, agents as agentRows, callEvents, calls, type Database, users } from '../../db/index.ts';
import { createTestDatabase, type TestDatabase } from '../../db/testing.ts';
import { systemClock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { silentLogger } from '../../platform/logger.ts';
import { type Agent, newAgent, nextAgent } from '../agents/index.ts';
import { type Call, type LedgerEntry, newCall } from '../calls/call-types.ts';
import { createMoveWriter, type Move, type MoveWriter } from './index.ts';

describe('moves', () => {
  let test: TestDatabase;
  let writer: MoveWriter;
  let statements: number;
  let holdNext: Promise<void> | null = null;
  let spoilNext: 'before' | 'after' | null = null;
  beforeAll(async () => {
    test = await createTestDatabase();
    const pool = test.database.$client;
    const query = pool.query.bind(pool) as (...values: unknown[]) => Promise<unknown>;
    // the writer's own way to the database, where a test can hold a statement up or break the connection around it
    const watched = Object.create(pool, {
      query: {
        value: async (...values: unknown[]) => {
          statements += 1;
          const spoil = spoilNext;
          spoilNext = null;
          if (holdNext) await holdNext;
          if (spoil === 'before') throw new Error('Connection terminated unexpectedly');
          const answer = await query(...values);
          if (spoil === 'after') throw new Error('Connection terminated unexpectedly');
          return answer;
        },
      },
    }) as Database['$client'];
    writer = createMoveWriter({ database: Object.create(test.database, { $client: { value: watched } }) as Database, clock: systemClock, logger: silentLogger });
    statements = 0;
  });
  afterAll(() => test.drop());

  const someAgent = async (): Promise<Agent> => {
    const id = newId(systemClock.now());
    await test.database.insert(users).values({ id, login: id, name: 'Somebody', passwordHash: 'none' });
    return newAgent(id, 0);
  };
  const someCall = (): Call =>
    newCall({ id: newId(systemClock.now()), lineId: 'main', customerLegId: newId(1), fromRaw: '1', fromName: '', fromE164: null, country: null, dialledNumber: '9', startedAtMs: 1, answeredLeg: false });
  const callMove = (call: Call, before = call.version, agentMoves: Move['agents'] = []): Move => {
    const seq = call.lastSeq + 1;
    const entry: LedgerEntry = { seq, atMs: 1, kind: 'callArrived', queueId: null, agentId: null, customerId: null, data: {} };
    return { id: newId(systemClock.now()), atMs: 1, call: { before, after: { ...call, version: call.version + 1, lastSeq: seq } }, agents: agentMoves, ledger: [entry], wrapUp: null };
  };
  const agentMove = (agent: Agent): Move['agents'][number] => {
    const after = nextAgent(agent, { kind: 'stateChosen', chosen: { state: agent.status.state === 'ready' ? 'offline' : 'ready' }, atMs: 5 });
    return { before: agent, after, cause: 'stateChosen' };
  };
  const eventsOf = async (call: Call): Promise<number[]> =>
    (await test.database.select().from(callEvents).where(eq(callEvents.callId, call.id)).orderBy(asc(callEvents.seq))).map((row) => row.seq);
  const versionOf = async (call: Call): Promise<number | null> => (await test.database.select().from(calls).where(eq(calls.id, call.id)))[0]?.version ?? null;

  it('that come while one is being saved are saved together in one statement, each with its own answer', async () => {
    let release = (): void => undefined;
    holdNext = new Promise((resolve) => (release = resolve));
    statements = 0;
    const first = writer.save(callMove(someCall()));
    const many = Array.from({ length: 50 }, () => someCall());
    const later = many.map((call) => writer.save(callMove(call)));
    holdNext = null;
    release();
    expect(await first).toBe('ok');
    expect(new Set(await Promise.all(later))).toEqual(new Set(['ok']));
    expect(statements).toBe(2);
    for (const call of many) expect(await eventsOf(call)).toEqual([1]);
  });

  it('given at the very moment the writer ends its round are saved too', async () => {
    for (let round = 0; round < 20; round++) {
      await writer.save(callMove(someCall()));
      let waited = Promise.resolve();
      for (let ticks = 0; ticks < round % 7; ticks++) waited = waited.then(() => undefined);
      await waited;
      expect(await writer.save(callMove(someCall()))).toBe('ok');
    }
  });

  it('a move decided on an older version of the call is not saved, and nothing of it', async () => {
    const call = someCall();
    const agent = await someAgent();
    expect(await writer.save(callMove(call))).toBe('ok');
    const stale = callMove(call, 0, [agentMove(agent)]);
    expect(await writer.save(stale)).toBe('callConflict');
    expect(await eventsOf(call)).toEqual([1]);
    expect(await test.database.select().from(agentRows).where(eq(agentRows.userId, agent.id))).toEqual([]);
  });

  it('a move decided on an older version of an agent is not saved, and nothing of it', async () => {
    const agent = await someAgent();
    const taken = agentMove(agent);
    expect(await writer.save({ id: newId(systemClock.now()), atMs: 1, call: null, agents: [taken], ledger: [], wrapUp: null })).toBe('ok');
    const call = someCall();
    expect(await writer.save(callMove(call, 0, [agentMove(agent)]))).toBe('agentConflict');
    expect([await versionOf(call), await eventsOf(call)]).toEqual([null, []]);
    expect(await writer.save(callMove(call, 0, [agentMove(taken.after)]))).toBe('ok');
  });

  it('a conflict keeps nobody else in the same statement from being saved', async () => {
    const taken = someCall();
    await writer.save(callMove(taken));
    let release = (): void => undefined;
    holdNext = new Promise((resolve) => (release = resolve));
    const calls = [someCall(), someCall()] as const;
    const answers = [writer.save(callMove(someCall())), writer.save(callMove(calls[0])), writer.save(callMove(taken, 0)), writer.save(callMove(calls[1]))];
    holdNext = null;
    release();
    expect(await Promise.all(answers)).toEqual(['ok', 'ok', 'callConflict', 'ok']);
    for (const call of calls) expect(await eventsOf(call)).toEqual([1]);
  });

  it('two servers that take the same agent at the same moment: exactly one has them', async () => {
    const agent = await someAgent();
    const other = createMoveWriter({ database: test.database, clock: systemClock, logger: silentLogger });
    const calls = [someCall(), someCall()] as const;
    const answers = await Promise.all([writer.save(callMove(calls[0], 0, [agentMove(agent)])), other.save(callMove(calls[1], 0, [agentMove(agent)]))]);
    expect(answers.sort()).toEqual(['agentConflict', 'ok']);
    expect((await test.database.select().from(agentEvents).where(eq(agentEvents.agentId, agent.id))).map((row) => [row.seq, row.state])).toEqual([[1, 'ready']]);
  });

  it.each(['before', 'after'] as const)('the database goes away just %s it saved: the move is saved once', async (when) => {
    const call = someCall();
    const agent = await someAgent();
    spoilNext = when;
    expect(await writer.save(callMove(call, 0, [agentMove(agent)]))).toBe('ok');
    expect([await versionOf(call), await eventsOf(call)]).toEqual([1, [1]]);
    expect(await test.database.select().from(agentEvents).where(eq(agentEvents.agentId, agent.id))).toHaveLength(1);
    expect(writer.awaySinceMs()).toBeNull();
  });

  it('a move that the database itself refuses is told so, and the others of its statement are saved', async () => {
    let release = (): void => undefined;
    holdNext = new Promise((resolve) => (release = resolve));
    const good = someCall();
    const bad = callMove({ ...someCall(), queueId: newId(7) }); // there is no such queue
    const answers = [writer.save(callMove(someCall())), writer.save(bad), writer.save(callMove(good))];
    holdNext = null;
    release();
    const settled = await Promise.allSettled(answers);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await eventsOf(good)).toEqual([1]);
  });

  it('drain waits for all that was given', async () => {
    const call = someCall();
    void writer.save(callMove(call));
    await writer.drain();
    expect(await eventsOf(call)).toEqual([1]);
  });
});
