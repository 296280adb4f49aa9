/** Whoever hangs up, refuses or vanishes, at whatever moment: nothing sticks and nobody is forgotten. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { backToReady } from './back-to-ready.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, queueOf900, type House } from './house.ts';
import { heard, silent } from './levels.ts';
import { stays, until } from './until.ts';

let house: House;
let ana: DeskPage;
let anaApi: Api;
beforeAll(async () => {
  house = await openHouse();
  await house.changeQueue(queueOf900, { ringTimeoutSeconds: 5, shortAbandonSeconds: 1 });
  ana = await house.openDesk();
  await ana.work('ana');
  anaApi = await house.api('ana');
});
afterAll(() => house?.close());
beforeEach(() => backToReady(anaApi));
afterEach(async (test) => {
  await house.tidyUp(test);
  await house.observer.holdsNothing();
});

const ended = (number: string) =>
  until('the call has ended in the ledger', async () => {
    const call = await house.callOf(number);
    return call.hasEnded && call;
  });
const notReady = async (): Promise<void> => {
  const { items } = await anaApi.get<{ items: { id: string }[] }>('/api/reason-codes');
  await anaApi.send('POST', '/api/agent/state', { state: 'notReady', reasonCodeId: items[0]?.id });
};

describe('a caller who gives up', () => {
  it('in the greeting has never been in a queue', async () => {
    // 901 greets before it queues; ana speaks English too
    const caller = await house.rings({ to: '901' });
    await until('the greeting is heard', () => caller.ear.loudness(300) > -45);
    await caller.hangUp();
    expect((await caller.ended).exitCode).toBe(0);
    expect(await ended(caller.number)).toMatchObject({ outcome: 'abandonedBeforeQueue', endedBy: 'customer' });
    await ana.agentState('ready');
  });

  it('in the queue, over the music, has abandoned', async () => {
    await notReady();
    const caller = await house.rings();
    await until('music is heard', () => caller.ear.loudness(1000) > -45);
    await until('longer than a short abandon', async () => {
      const { rows } = await house.database.$client.query<{ waits: boolean }>("select now() - queued_at > interval '1100 ms' as waits from calls where from_raw = $1 or from_e164 = $1", [caller.number]);
      return rows[0]?.waits;
    });
    await caller.hangUp();
    expect(await ended(caller.number)).toMatchObject({ outcome: 'abandoned', endedBy: 'customer' });
  });

  it('while it rings leaves the agent ready', async () => {
    const caller = await house.rings();
    await ana.rings();
    await caller.hangUp();
    expect((await ended(caller.number)).outcome).toMatch(/^(shortA|a)bandoned$/);
    await ana.agentState('ready');
    await until('no call is on the screen', async () => !(await ana.page.getByTestId('pop').isVisible()));
  });

  it('in the same instant as the answer leaves one of two clean ends, each time', async () => {
    for (let round = 0; round < 4; round++) {
      await backToReady(anaApi);
      const caller = await house.rings();
      await ana.rings();
      await Promise.all([ana.page.keyboard.press('Control+Shift+A'), caller.hangUp()]);
      const call = await ended(caller.number);
      expect(['answered', 'shortAbandoned', 'abandoned']).toContain(call.outcome);
      const { agent } = await until('the agent is free of the call', async () => {
        const desk = await ana.desk();
        return ['ready', 'wrapUp'].includes(desk.agent.status.state) && desk;
      });
      expect(agent.status.state).toBe(call.outcome === 'answered' ? 'wrapUp' : 'ready');
      await house.observer.holdsNothing();
    }
  });
});

describe('an agent who does not answer', () => {
  it('by refusing has missed the call, which waits on at the head of the queue and is theirs again when they say so', async () => {
    const caller = await house.rings();
    const callId = await ana.rings();
    await ana.press('refuse');
    await ana.agentState('missed');
    await until('the customer hears music', () => caller.ear.loudness(500) > -45 && caller.ear.hears(microphoneHz) < silent);
    await ana.press('back-from-missed');
    expect(await ana.rings()).toBe(callId);
    await ana.answer();
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
    expect((await house.callOf(caller.number)).events.filter((kind) => kind !== 'customerRecognised')).toEqual(['callArrived', 'callQueued', 'callOffered', 'offerRefused', 'callOffered', 'agentAnswered']);
  });

  it('by letting it ring has missed it too', async () => {
    const caller = await house.rings();
    await ana.rings();
    await ana.agentState('missed', 12_000);
    expect((await house.callOf(caller.number)).events).toContain('offerMissed');
    await ana.press('back-from-missed');
    await ana.rings();
    await ana.answer();
  });

  it('because the tab was closed while it rang loses nothing for the customer', async () => {
    const window = await house.openDesk();
    await anaApi.send('POST', '/api/agent/state', { state: 'offline' });
    await window.work('bruno');
    const caller = await house.rings();
    await window.rings();
    await window.close();
    await until('the call waits again', async () => (await house.callOf(caller.number)).events.includes('offerMissed'), 12_000);
    expect((await house.callOf(caller.number)).hasEnded).toBe(false);
    await ana.startShift();
    await ana.rings();
    await ana.answer();
    await until('the customer hears another agent', () => caller.ear.hears(microphoneHz) > heard);
  });
});

describe('sharing', () => {
  it('lets the second of two callers wait for the one agent', async () => {
    const first = await house.rings({ toneHz: 1000 });
    const firstCall = await ana.rings();
    const second = await house.rings({ toneHz: 1300 });
    await ana.answer();
    await until('the first is heard', async () => (await ana.hears(1000)) > heard);
    await until('the second hears music', () => second.ear.loudness(1000) > -45);
    expect(await ana.hears(1300)).toBeLessThan(silent);
    await first.hangUp();
    await ana.wrapUp();
    expect(await ana.rings()).not.toBe(firstCall);
    await ana.answer();
    await until('the second is heard', async () => (await ana.hears(1300)) > heard);
    expect(await ana.hears(1000)).toBeLessThan(silent);
  });

  it('rings at one of two agents only, and goes on to the other when refused', async () => {
    const bruno = await house.openDesk();
    try {
      await bruno.work('bruno');
      await house.rings();
      // idle longest goes first: ana has been ready since before bruno came
      await ana.rings();
      await stays('it does not ring at the other agent', async () => !(await bruno.page.getByTestId('pop').isVisible()), 500);
      await ana.press('refuse');
      await bruno.rings();
      await bruno.answer();
      await ana.agentState('missed');
    } finally {
      await bruno.close();
    }
  });
});
