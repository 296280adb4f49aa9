/** A call outlives our software: crashes, restarts and reloads in the middle of it. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { backToReady } from './back-to-ready.ts';
import type { Caller } from './caller.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, type House } from './house.ts';
import { brokenLedgers } from './ledger.ts';
import { heard, silent } from './levels.ts';
import { stays, until } from './until.ts';

let house: House;
let ana: DeskPage;
let anaApi: Api;
beforeAll(async () => {
  house = await openHouse({ ownPostgres: true });
  ana = await house.openDesk();
  await ana.work('ana');
  anaApi = await house.api('ana');
});
afterAll(() => house?.close());
beforeEach(() => backToReady(anaApi));
afterEach(async (test) => {
  await house.tidyUp(test);
  await house.observer.holdsNothing();
  expect(await brokenLedgers(house.database)).toEqual([]);
});

async function talk(): Promise<{ caller: Caller; callId: string }> {
  const caller = await house.rings();
  const callId = await ana.rings();
  await ana.answer();
  await bothHear(caller);
  return { caller, callId };
}
async function bothHear(caller: Caller, withinMs = 10_000): Promise<void> {
  await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard, withinMs);
  await until('the agent hears the customer', async () => (await ana.hears(caller.toneHz)) > heard, withinMs);
}
const connected = () => ana.page.locator('[data-testid="connection"][data-connected="true"]').waitFor();
const disconnected = () => ana.page.locator('[data-testid="connection"][data-connected="false"]').waitFor();
const kinds = async (caller: Caller): Promise<string[]> => (await house.callOf(caller.number)).events.filter((kind) => kind !== 'customerRecognised');
const crash = async (): Promise<void> => {
  await house.server.kill();
  await disconnected();
};

describe('kill -9 of cti-server', () => {
  it('while it rings: it rings on, and is answered when the server is back', async () => {
    const caller = await house.rings();
    const callId = await ana.rings();
    await crash();
    await house.server.start();
    await connected();
    expect(await ana.rings()).toBe(callId);
    await ana.answer();
    await bothHear(caller);
    expect(await kinds(caller)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered']);
  });

  it('while it rings, and answered meanwhile: the customer stays, and the same agent is rung again, with nothing missed', async () => {
    const caller = await house.rings();
    const callId = await ana.rings();
    await crash();
    await ana.press('answer');
    await house.server.start();
    await connected();
    await until('the agent is rung again', async () => (await house.callOf(caller.number)).events.filter((kind) => kind === 'callOffered').length === 2, 20_000);
    expect(await ana.rings(15_000)).toBe(callId);
    await ana.answer();
    await bothHear(caller);
    expect((await house.callOf(caller.number)).events).not.toContain('offerMissed');
  });

  it('while they talk: the talk goes on without a hole, and screen, state and ledger are right again', async () => {
    const { caller, callId } = await talk();
    const sinceMs = performance.now();
    await crash();
    await stays('the customer hears the agent while no server runs', () => caller.ear.hears(microphoneHz, 600) > heard, 1_500);
    expect(await ana.hears(caller.toneHz), 'the agent hears the customer while no server runs').toBeGreaterThan(heard);
    await house.server.start();
    await connected();
    await ana.callState('talking');
    expect((await ana.desk()).call?.id).toBe(callId);
    // a dropped leg would be silent for good; a busy machine's hiccup is not a hole
    expect(caller.ear.longestGapMs(sinceMs), 'the longest hole in the sound, in ms').toBeLessThan(2_000);
    await bothHear(caller);
    await ana.press('hang-up');
    await ana.agentState('wrapUp');
    expect((await caller.ended).exitCode).toBe(0);
    expect(await kinds(caller)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callEnded']);
  });

  it('while they talk, and the customer hangs up meanwhile: the agent is in wrap-up afterwards', async () => {
    const { caller } = await talk();
    await crash();
    await caller.hangUp();
    await caller.ended;
    await house.server.start();
    await ana.agentState('wrapUp', 15_000);
    expect(await house.callOf(caller.number)).toMatchObject({ outcome: 'answered', endedBy: 'customer', hasEnded: true });
  });

  it('in wrap-up: notes and disposition are still there, and it is completed', async () => {
    const { caller, callId } = await talk();
    await caller.hangUp();
    await ana.see('wrap-up');
    await ana.page.getByTestId('notes').fill('Devolver la llamada el lunes.');
    await ana.press('disposition-2');
    await until('the notes are saved', async () => {
      const { rows } = await house.database.$client.query<{ notes: string; chosen: boolean }>('select notes, disposition_id is not null as chosen from wrap_ups where call_id = $1', [callId]);
      return rows[0]?.notes === 'Devolver la llamada el lunes.' && rows[0].chosen;
    });
    await crash();
    await house.server.start();
    await connected();
    await ana.reload();
    await ana.see('wrap-up');
    expect(await ana.page.getByTestId('notes').inputValue()).toBe('Devolver la llamada el lunes.');
    expect(await ana.page.getByTestId('disposition-2').getAttribute('aria-checked')).toBe('true');
    await ana.press('complete-wrap-up');
    await ana.agentState('ready');
  });

  it('with a caller in the queue: he hears music on and is the next to be served', async () => {
    await anaApi.send('POST', '/api/agent/state', { state: 'offline' });
    const caller = await house.rings();
    await until('music is heard', () => caller.ear.loudness(1000) > -45);
    await crash();
    await stays('music plays while no server runs', () => caller.ear.loudness(1500) > -50, 1_000);
    await house.server.start();
    await connected();
    await ana.startShift();
    await ana.rings();
    await ana.answer();
    await bothHear(caller);
  });
});

describe('the agent’s page', () => {
  it('reloaded in mid-call: the customer hears music, and the agent is back in the same call within seconds', async () => {
    const { caller, callId } = await talk();
    const reloading = ana.reload();
    const atMs = performance.now();
    await until('the customer hears music, not the agent', () => caller.ear.hears(microphoneHz) < silent && caller.ear.loudness(400) > -45);
    await reloading;
    await ana.callState('talking', 15_000);
    await bothHear(caller);
    expect(performance.now() - atMs, 'back in the call, in ms').toBeLessThan(12_000);
    expect((await ana.desk()).call?.id).toBe(callId);
    expect(await kinds(caller)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'agentLegLost', 'agentRejoined']);
    await ana.press('hang-up');
    await ana.agentState('wrapUp');
  });

  it('opened a second time is told who has the microphone, and takes the call over', async () => {
    const { caller, callId } = await talk();
    const second = await house.openDesk({ beside: ana });
    try {
      await second.see('take-over');
      await second.press('take-over');
      await until('the second tab hears the customer', async () => (await second.hears(caller.toneHz)) > heard, 15_000);
      await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
      await second.callState('talking');
      expect((await ana.desk()).call?.id).toBe(callId);
      await ana.see('take-over');
      await second.press('hang-up');
      await second.agentState('wrapUp');
      await ana.agentState('wrapUp');
    } finally {
      await second.close();
    }
    await ana.page.locator('[data-testid="sound-health"][data-place="here"]').waitFor();
  });
});

describe('Postgres killed and started again in mid-call', () => {
  it('drops no call and loses no event: what happened meanwhile is written when it is back', async () => {
    const { postgres } = house;
    if (!postgres) throw new Error('This house has no Postgres of its own.');
    const { caller } = await talk();
    await postgres.kill();
    await stays('the customer hears the agent without a database', () => caller.ear.hears(microphoneHz, 600) > heard, 1_000);
    const second = await house.rings();
    await caller.hangUp();
    await caller.ended;
    await postgres.start();
    await ana.agentState('wrapUp', 15_000);
    expect(await house.callOf(caller.number)).toMatchObject({ outcome: 'answered', endedBy: 'customer', hasEnded: true });
    await ana.wrapUp();
    await ana.rings(15_000);
    await ana.answer();
    await bothHear(second);
    expect(await kinds(caller)).toEqual(['callArrived', 'callQueued', 'callOffered', 'agentAnswered', 'callEnded', 'wrapUpCompleted'].slice(0, (await kinds(caller)).length));
  });
});
