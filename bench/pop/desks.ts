/** Agents at work in a real Chromium, with a microphone that says nothing. */
import { chromium, type Browser } from 'playwright-core';
import { openDesk, type DeskPage } from '../../e2e/desk-page.ts';
import { findChromium } from '../../launcher/index.ts';
import { sessionCookie } from '../../cti-server/src/platform/http.ts';
import type { SignedIn } from '../seed.ts';
import { keepTimes, type SeenInPage } from './page-clock.ts';

export async function startBrowser(): Promise<Browser> {
  const { program, env } = await findChromium();
  return chromium.launch({
    executablePath: program,
    env: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--allow-loopback-in-peer-connection',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

/** Opens the console as somebody who is signed in already, goes through the sound check and is ready. */
export async function startWork(browser: Browser, url: string, agent: SignedIn): Promise<DeskPage> {
  const desk = await openDesk(browser, url);
  await desk.context.addCookies([{ name: sessionCookie, value: agent.token, url }]);
  await desk.context.addInitScript(keepTimes);
  await desk.page.goto(url);
  await desk.startShift();
  return desk;
}

/** What all pages saw so far. */
export async function seenBy(desks: readonly DeskPage[]): Promise<SeenInPage> {
  const all = await Promise.all(desks.map((desk) => desk.page.evaluate(() => window.seenOfCalls)));
  return { invites: all.flatMap((one) => one.invites), pops: all.flatMap((one) => one.pops) };
}
