/** What axe, which knows the rules of accessibility, has to say about a screen. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'vitest';
import type { DeskPage } from './desk-page.ts';

/** What axe finds on the screen as it is now, in words; `rules` names the only ones to look at. */
async function violations(desk: DeskPage, rules?: string[]): Promise<string[]> {
  // What fades in is judged once it is there.
  await desk.page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations !== Infinity).map((one) => one.finished.catch(() => undefined))));
  const axe = new AxeBuilder({ page: desk.page });
  const { violations: found } = await (rules ? axe.withRules(rules) : axe).analyze();
  return found.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 300)} ${node.failureSummary?.replaceAll(/\s+/g, ' ') ?? ''}`));
}
/** Everything in the light theme; in the dark one the colours, for nothing else differs. */
export async function expectNoViolations(desk: DeskPage, screen: string): Promise<void> {
  await desk.page.emulateMedia({ colorScheme: 'light' });
  expect.soft(await violations(desk), `${screen}, light`).toEqual([]);
  await desk.page.emulateMedia({ colorScheme: 'dark' });
  await desk.page.locator('html[data-theme="dark"]').waitFor();
  expect.soft(await violations(desk, ['color-contrast']), `${screen}, dark`).toEqual([]);
}
