/** The main job, end to end: a customer rings, the right screen lights up, they talk, the work is written down. */
import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page as PageOf, Ticket } from '../cti-server/src/contracts/index.ts';
import type { Api } from './api.ts';
import { backToReady } from './back-to-ready.ts';
import { newNumber } from './caller.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, type House } from './house.ts';
import { heard, silent } from './levels.ts';
import { until } from './until.ts';

let house: House;
let ana: DeskPage;
let anaApi: Api;
beforeAll(async () => {
  house = await openHouse();
  ana = await house.openDesk();
  await ana.work('ana');
  anaApi = await house.api('ana');
});
afterAll(() => house?.close());
beforeEach(() => backToReady(anaApi));
afterEach((test) => house.tidyUp(test));

describe('an inbound call', () => {
  it('lights up the screen before the ring is heard, carries both voices, and is written down', async () => {
    const customer = await house.customer('Carmen Ortiz Vega', newNumber());
    const caller = await house.rings({ number: customer.number, toneHz: 1000 });
    const callId = await ana.rings();
    expect(await ana.page.getByTestId('pop-name').textContent()).toBe(customer.name);
    const ring = await until('the ring is heard', async () => (await ana.ringsHeard()).at(-1));
    expect(ring.nameShown).toBe(customer.name);

    await ana.answer();
    await until('the agent hears the customer', async () => (await ana.hears(1000)) > heard);
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
    expect(await ana.hears(1600), 'a pitch that nobody says').toBeLessThan(silent);
    expect(caller.ear.hears(1600), 'a pitch that nobody says').toBeLessThan(silent);

    await ana.press('hang-up');
    expect((await caller.ended).exitCode, 'the customer was hung up upon').toBe(0);
    await ana.agentState('wrapUp');
    await ana.wrapUp('Pregunta por su factura de octubre.');
    await ana.agentState('ready');

    expect(await house.callOf(customer.number)).toMatchObject({ id: callId, outcome: 'answered', endedBy: 'agent', customerId: customer.id, hasEnded: true });
    const { rows } = await house.database.$client.query('select notes, disposition_id is not null as disposed, completed_at is not null as done from wrap_ups where call_id = $1', [callId]);
    expect(rows).toEqual([{ notes: 'Pregunta por su factura de octubre.', disposed: true, done: true }]);

    await ana.page.goto(`${house.server.url}/customers/${customer.id}`);
    await ana.page.getByTestId('timeline').getByText('Pregunta por su factura de octubre.').waitFor();
    await ana.page.goto(`${house.server.url}/desk`);
    await house.observer.holdsNothing();
  });

  it('is wrapped up too when the customer hangs up', async () => {
    const caller = await house.rings();
    await ana.rings();
    await ana.answer();
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
    await caller.hangUp();
    await ana.agentState('wrapUp');
    await ana.wrapUp();
    await ana.agentState('ready');
    expect(await house.callOf(caller.number)).toMatchObject({ outcome: 'answered', endedBy: 'customer' });
    await house.observer.holdsNothing();
  });

  it('cannot be wrapped up without a disposition', async () => {
    const caller = await house.rings();
    await ana.rings();
    await ana.answer();
    await caller.hangUp();
    await ana.see('wrap-up');
    await ana.press('complete-wrap-up');
    expect((await ana.desk()).agent.status.state).toBe('wrapUp');
    await ana.wrapUp();
    await ana.agentState('ready');
  });

  it('opens a ticket in two keystrokes, linked to the call and the customer', async () => {
    const customer = await house.customer('Íñigo Sáez Ruiz', newNumber());
    await house.rings({ number: customer.number });
    const callId = await ana.rings();
    await ana.answer();
    await ana.page.keyboard.press('Control+Shift+K');
    await ana.see('ticket-subject');
    await ana.page.keyboard.press('Enter');
    const ticket = await until('the ticket is there', async () => {
      const { items } = await anaApi.get<PageOf<Ticket>>(`/api/tickets?customerId=${customer.id}`);
      return items[0];
    });
    expect(ticket).toMatchObject({ callId, customerId: customer.id, status: 'open' });
  });

  it('shows a number that nobody knows with its country, and links it to a customer made on the spot', async () => {
    const caller = await house.rings({ number: '+8613800138000' });
    await ana.rings();
    await ana.see('unknown-caller');
    expect(await ana.page.getByTestId('unknown-caller').textContent()).toContain('China');
    await ana.answer();
    await ana.press('create-customer');
    await ana.page.getByTestId('customer-name').fill('王秀英');
    await ana.press('customer-create');
    await ana.page.getByTestId('pop-name').getByText('王秀英').waitFor();
    await caller.hangUp();
    await ana.agentState('wrapUp');
    const call = await house.callOf('+8613800138000');
    expect(call.customerId).not.toBeNull();
  });

  it('lets the customer hear music on hold, nothing when muted, and the agent again afterwards', async () => {
    const caller = await house.rings();
    await ana.rings();
    await ana.answer();
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);

    await ana.press('mute');
    await until('the customer hears nothing', () => caller.ear.hears(microphoneHz) < silent);
    await ana.press('mute');
    await until('the customer hears the agent again', () => caller.ear.hears(microphoneHz) > heard);

    await ana.press('hold');
    await ana.callState('held');
    await until('the customer hears music, not the agent', () => caller.ear.hears(microphoneHz) < silent && caller.ear.loudness(1000) > -45);
    await ana.press('hold');
    await ana.callState('talking');
    await until('the customer hears the agent again', () => caller.ear.hears(microphoneHz) > heard);
    await until('the agent hears the customer again', async () => (await ana.hears(caller.toneHz)) > heard);
  });

  it('on a number that nobody set up is told so politely, and is logged', async () => {
    const caller = await house.rings({ to: '955555555' });
    await until('the announcement is heard', () => caller.ear.loudness(500) > -45);
    expect((await caller.ended).exitCode, 'hung up after the announcement').toBe(0);
    expect(await house.callOf(caller.number)).toMatchObject({ outcome: 'notInService', endedBy: 'system' });
    expect(await readFile(house.server.logFile, 'utf8')).toContain('"dialled":"955555555"');
    await ana.agentState('ready');
    await house.observer.holdsNothing();
  });
});
