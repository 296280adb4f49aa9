/** Calls that agents make, hand on and share, with real sound: whoever hangs up or dies, nobody is left hanging. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Desk } from '../cti-server/src/contracts/index.ts';
import { newId } from '../cti-server/src/platform/ids.ts';
import type { Api } from './api.ts';
import { backToReady } from './back-to-ready.ts';
import type { Caller } from './caller.ts';
import type { DeskPage } from './desk-page.ts';
import { microphoneHz, openHouse, queueOf900, type House } from './house.ts';
import { brokenLedgers } from './ledger.ts';
import { heard, silent } from './levels.ts';
import { freeUdpPort, startSipp, type SippOptions, type SippProcess } from './sipp.ts';
import { until } from './until.ts';

const outside = '+34600123456';
const outsideHz = 1700;

let house: House;
let ana: DeskPage;
let bruno: DeskPage;
let anaApi: Api;
let brunoApi: Api;
let brunoId: string;
let trunkPort: number;
let phone: SippProcess | null = null;
beforeAll(async () => {
  trunkPort = await freeUdpPort();
  house = await openHouse({ trunkPort });
  // the customer rings at Ana; Bruno is whom she asks
  await house.changeQueue(queueOf900, { ringTimeoutSeconds: 5 });
  ana = await house.openDesk();
  bruno = await house.openDesk();
  await Promise.all([ana.work('ana'), bruno.work('bruno')]);
  [anaApi, brunoApi] = await Promise.all([house.api('ana'), house.api('bruno')]);
  brunoId = brunoApi.session.user.id;
});
afterAll(() => house?.close());
beforeEach(async () => {
  await Promise.all([backToReady(anaApi), backToReady(brunoApi)]);
});
afterEach(async (test) => {
  await house.tidyUp(test);
  await phone?.stop();
  phone = null;
  await house.observer.holdsNothing();
  expect(await brokenLedgers(house.database)).toEqual([]);
});

/** Somebody outside, at the far end of the trunk. */
const outsideIs = async (scenario: SippOptions['scenario'], more: Partial<SippOptions> = {}): Promise<SippProcess> =>
  (phone = await startSipp({ sipp: house.sipp, scenario, switchPort: house.asterisk.sipPort, localPort: trunkPort, ...more }));
const dial = async (): Promise<void> => {
  await ana.page.keyboard.press('Control+Shift+F');
  await ana.page.getByTestId('party-search').fill('600 12 34 56');
  await ana.page.keyboard.press('Enter');
};
const lastOutcome = (): Promise<string> =>
  until('the call has ended', async () => {
    const { rows } = await house.database.$client.query<{ outcome: string }>("select outcome from calls where direction = 'outbound' and ended_at is not null order by started_at desc limit 1");
    return rows[0]?.outcome;
  });

describe('a call to the outside', () => {
  it('rings, is answered, carries sound both ways, and is wrapped up', async () => {
    await outsideIs('phone-answers', { toneHz: outsideHz, ringMs: 400 });
    await dial();
    await ana.callState('dialling');
    await ana.callState('talking');
    await until('Ana hears the outside', async () => (await ana.hears(outsideHz)) > heard);
    await phone?.hangUp();
    await ana.see('wrap-up');
    await ana.wrapUp('Called');
    await ana.agentState('ready');
    expect(await lastOutcome()).toBe('answered');
  });

  for (const [scenario, outcome] of [
    ['phone-is-busy', 'busy'],
    ['phone-refuses', 'rejected'],
  ] as const) {
    it(`tells ${outcome}, with the carrier’s word, and asks for wrap-up too`, async () => {
      await outsideIs(scenario);
      await dial();
      await ana.see('wrap-up');
      expect(await lastOutcome()).toBe(outcome);
      const { rows } = await house.database.$client.query<{ reason: string }>("select data->>'reason' as reason from call_events where kind = 'dialFailed' order by at desc limit 1");
      expect(rows[0]?.reason).toMatch(/^(SIP \d{3}|Q\.850 \d+) /);
      await ana.wrapUp();
      await ana.agentState('ready');
    });
  }

  it('given up while it rings is cancelled at the other end', async () => {
    await outsideIs('phone-never-answers');
    await dial();
    await until('it rings there', async () => (await ana.desk()).call?.ringingSince !== null && (await ana.desk()).call?.state === 'dialling');
    await ana.press('hang-up');
    expect(await lastOutcome()).toBe('cancelled');
    await ana.wrapUp();
  });
});

describe('asking a colleague first', () => {
  let caller: Caller;
  let callId: string;
  /** Ana talks with a customer while Bruno is ready. */
  beforeEach(async () => {
    await brunoApi.send('POST', '/api/agent/state', { state: 'offline' });
    caller = await house.rings();
    callId = await ana.rings();
    await ana.answer();
    await until('the customer hears Ana', () => caller.ear.hears(microphoneHz) > heard);
    await backToReady(brunoApi);
  });
  const ask = async (): Promise<void> => {
    await ana.page.keyboard.press('Control+Shift+O');
    await ana.page.getByTestId('party-search').fill('bruno');
    await ana.page.locator('[data-testid="party"][data-name^="Bruno"]').waitFor();
    await ana.page.keyboard.press('Enter');
    await bruno.rings();
    await bruno.answer();
    await consultIs('private');
  };
  const consultIs = (state: string): Promise<void> => ana.page.locator(`[data-testid="consult"][data-state="${state}"]`).waitFor();
  const customerHearsOnlyMusic = (): Promise<unknown> => until('the customer hears music', () => caller.ear.hears(microphoneHz) < silent && caller.ear.loudness(400) > -50);
  const customerHearsSomebody = (): Promise<unknown> => until('the customer hears somebody', () => caller.ear.hears(microphoneHz) > heard);

  it('the customer hears music meanwhile; swapped, joined, and left to the two', async () => {
    await ask();
    await customerHearsOnlyMusic();
    await ana.press('consult-swap');
    await customerHearsSomebody();
    await ana.press('consult-join');
    await until('Bruno hears the customer', async () => (await bruno.hears(caller.toneHz)) > heard);
    await ana.press('consult-complete');
    await ana.see('wrap-up');
    await until('Bruno still hears the customer', async () => (await bruno.hears(caller.toneHz)) > heard);
    await customerHearsSomebody();
    await bruno.press('hang-up');
    await bruno.see('wrap-up');
  });

  it('the server dies meanwhile: the two talk on, and afterwards the call is handed over', async () => {
    await ask();
    await house.server.kill();
    await until('Ana and Bruno hear each other', async () => (await ana.hears(microphoneHz)) > heard);
    await house.server.start();
    await until('Ana’s desk knows of it', async () => (await ana.desk()).call?.consult?.state === 'private', 20_000);
    await ana.page.locator('[data-testid="connection"][data-connected="true"]').waitFor({ timeout: 20_000 });
    await ana.press('consult-complete');
    await until('Bruno hears the customer', async () => (await bruno.hears(caller.toneHz)) > heard, 20_000);
    await caller.hangUp();
  });

  // every shape × who hangs up first, over the API: the sound is the same, and Asterisk must hold nothing afterwards
  const shapes = {
    private: [],
    aside: ['consult/swap'],
    joined: ['consult/join'],
    completed: ['consult/complete'],
  } as const;
  for (const [shape, moves] of Object.entries(shapes)) {
    for (const who of ['customer', 'agent', 'colleague'] as const) {
      it(`${shape}, and the ${who} hangs up first`, async () => {
        await anaApi.send('POST', `/api/calls/${callId}/consult`, { to: { kind: 'agent', agentId: brunoId } });
        await bruno.rings();
        await bruno.answer();
        await until('they talk', async () => (await anaApi.get<Desk>('/api/desk')).call?.consult?.state === 'private');
        for (const move of moves) await anaApi.send('POST', `/api/calls/${callId}/${move}`);
        const isOver = shape === 'completed';
        if (who === 'customer') await caller.hangUp();
        else if (who === 'colleague') await brunoApi.send('POST', `/api/calls/${callId}/hang-up`);
        else if (!isOver) await anaApi.send('POST', `/api/calls/${callId}/hang-up`);
        // whoever is left with the customer lets them go
        await caller.hangUp();
        await until('the call has ended', async () => (await house.callOf(caller.number)).hasEnded);
      });
    }
  }

  it('blind to the outside: customer and outside party talk on without us', async () => {
    await outsideIs('phone-answers', { toneHz: outsideHz, ringMs: 200 });
    await anaApi.send('POST', `/api/calls/${callId}/transfer`, { to: { kind: 'number', number: outside } });
    await ana.see('wrap-up');
    await until('the customer hears the outside', () => caller.ear.hears(outsideHz) > heard);
    await phone?.hangUp();
    await until('the customer is let go', async () => (await house.callOf(caller.number)).hasEnded);
  });

  it('blind to a busy number: the customer is first in the queue again, with music', async () => {
    await outsideIs('phone-is-busy');
    await anaApi.send('POST', `/api/calls/${callId}/transfer`, { to: { kind: 'number', number: outside } });
    await bruno.rings(15_000);
    await bruno.answer();
    await customerHearsSomebody();
  });
});

describe('a second call', () => {
  it('lets the first hear music, and the way back is one press', async () => {
    await brunoApi.send('POST', '/api/agent/state', { state: 'offline' });
    await outsideIs('phone-answers', { toneHz: outsideHz, ringMs: 100 });
    const caller = await house.rings();
    await ana.rings();
    await ana.answer();
    await anaApi.send('POST', '/api/calls', { id: newId(Date.now()), number: outside });
    await until('Ana hears the outside', async () => (await ana.hears(outsideHz)) > heard);
    await until('the customer hears music', () => caller.ear.hears(microphoneHz) < silent && caller.ear.loudness(400) > -50);
    await ana.press('parked-return');
    await until('the customer hears Ana', () => caller.ear.hears(microphoneHz) > heard);
    await caller.hangUp();
    await ana.press('parked-return');
    await until('Ana hears the outside', async () => (await ana.hears(outsideHz)) > heard);
    await ana.press('hang-up');
  });
});
