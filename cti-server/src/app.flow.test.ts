import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './app.testing.ts';
import type { Console, Refused } from './console.testing.ts';
import type { SystemStatus } from './contracts/index.ts';

const nobody = '018f0000-0000-7000-8000-00000000ffff';

describe('the whole server over HTTP', () => {
  let house: House;
  let ana: Console;
  let callId: string;
  beforeAll(async () => {
    house = await openHouse();
    await house.queue('910', ['ana']);
    ana = await house.agentAt('ana');
    house.rings('910');
    await ana.untilState('onCall');
    callId = ana.callId;
  });
  afterAll(async () => {
    await house.goHome();
    await house.close();
  });

  it('says how each of its parts does', async () => {
    const answer = await ana.ask<SystemStatus>('GET', '/healthz');
    expect(answer.status).toBe(200);
    expect(answer.body.ok).toBe(true);
    expect(answer.body.parts.map((part) => [part.kind, part.name, part.state])).toEqual(
      expect.arrayContaining([
        ['database', 'postgres', 'ok'],
        ['line', 'main', 'ok'],
        ['process', 'cti-server', 'ok'],
      ]),
    );
    expect(await ana.refused('GET', '/api/system')).toBe('403 forbidden');
    expect((await (await house.administrator()).do<SystemStatus>('GET', '/api/system')).ok).toBe(true);
  });

  it('gives figures to Prometheus without a name or number of a person', async () => {
    const text = await (await fetch(`${house.living().url}/metrics`)).text();
    expect(text).toContain('centralita_calls_open 1');
    expect(text).toMatch(/centralita_queue_calls\{queue="Queue 910",outcome="answered"\} 1/);
    expect(text).not.toMatch(/\+34600111222|"Ana"/);
  });

  const changing: [method: 'POST' | 'PUT', path: (call: string) => string][] = [
    ['POST', () => '/api/agent/state'],
    ['POST', () => '/api/agent/device'],
    ['POST', (call) => `/api/calls/${call}/customer`],
    ['PUT', (call) => `/api/calls/${call}/wrap-up`],
    ['POST', (call) => `/api/calls/${call}/wrap-up/complete`],
  ];
  it.each(changing)('%s %s refuses malformed JSON, unknown fields, wrong types and bodies without measure', async (method, path) => {
    const url = path(callId);
    expect(await ana.refused(method, url, '{"state": "ready"')).toBe('400 malformedJson');
    expect(await ana.refused(method, url, 'null')).toBe('400 invalidBody');
    expect(await ana.refused(method, url, '[]')).toBe('400 invalidBody');
    expect(await ana.refused(method, url, { state: 'ready', device: 'browser', tabId: 'x', customerId: nobody, revision: 0, dispositionId: nobody, surprise: true })).toBe('400 invalidBody');
    expect(await ana.refused(method, url, { state: 7, device: 7, tabId: 7, customerId: 7, revision: 'x', dispositionId: 7 })).toBe('400 invalidBody');
    expect(await ana.refused(method, url, JSON.stringify({ notes: 'x'.repeat(10 * 1024 * 1024) }))).toBe('413 bodyTooLarge');
    const wrongType = await ana.ask<Refused>(method, url, 'state=ready', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([wrongType.status, wrongType.body.error.code]).toEqual([415, 'wrongContentType']);
    expect(ana.state).toBe('onCall');
  });

  const commands = ['refuse', 'hang-up', 'hold', 'resume', 'rejoin', 'wrap-up/extend'];
  it.each(commands)('%s of an absurd call is refused', async (command) => {
    for (const absurd of ['7', 'null', '%00', '..%2F..', "' or 1=1", `${callId}x`]) {
      const code = await ana.refused('POST', `/api/calls/${encodeURIComponent(absurd)}/${command}`);
      expect(['400 invalidBody', '404 notFound']).toContain(code);
    }
    if (command !== 'wrap-up/extend') expect(await ana.refused('POST', `/api/calls/${nobody}/${command}`)).toBe('409 wrongState');
  });

  it('a command that the call’s state does not allow is answered with wrongState and changes nothing', async () => {
    expect(await ana.refused('POST', `/api/calls/${callId}/refuse`)).toBe('409 wrongState');
    expect(await ana.refused('POST', `/api/calls/${callId}/resume`)).toBe('409 wrongState');
    const bruno = await house.consoleAt('bruno').signIn();
    for (const command of ['refuse', 'hang-up', 'hold', 'resume', 'rejoin']) expect(await bruno.refused('POST', `/api/calls/${callId}/${command}`)).toBe('409 wrongState');
    expect(await bruno.refused('POST', `/api/calls/${callId}/customer`, { customerId: nobody })).toBe('403 forbidden');
    expect((await ana.call(callId)).state).toBe('talking');
  });

  it('a call is shown to those it concerns', async () => {
    const bruno = await house.consoleAt('bruno').signIn();
    expect(await bruno.refused('GET', `/api/calls/${callId}`)).toBe('404 notFound');
    expect(await ana.refused('GET', `/api/calls/${nobody}`)).toBe('404 notFound');
    const boss = await house.administrator();
    expect((await boss.call(callId)).id).toBe(callId);
    const { items } = await boss.do<{ items: { id: string }[] }>('GET', '/api/calls?search=%2B34600111222');
    expect(items.map((item) => item.id)).toContain(callId);
  });

  it('lists refuse absurd cursors, limits and filters', async () => {
    const boss = await house.administrator();
    for (const query of ['cursor=x', 'cursor=1_2', 'limit=0', 'limit=100000', 'limit=x', 'customerId=7', 'outcome=won', `search=${'9'.repeat(200)}`]) {
      expect(await boss.refused('GET', `/api/calls?${query}`)).toBe('400 invalidBody');
    }
    await boss.do('GET', `/api/calls?search=${encodeURIComponent("%' or 1=1 --")}`);
  });

  it('nothing is changed without a session, its token, or from a foreign page', async () => {
    const stranger = house.consoleAt('ana');
    expect(await stranger.refused('GET', '/api/desk')).toBe('401 notSignedIn');
    expect(await stranger.refused('POST', '/api/agent/state', { state: 'ready' })).toBe('401 notSignedIn');
    const forged = await ana.ask<Refused>('POST', '/api/agent/state', { state: 'offline' }, { 'x-csrf-token': 'guess' });
    expect([forged.status, forged.body.error.code]).toEqual([403, 'badCsrf']);
    const foreign = await ana.ask<Refused>('POST', '/api/agent/state', { state: 'offline' }, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.body.error.code]).toEqual([403, 'badCsrf']);
  });

  it('a reason that does not exist, a device without an account and a desk phone that was never set up are refused by name', async () => {
    expect(await ana.refused('POST', '/api/agent/state', { state: 'notReady', reasonCodeId: nobody })).toBe('400 unknownReasonCode');
    const bruno = await house.consoleAt('bruno').signIn();
    expect(await bruno.refused('POST', '/api/agent/device', { device: 'browser', tabId: 'one' })).toBe('409 noSipAccount');
    expect(await bruno.refused('POST', '/api/agent/device', { device: 'deskPhone', tabId: 'one' })).toBe('409 noDeskPhone');
    expect(await bruno.refused('POST', `/api/agents/${ana.id}/free`)).toBe('403 forbidden');
    const boss = await house.administrator();
    expect(await boss.refused('POST', `/api/agents/${nobody}/free`)).toBe('404 notFound');
    expect(await boss.refused('POST', `/api/agents/${nobody}/state`, { state: 'offline' })).toBe('404 notFound');
  });

  it('“Ring me” rings the hotline as a demo customer, and the agent hears them', async () => {
    const bruno = await house.agentAt('bruno');
    await bruno.do('POST', '/api/demo/ring-me', {});
    await bruno.untilState('onCall');
    expect(bruno.desk?.pop?.match).toBe('one');
    await bruno.hangsUp();
    await bruno.untilState('wrapUp');
  });
});
