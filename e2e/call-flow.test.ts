/** A caller in a call flow, with a real switch and real keys. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { backToReady } from './back-to-ready.ts';
import type { Caller } from './caller.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, type House } from './house.ts';
import { heard } from './levels.ts';
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
afterEach(async (test) => {
  await house.tidyUp(test);
  await house.observer.holdsNothing();
});
const trailOf = async (number: string): Promise<string[]> => {
  const { rows } = await house.database.$client.query<{ steps: { nodeId: string; what: string; keys?: string }[] }>(
    "select e.data->'steps' as steps from call_events e join calls c on c.id = e.call_id where e.kind = 'flowSteps' and c.from_e164 = $1 order by e.seq",
    [number],
  );
  return rows.flatMap((row) => row.steps).map((one) => `${one.nodeId} ${one.what}${one.keys === undefined ? '' : ` ${one.keys}`}`);
};
const flowIsThere = (): Promise<unknown> =>
  until('the demo’s flow is published', async () => (await house.database.$client.query('select 1 from flow_versions limit 1')).rows.length > 0, 30_000);

/** Presses one key after the other, each once the flow has taken the last one: a person is no faster. */
async function presses(caller: Caller, keys: string): Promise<void> {
  const place = async (): Promise<string> => {
    const { rows } = await house.database.$client.query<{ place: string }>(
      "select concat_ws('|', state->'flow'->>'nodeId', state->'flow'->>'digits', state->'flow'->>'ahead', state->'status'->>'state') as place from calls where from_e164 = $1",
      [caller.number],
    );
    return rows[0]?.place ?? '';
  };
  for (const key of keys) {
    const before = await place();
    await caller.press(key);
    await until(`the flow took ${key}`, async () => (await place()) !== before);
  }
}

describe('the hotline with a menu', () => {
  it('hears keys during the prompt, collects digits, and leads to an agent', async () => {
    await flowIsThere();
    const caller = await house.rings({ to: '903' });
    await until('the flow speaks', () => caller.ear.loudness(300) > -45);
    await presses(caller, '14567#');
    await ana.rings(20_000);
    await ana.answer();
    await until('the customer hears Ana', () => caller.ear.hears(microphoneHz) > heard);
    const trail = await trailOf(caller.number);
    expect(trail).toEqual(expect.arrayContaining(['menu pressed 1', 'pedido collected 4567']) as string[]);
  });

  it('keeps the place of who asks to be called back, and calls them as soon as an agent is free', async () => {
    await flowIsThere();
    const caller = await house.rings({ to: '903' });
    await until('the flow speaks', () => caller.ear.loudness(300) > -45);
    await presses(caller, '31');
    const calls = await until('they were called back', async () => {
      const { rows } = await house.database.$client.query<{ direction: string; outcome: string }>('select direction, outcome from calls where from_e164 = $1 and ended_at is not null order by started_at', [caller.number]);
      return rows.length === 2 && rows;
    }, 30_000);
    // this house has no trunk: the way back leads nowhere, and says so
    expect(calls).toEqual([{ direction: 'inbound', outcome: 'callbackTaken' }, { direction: 'outbound', outcome: 'unreachable' }]);
    const { rows } = await house.database.$client.query('select kind from callbacks where number = $1', [caller.number]);
    expect(rows).toEqual([{ kind: 'keptPlace' }]);
  });

  it('a caller who hangs up in it was never in a queue', async () => {
    await flowIsThere();
    const caller = await house.rings({ to: '903' });
    await until('the flow speaks', () => caller.ear.loudness(300) > -45);
    await caller.hangUp();
    expect(await until('ended', async () => {
      const found = await house.callOf(caller.number);
      return found.hasEnded && found;
    })).toMatchObject({ outcome: 'abandonedBeforeQueue', endedBy: 'customer' });
  });

  it('goes on after the server died in the middle of it', async () => {
    await flowIsThere();
    const caller = await house.rings({ to: '903' });
    await until('the flow speaks', () => caller.ear.loudness(300) > -45);
    await house.server.kill();
    await house.server.start();
    await until('the flow is known again', async () => (await trailOf(caller.number)).length > 0);
    await presses(caller, '0');
    await ana.rings(30_000);
    await ana.answer();
    await until('the customer hears Ana', () => caller.ear.hears(microphoneHz) > heard);
  });
});
