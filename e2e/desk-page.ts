/** An agent's console in a browser window, driven as an agent would: by what is on the screen. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Desk } from '../cti-server/src/contracts/index.ts';
import { levelOf, loudness } from './levels.ts';
import { listen, lookOn, type RingHeard } from './page-hooks.ts';
import { until } from './until.ts';

const password = 'demo-centralita';

export interface DeskPageOptions {
  /** A second window of the same person: shares the session and the tabs' common memory. */
  beside?: DeskPage;
  colorScheme?: 'light' | 'dark';
}

export interface DeskPage {
  readonly page: Page;
  readonly context: BrowserContext;
  signIn(login: string, options?: { takesCalls: boolean }): Promise<void>;
  /** Goes through the sound check and becomes ready; returns once calls would be offered. */
  startShift(): Promise<void>;
  /** Sign in, start the shift, ready. */
  work(login: string): Promise<void>;
  /** The desk as the server tells it to this person. */
  desk(): Promise<Desk>;
  see(testid: string, withinMs?: number): Promise<void>;
  press(testid: string): Promise<void>;
  agentState(state: Desk['agent']['status']['state'], withinMs?: number): Promise<void>;
  callState(state: string, withinMs?: number): Promise<void>;
  /** Waits until it rings here and answers the call's id. */
  rings(withinMs?: number): Promise<string>;
  answer(): Promise<void>;
  /** Disposition 1 and these notes; ready again afterwards. */
  wrapUp(notes?: string): Promise<void>;
  /** Level of a pitch in what this browser plays of the call, in dB below full scale. */
  hears(hertz: number): Promise<number>;
  /** Level of all that this browser plays of the call. */
  loudness(): Promise<number>;
  ringsHeard(): Promise<RingHeard[]>;
  reload(): Promise<void>;
  /** What the page has written to the browser's console. */
  said(): readonly string[];
  close(): Promise<void>;
}

/** A window of a browser that has never been here before, unless `beside` names another. */
export async function openDesk(browser: Browser, url: string, options: DeskPageOptions = {}): Promise<DeskPage> {
  const context = options.beside?.context ?? (await newContext(browser, url, options));
  const page = await context.newPage();
  const faults: string[] = [];
  const said: string[] = [];
  page.on('console', (message) => said.push(`${message.type()} ${message.text()}`));
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  // A reload in a call asks first whether to leave: yes.
  page.on('dialog', (dialog) => void dialog.accept());
  await page.goto(url);
  const at = (testid: string) => page.getByTestId(testid);

  const self: DeskPage = {
    page,
    context,
    async signIn(login, { takesCalls } = { takesCalls: true }) {
      await at('login').fill(login);
      await at('password').fill(password);
      await at('sign-in').click();
      await at(takesCalls ? 'state-menu' : 'user-menu').waitFor();
    },
    async startShift() {
      const { agent } = await self.desk();
      if (agent.status.state === 'offline') {
        // A page that was just opened leads to the sound check by itself; later one goes there.
        await at('open-sound-check').waitFor();
        if (!(await at('start-shift').isVisible())) await at('open-sound-check').click();
        await at('start-shift').click();
        await at('start-shift').waitFor({ state: 'hidden' });
      } else {
        await at('state-menu').click();
        await at('state-ready').click();
      }
      // A call that was waiting rings at once.
      await page.locator('[data-testid="agent-state"]:is([data-state="ready"], [data-state="ringing"])').waitFor();
      await until('the agent can be reached', async () => (await self.desk()).agent.reachable, 15_000);
    },
    async work(login) {
      await self.signIn(login);
      await self.startShift();
    },
    async desk() {
      const answer = await context.request.get(`${url}/api/desk`);
      if (!answer.ok()) throw new Error(`The desk could not be read: ${String(answer.status())}`);
      return (await answer.json()) as Desk;
    },
    async see(testid, withinMs = 10_000) {
      await at(testid).first().waitFor({ timeout: withinMs });
    },
    async press(testid) {
      await at(testid).first().click();
    },
    async agentState(state, withinMs = 10_000) {
      await page.locator(`[data-testid="agent-state"][data-state="${state}"]`).waitFor({ timeout: withinMs });
    },
    async callState(state, withinMs = 10_000) {
      await page.locator(`[data-testid="call-state"][data-state="${state}"]`).waitFor({ timeout: withinMs });
    },
    async rings(withinMs = 10_000) {
      await self.callState('ringing', withinMs);
      const callId = await at('pop').getAttribute('data-call-id');
      if (callId === null) throw new Error('The ringing screen names no call.');
      return callId;
    },
    async answer() {
      await at('answer').click();
      await self.callState('talking');
    },
    async wrapUp(notes = '') {
      await self.see('wrap-up');
      await at('disposition-1').click();
      if (notes !== '') await at('notes').fill(notes);
      await at('complete-wrap-up').click();
    },
    async hears(hertz) {
      const { samples, sampleRate } = await page.evaluate(listen, 400);
      return levelOf(Float64Array.from(samples), sampleRate, hertz);
    },
    loudness: async () => loudness(Float64Array.from((await page.evaluate(listen, 400)).samples)),
    ringsHeard: () => page.evaluate(() => window.ringsHeard),
    async reload() {
      await page.reload();
    },
    said: () => [...said, ...faults],
    async close() {
      if (options.beside) await page.close();
      else await context.close();
      if (faults.length > 0) throw new Error(`The page broke:\n${faults.join('\n')}`);
    },
  };
  return self;
}

async function newContext(browser: Browser, url: string, options: DeskPageOptions): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, colorScheme: options.colorScheme ?? 'light', locale: 'es-ES' });
  context.setDefaultTimeout(10_000);
  await context.grantPermissions(['microphone'], { origin: url });
  await context.addInitScript(lookOn);
  // Noise suppression would take the test's tone for noise.
  await context.addInitScript(() => localStorage.setItem('centralita.sound', JSON.stringify({ cleaning: false })));
  return context;
}
