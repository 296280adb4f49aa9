/** The console as people meet it: by keyboard, in four languages, in both themes, with a session that runs out. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page as PageOf, Ticket } from '../cti-server/src/contracts/index.ts';
import type { Api } from './api.ts';
import { expectNoViolations } from './accessibility.ts';
import { backToReady } from './back-to-ready.ts';
import { newNumber } from './caller.ts';
import type { DeskPage } from './desk-page.ts';
import { demoPassword, microphoneHz, openHouse, type House } from './house.ts';
import { heard } from './levels.ts';
import { stays, until } from './until.ts';

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

describe('for everybody', () => {
  it('the desk has no fault that axe knows, in any state and both themes', async () => {
    await expectNoViolations(ana, 'desk, ready');
    const customer = await house.customer('Lucía Peña Díaz', newNumber());
    const caller = await house.rings({ number: customer.number });
    await ana.rings();
    await expectNoViolations(ana, 'desk, ringing');
    await ana.answer();
    await expectNoViolations(ana, 'desk, talking');
    await ana.page.keyboard.press('Control+Shift+K');
    await ana.see('ticket-subject');
    await expectNoViolations(ana, 'desk, new ticket');
    await ana.page.keyboard.press('Enter');
    await caller.hangUp();
    await ana.see('wrap-up');
    await expectNoViolations(ana, 'desk, wrap-up');
  });

  it('no other screen has one', async () => {
    const desk = await house.openDesk();
    try {
      await desk.see('login');
      await expectNoViolations(desk, 'login');
      await desk.signIn('admin', { takesCalls: false });
      const customer = await house.customer('Óscar Zúñiga', newNumber());
      const ticket = await house.admin.send<Ticket>('POST', '/api/tickets', { subject: 'Factura', customerId: customer.id });
      const admin = ['/admin', '/customers', `/customers/${customer.id}`, '/tickets', `/tickets/${ticket.id}`, '/floor', '/status'];
      for (const path of admin) {
        await desk.page.goto(house.server.url + path);
        await desk.page.locator('main h1, main h2, main table, main [role="grid"]').first().waitFor();
        await desk.page.waitForLoadState('networkidle');
        await expectNoViolations(desk, path);
      }
    } finally {
      await desk.close();
    }
  });

  it('a shift goes from signing in to the next call by keyboard alone', async () => {
    const desk = await house.openDesk();
    const { keyboard } = desk.page;
    try {
      await anaApi.send('POST', '/api/agent/state', { state: 'offline' });
      await desk.see('login');
      await keyboard.type('bruno');
      await keyboard.press('Tab');
      await keyboard.type(demoPassword);
      await keyboard.press('Enter');
      await desk.see('start-shift');
      await tabTo(desk, 'start-shift');
      await keyboard.press('Enter');
      await desk.agentState('ready');
      await until('calls would be offered', async () => (await desk.desk()).agent.reachable, 15_000);
      const caller = await house.rings();
      await desk.rings();
      await keyboard.press('Control+Shift+A');
      await desk.callState('talking');
      await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
      await keyboard.press('Control+Shift+L');
      await keyboard.type('Todo con el teclado');
      await keyboard.press('Control+Shift+E');
      await desk.agentState('wrapUp');
      await keyboard.press('Control+Shift+1');
      await keyboard.press('Control+Enter');
      await desk.agentState('ready');
      const { rows } = await house.database.$client.query<{ notes: string }>('select notes from wrap_ups w join calls c on c.id = w.call_id where c.from_e164 = $1', [caller.number]);
      expect(rows).toEqual([{ notes: 'Todo con el teclado' }]);
    } finally {
      await desk.close();
      await house.api('bruno').then((bruno) => bruno.send('POST', '/api/agent/state', { state: 'offline' }));
    }
  });

  it('the desk speaks four languages, with no word missing', async () => {
    const seen = new Map<string, string>();
    for (const language of ['en', 'zh-CN', 'zh-TW', 'es']) {
      await ana.press('user-menu');
      await ana.press(`language-${language}`);
      await ana.page.locator(`html[lang="${language}"]`).waitFor();
      await ana.page.keyboard.press('Escape');
      const text = await ana.page.locator('body').innerText();
      expect(text, `a message key on the screen in ${language}`).not.toMatch(/\b[a-z]+(_[a-z]+)+\b/);
      seen.set(language, text);
    }
    expect(new Set(seen.values()).size, 'screens that differ').toBe(4);
    expect(seen.get('zh-CN')).toMatch(/\p{Script=Han}/u);
  });

  it('the desk needs no scrolling at 1280 by 720, whatever goes on', async () => {
    const fits = () =>
      ana.page.evaluate(() => {
        const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
        return scrollWidth <= clientWidth && scrollHeight <= clientHeight;
      });
    const inView = async (testid: string): Promise<boolean> => {
      const box = await ana.page.getByTestId(testid).boundingBox();
      return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= 1280 && box.y + box.height <= 720;
    };
    expect(await fits(), 'ready').toBe(true);
    await house.rings();
    await ana.rings();
    expect(await fits(), 'ringing').toBe(true);
    expect(await inView('answer'), 'answer').toBe(true);
    await ana.answer();
    expect(await fits(), 'talking').toBe(true);
    for (const testid of ['hang-up', 'hold', 'mute', 'notes', 'complete-wrap-up', 'customer-panel']) expect(await inView(testid), testid).toBe(true);
  });
});

describe('the demo', () => {
  it('rings the agent by itself, with a voice to hear', async () => {
    await ana.press('ring-me');
    const callId = await ana.rings(20_000);
    await ana.answer();
    await until('a voice is heard', async () => (await ana.loudness()) > -45, 20_000);
    await ana.press('hang-up');
    await ana.agentState('wrapUp');
    expect((await anaApi.get<{ call: { customerId: string | null } }>(`/api/calls/${callId}`)).call.customerId, 'one of the demo customers').not.toBeNull();
    await ana.wrapUp();
    expect((await anaApi.get<PageOf<{ id: string }>>('/api/calls')).items.map((call) => call.id)).toContain(callId);
    await house.observer.holdsNothing();
  });
});

describe('signing in', () => {
  it('with a wrong password is refused in words, and the right one then works', async () => {
    const desk = await house.openDesk();
    try {
      await desk.page.getByTestId('login').fill('supervisor');
      await desk.page.getByTestId('password').fill('not-the-password');
      await desk.press('sign-in');
      await desk.see('login-failure');
      expect(await desk.page.getByTestId('login-failure').innerText()).toMatch(/contraseña/i);
      await desk.signIn('supervisor', { takesCalls: false });
    } finally {
      await desk.close();
    }
  });

  it('again over a call whose session ran out: the call lives on, and so does the work', async () => {
    const caller = await house.rings();
    const callId = await ana.rings();
    await ana.answer();
    await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
    await house.database.$client.query("update sessions set expires_at = now() - interval '1 second' where user_id = $1 and user_agent ilike '%chrom%'", [anaApi.session.user.id]);
    await until('the session is over', async () => (await ana.context.request.get(`${house.server.url}/api/desk`)).status() === 401);
    // By key: the page may have noticed by itself already, and then its question lies over the button.
    await ana.page.keyboard.press('Control+Shift+H');
    await ana.see('sign-in-again');
    await stays('the customer hears the agent, signed in or not', () => caller.ear.hears(microphoneHz, 600) > heard, 700);
    await ana.page.getByTestId('password-again').fill(demoPassword);
    await ana.page.keyboard.press('Enter');
    await ana.page.getByTestId('sign-in-again').waitFor({ state: 'hidden' });
    await until('the agent hears the customer', async () => (await ana.desk()).call?.id === callId);
    await ana.press('hang-up');
    await ana.wrapUp();
    await ana.agentState('ready');
    await backToReady(anaApi);
    await house.rings();
    await ana.rings();
    await ana.answer();
  });
});

/** Goes on with the Tab key until this is in focus. */
async function tabTo(desk: DeskPage, testid: string): Promise<void> {
  const isThere = () => desk.page.evaluate((id) => document.activeElement?.closest(`[data-testid="${id}"]`) !== null, testid);
  for (let step = 0; step < 60; step++) {
    if (await isThere()) return;
    await desk.page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to ${testid}.`);
}
