/** Five hundred callers of every kind against agents of every kind; afterwards nothing is left over and every figure adds up. */
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentView, Floor, Queue } from '../cti-server/src/contracts/index.ts';
import { hireWithDeskPhone, type DeskPhoneAgent, type PhoneBehaviour } from './desk-phones.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House } from './house.ts';
import { brokenLedgers, queueSums } from './ledger.ts';
import { randomFrom } from './random.ts';
import { startSipp, type SippProcess } from './sipp.ts';
import { until } from './until.ts';

const callCount = 500;
const groupSize = 25;
/** Another storm each time; to repeat one, write the number that it printed here. */
const seed = randomInt(1_000_000_000);

let house: House;
let ana: DeskPage;
const agents: DeskPhoneAgent[] = [];
const random = randomFrom(seed);
const between = (low: number, high: number): number => Math.round(low + random() * (high - low));
/** Most answer, each in its own time; some do what phones do when nobody is there. */
const behaviours: PhoneBehaviour[] = Array.from({ length: 20 }, (_, index) => {
  if (index >= 18) return { scenario: 'phone-never-answers' };
  if (index >= 16) return { scenario: 'phone-is-busy' };
  if (index >= 14) return { scenario: 'phone-refuses' };
  return { scenario: 'phone-answers', ringMs: between(50, 900), talkMs: between(400, 2_500) };
});

beforeAll(async () => {
  house = await openHouse();
  const { items } = await house.admin.get<{ items: Queue[] }>('/api/queues');
  for (const { name, language } of items) {
    // one queue greets and speaks, one gives up early: each way through a queue is gone
    await house.changeQueue(name, {
      wrapUpSeconds: 0,
      ringTimeoutSeconds: 5,
      shortAbandonSeconds: 2,
      playGreeting: language === 'en',
      announcePosition: language === 'en',
      maxWaitSeconds: language === 'zh-CN' ? 10 : null,
    });
  }
  ana = await house.openDesk();
  await ana.work('ana');
  for (let from = 0; from < behaviours.length; from += 5) {
    const some = behaviours.slice(from, from + 5);
    agents.push(...(await Promise.all(some.map((behaviour, index) => hireWithDeskPhone(house, `phone${String(from + index + 1)}`, behaviour)))));
  }
});
afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await house?.close();
});

describe('a storm of calls', () => {
  it(`of ${String(callCount)} calls leaves nothing behind and adds up`, async () => {
    console.info(`storm: ${String(callCount)} calls, seed ${String(seed)}`);
    let isOver = false;
    const people = [keepReady(() => isOver), answerInTheBrowser(ana, () => isOver)];
    const groups: SippProcess[] = [];
    for (let made = 0; made < callCount; made += groupSize) {
      groups.push(
        await startSipp({
          sipp: house.sipp,
          scenario: 'caller',
          switchPort: house.asterisk.sipPort,
          calls: groupSize,
          callsPerSecond: 1,
          talkMs: between(100, 9_000),
          rows: Array.from({ length: groupSize }, (_, index) => [`+3469${String(1_000_000 + made + index)}`, 'Storm', destination(random())]),
        }),
      );
    }
    const results = await Promise.all(groups.map((group) => group.ended));
    for (const group of groups) await group.stop();
    isOver = true;
    await Promise.all(people);

    await house.observer.holdsNothing(20_000);
    const { rows } = await house.database.$client.query<{ calls: number; open: number; outcomes: number }>(
      'select count(*)::int as calls, (count(*) filter (where ended_at is null))::int as open, (count(*) filter (where outcome is null))::int as outcomes from calls',
    );
    expect(rows[0], `sipp ended with ${results.map((result) => String(result.exitCode)).join(' ')}`).toEqual({ calls: callCount, open: 0, outcomes: 0 });
    expect(await brokenLedgers(house.database)).toEqual([]);

    const sums = await queueSums(house.database);
    for (const sum of sums) {
      expect(sum.answered + sum.abandoned + sum.shortAbandoned + sum.flowedOut + sum.waiting, `the identity of ${sum.queue}: ${JSON.stringify(sum)}`).toBe(sum.offered);
      expect(sum.waiting).toBe(0);
    }
    expect(sums.reduce((all, sum) => all + sum.offered, 0)).toBeGreaterThan(callCount / 2);
    expect(sums.reduce((all, sum) => all + sum.answered, 0)).toBeGreaterThan(callCount / 10);
    const floor = await house.admin.get<Floor>('/api/floor');
    for (const sum of sums) {
      const live = floor.queues.find((queue) => queue.name === sum.queue);
      const { offered, answered, abandoned, shortAbandoned, flowedOut } = sum;
      expect(live?.today, `the live figures of ${sum.queue}`).toMatchObject({ offered, answered, abandoned, shortAbandoned, flowedOut });
      expect(live?.waiting).toBe(0);
    }
    const stuck = (await house.admin.get<Floor>('/api/floor')).agents.filter((agent: AgentView) => ['ringing', 'onCall', 'wrapUp'].includes(agent.status.state));
    expect(stuck.map((agent) => `${agent.name} ${agent.status.state}`)).toEqual([]);
    for (const sum of sums) console.info(`storm: ${JSON.stringify(sum)}`);
  });
});

function destination(roll: number): string {
  if (roll < 0.5) return '900';
  if (roll < 0.75) return '901';
  if (roll < 0.95) return '902';
  return '955000000';
}

/** Who missed a call comes back, as people do. */
async function keepReady(isOver: () => boolean): Promise<void> {
  for (const agent of agents) await agent.api.send('POST', '/api/agent/state', { state: 'ready' });
  const bySession = new Map(agents.map((agent) => [agent.userId, agent]));
  await until(
    'the storm is over',
    async () => {
      const floor = await house.admin.get<Floor>('/api/floor');
      for (const agent of floor.agents) {
        if (agent.status.state === 'missed') await bySession.get(agent.id)?.api.send('POST', '/api/agent/state', { state: 'ready' });
      }
      return isOver();
    },
    100_000,
  );
}

async function answerInTheBrowser(desk: DeskPage, isOver: () => boolean): Promise<void> {
  await until(
    'the storm is over',
    async () => {
      // The key answers what rings and is harmless otherwise.
      await desk.page.keyboard.press('Control+Shift+A');
      await desk.page.keyboard.press('Control+Shift+E');
      const missed = desk.page.getByTestId('back-from-missed');
      if (await missed.isVisible()) await missed.click({ timeout: 500 }).catch(() => undefined); // it may have gone in the same instant
      return isOver();
    },
    100_000,
  );
}
