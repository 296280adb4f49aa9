import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fanOuts, type House, openHouse } from '../../app.testing.ts';
import { calls } from '../../db/index.ts';
import { seededRandom } from '../../telephony/simulated/index.ts';
import { until } from '../../until.testing.ts';
import { type FoldedEvent, foldEvent, noCounts, type QueueCounts, stillWaiting } from '../ledger/index.ts';
import { chanceOf, RandomAgent, randomCallers } from './storm.testing.ts';

/** Another one with each run, printed, so that a bad day can be had again. */
const seed = Math.floor(Math.random() * 1_000_000);
const callCount = 300;

describe.each(fanOuts)('a storm of calls, with jobs and fan-out over $over,', ({ redis }) => {
  let house: House;
  beforeAll(async () => {
    console.log(`storm with the seed ${String(seed)}`);
    house = await openHouse({ redis, seed });
    const all = ['ana', 'bruno', 'lin'];
    const boss = await house.administrator();
    const { items: roles } = await boss.do<{ items: { id: string; name: string }[] }>('GET', '/api/roles');
    for (const login of ['carla', 'dario', 'elsa', 'felix']) {
      all.push(login);
      const name = login.charAt(0).toUpperCase() + login.slice(1);
      await boss.do('POST', '/api/users', { login, name, locale: 'es', password: 'demo-centralita-2', roleIds: roles.filter((role) => role.name === 'agent').map((role) => role.id), teamIds: [] });
    }
    await house.queue('910', all, { ringTimeoutSeconds: 5, playGreeting: true, announcePosition: true, announceEverySeconds: 15 });
    await house.queue('911', all.slice(0, 4), { ringTimeoutSeconds: 5, maxWaitSeconds: 10, priority: 90 });
    await house.queue('912', all.slice(2), { ringTimeoutSeconds: 6, wrapUpSeconds: 0 });
  });
  afterAll(() => house.close());

  it('leaves no leg, no room and no agent behind, and every number adds up', { timeout: 90_000 }, async () => {
    const chance = chanceOf(seededRandom(seed));
    const { line } = house;
    const agents = await Promise.all(
      ['ana', 'bruno', 'lin', 'carla', 'dario', 'elsa', 'felix'].map(async (login) => {
        const console = await house.consoleAt(login).signIn(['ana', 'bruno', 'lin'].includes(login) ? undefined : 'demo-centralita-2');
        return new RandomAgent(house, await console.starts({ kind: 'answers', afterMs: 100 }), chance);
      }),
    );
    line.setFaults({ dropEvent: 0.02, repeatEvent: 0.04, delayEvent: 0.1, delayEventMs: 500, reorderEvent: 0.05, rejectRequest: 0.01, loseRequest: 0.01, loseAnswer: 0.02 });
    let isStorming = true;
    const cuts = async (): Promise<void> => {
      while (isStorming) {
        await new Promise<void>((resolve) => house.clock.setTimer(chance.between(3_000, 15_000), resolve));
        line.loseSocket();
        await new Promise<void>((resolve) => house.clock.setTimer(chance.between(50, 2_000), resolve));
        line.reconnect();
      }
    };
    await house.clock.hurry(async () => {
      const cutting = cuts();
      const callers = await randomCallers(house, chance, callCount, ['910', '910', '911', '911', '912', '999']);
      isStorming = false;
      await cutting;
      line.setFaults({});
      for (const caller of callers) caller.hangsUp();
      for (const agent of agents) agent.settles();
      await Promise.all(agents.map((agent) => agent.done));
      await until('every call is over and the switch is empty', async () => {
        const { legs, rooms } = line.inspect();
        return legs.length + rooms.length === 0 && (await house.database.select().from(calls)).every((call) => call.endedAt !== null);
      }, () => JSON.stringify(line.inspect()), 20_000);
    }, 6);

    const rows = async <T>(query: ReturnType<typeof sql>): Promise<T[]> => (await house.database.execute(query)).rows as T[];
    const [{ made } = { made: 0 }] = await rows<{ made: number }>(sql`select count(*)::int as made from calls`);
    console.log(`${String(made)} of ${String(callCount)} callers were heard of`);
    expect(made).toBeGreaterThan(callCount * 0.8);

    // no call is there twice, no line of the ledger is missing or repeated, each call ends once
    expect(await rows(sql`select state->>'customerLegId' as leg from calls group by 1 having count(*) > 1`)).toEqual([]);
    expect(await rows(sql`select call_id from call_events group by 1 having count(*) <> max(seq) or min(seq) <> 1`)).toEqual([]);
    expect(await rows(sql`select id from calls where (select count(*) from call_events where call_id = id and kind = 'callEnded') <> 1`)).toEqual([]);
    expect(await rows(sql`select id from calls where (state->>'lastSeq')::int <> (select max(seq) from call_events where call_id = id)`)).toEqual([]);

    // the floor, and the ledger read anew, agree and add up
    const events = await rows<FoldedEvent & { queue: string }>(sql`select queue_id as queue, kind, data from call_events where queue_id is not null`);
    const recomputed = new Map<string, QueueCounts>();
    for (const event of events) {
      const counts = recomputed.get(event.queue) ?? noCounts();
      recomputed.set(event.queue, counts);
      foldEvent(counts, event, 20);
    }
    expect(recomputed.size).toBe(3);
    for (const [queueId, counts] of recomputed) {
      const floor = house.living().app.centre.floor;
      expect(floor.counts(queueId)).toEqual(counts);
      expect([stillWaiting(counts), floor.waitingNow(queueId)]).toEqual([0, 0]);
      expect(counts.offered).toBeGreaterThan(10);
    }

    // agents: their own ledger tells the same as their state, and as the calls' ledger
    expect(await rows(sql`select a.user_id from agents a where a.state->'status'->>'state' <> 'offline'`)).toEqual([]);
    expect(await rows(sql`select a.user_id from agents a where a.state->'status'->>'state' <> (select e.state from agent_events e where e.agent_id = a.user_id order by seq desc limit 1)`)).toEqual([]);
    const answersOf = sql`select agent_id, call_id, count(*)::int as times from call_events where kind = 'agentAnswered' group by 1, 2 order by 1, 2`;
    const talksOf = sql`select agent_id, call_id, count(*)::int as times from agent_events where state = 'onCall' group by 1, 2 order by 1, 2`;
    expect(await rows(talksOf)).toEqual(await rows(answersOf));
    // nobody was in two calls at once: between two talks of an agent there is always something else
    expect(
      await rows(sql`select * from (select agent_id, seq, state, lag(state) over (partition by agent_id order by seq) as before from agent_events) as e where state = before and state in ('onCall', 'ringing')`),
    ).toEqual([]);
    // every answered call that a queue gives time for has after-call work of that agent
    expect(
      await rows(
        sql`select e.call_id from call_events e join queues q on q.id = e.queue_id where e.kind = 'agentAnswered' and q.wrap_up_seconds is distinct from 0
            and not exists (select 1 from wrap_ups w where w.call_id = e.call_id and w.agent_id = e.agent_id)`,
      ),
    ).toEqual([]);
  });
});
