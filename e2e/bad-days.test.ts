/** A switch that is not there, at the start or later. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SystemStatus } from '../cti-server/src/contracts/index.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, type House } from './house.ts';
import { heard } from './levels.ts';
import { until } from './until.ts';

let house: House;
let ana: DeskPage;
beforeAll(async () => {
  house = await openHouse({ asteriskAway: true });
  ana = await house.openDesk();
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const line = async (): Promise<string | undefined> => (await house.admin.get<SystemStatus>('/api/system')).parts.find((part) => part.kind === 'line')?.state;

async function talk(): Promise<void> {
  const caller = await house.rings();
  await ana.rings(15_000);
  await ana.answer();
  await until('the customer hears the agent', () => caller.ear.hears(microphoneHz) > heard);
  await until('the agent hears the customer', async () => (await ana.hears(caller.toneHz)) > heard);
  await ana.press('hang-up');
  await ana.wrapUp();
}

describe('an Asterisk that is not there', () => {
  it('at the start is named on the status page, and calls are taken when it comes', async () => {
    expect(await line()).toBe('down');
    await ana.signIn('ana');
    await house.asterisk.start();
    await until('the line is up', async () => (await line()) === 'ok', 20_000);
    await ana.startShift();
    await talk();
  });

  it('and that was restarted takes calls again, and its lost calls are over in the ledger', async () => {
    const caller = await house.rings();
    await ana.rings(15_000);
    await ana.answer();
    await house.asterisk.kill();
    await until('the line is down', async () => (await line()) === 'down', 20_000);
    await house.asterisk.start();
    await until('the lost call is over', async () => (await house.callOf(caller.number)).hasEnded, 20_000);
    await ana.agentState('wrapUp');
    await ana.wrapUp();
    await until('the agent can be reached again', async () => (await ana.desk()).agent.reachable, 30_000);
    await talk();
  });
});
