/** The main job, end to end: a customer rings, the right screen lights up, they talk, the work is written down. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, type House } from './house.ts';
import { newNumber } from './caller.ts';
import { until } from './until.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

/** Tones are sent at -9; less than this is not hearing it. */
const heard = -25;
const silent = -50;

describe('an inbound call', () => {
  it('lights up the screen before the ring is heard, carries both voices, and is written down', async () => {
    const customer = await house.customer('Carmen Ortiz Vega', newNumber());
    const ana: DeskPage = await house.openDesk();
    await ana.work('ana');

    const caller = await house.rings({ number: customer.number, toneHz: 1000 });
    const callId = await ana.rings();
    expect(await ana.page.getByTestId('pop-name').textContent()).toBe(customer.name);
    const [ring] = await until('the ring is heard', async () => {
      const rings = await ana.ringsHeard();
      return rings.length > 0 && rings;
    });
    expect(ring?.nameShown).toBe(customer.name);

    await ana.answer();
    await until('the agent hears the customer', async () => (await ana.hears(1000)) > heard);
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
    expect(await ana.hears(1600)).toBeLessThan(silent);
    expect(caller.ear.hears(1600)).toBeLessThan(silent);

    await ana.press('hang-up');
    expect((await caller.ended).exitCode).toBe(0);
    await ana.agentState('wrapUp');
    expect((await ana.desk()).call?.id).toBe(callId);
  });
});
