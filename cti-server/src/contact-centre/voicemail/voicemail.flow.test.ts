import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page, Voicemail, VoicemailCounts } from '../../contracts/index.ts';
import { type FollowUpsHouse, openFollowUpsHouse } from '../callbacks/testing.ts';
import { refused } from '../setup/testing.ts';
import { recordingIdOf } from './index.ts';

let house: FollowUpsHouse;
beforeAll(async () => {
  house = await openFollowUpsHouse();
});
afterAll(() => house.close());

/** Somebody speaks for so long; the switch holds the recording. */
async function speaks(callId: string, seconds: number): Promise<void> {
  const legId = house.line.arrive({ fromNumber: '+34600555001', toNumber: '900', answered: true });
  const answer = await house.line.record({ recordingId: recordingIdOf(callId), legId, maxSeconds: 120, silenceSeconds: 5, beep: true, stopKeys: '#' });
  if (answer.outcome !== 'ok') throw new Error(JSON.stringify(answer));
  house.clock.pass(seconds * 1_000);
  house.line.callerHangsUp(legId);
}
const left = (callId: string, more: object = {}) => ({ callId, lineId: 'main', queueId: house.sales, from: { raw: '600555001', e164: '+34600555001' }, customerId: null, recordedAtMs: house.clock.now(), seconds: 4, ...more });
const list = async (viewer: FollowUpsHouse['people']['ana'], query = ''): Promise<Voicemail[]> => ((await house.send(viewer, 'GET', `/voicemails?${query}`)).body as Page<Voicemail>).items;
const ofCall = async (callId: string): Promise<Voicemail | undefined> => (await list(house.people.boss, 'limit=200')).find((one) => one.callId === callId);
const atSwitch = async (callId: string): Promise<boolean> => {
  const stored = await house.line.storedRecordings();
  return stored.outcome === 'ok' && stored.value.includes(recordingIdOf(callId));
};
const { keep, sweep } = { keep: (told: ReturnType<typeof left>) => house.followUps.voicemail.keep(told), sweep: () => house.followUps.sweep() };

describe('what a caller says to a queue', () => {
  it('is fetched, kept once however often it is told, and dropped at the switch only then', async () => {
    const callId = randomUUID();
    await speaks(callId, 12);
    await Promise.all([keep(left(callId)), keep(left(callId)), keep(left(callId))]);
    expect((await list(house.people.ana)).filter((one) => one.callId === callId)).toMatchObject([{ sound: 'kept', seconds: 12, state: 'new', queue: { name: 'Sales' }, from: { e164: '+34600555001', country: 'ES' } }]);
    expect(await atSwitch(callId)).toBe(false);
  });

  it('is left out when nobody said anything', async () => {
    const callId = randomUUID();
    await speaks(callId, 0.4);
    await keep(left(callId));
    expect(await ofCall(callId)).toBeUndefined();
    expect(await atSwitch(callId)).toBe(false);
  });

  it('is not lost when the switch does not answer: the sweep fetches it', async () => {
    const callId = randomUUID();
    await speaks(callId, 5);
    house.line.failNext('fetchRecording', { outcome: 'unavailable' });
    await keep(left(callId));
    expect(await ofCall(callId)).toMatchObject({ sound: 'atSwitch', seconds: 4 });
    expect(await house.send(house.people.ana, 'GET', `/voicemails/${(await ofCall(callId))?.id ?? ''}/sound`)).toMatchObject(refused(404, 'notFound'));
    await sweep();
    expect(await ofCall(callId)).toMatchObject({ sound: 'kept', seconds: 5 });
    expect(await atSwitch(callId)).toBe(false);
  });

  it('is not lost when the server dies before it tells: the sweep finds it by the call, once the call is over', async () => {
    const callId = await house.endedCall(house.service, '+34600555009', house.marta);
    await speaks(callId, 3);
    await sweep();
    expect(await ofCall(callId)).toBeUndefined();
    house.clock.pass(60_000);
    await sweep();
    expect(await ofCall(callId)).toMatchObject({ sound: 'kept', queue: { name: 'Service' }, from: { e164: '+34600555009' }, customer: { id: house.marta }, seconds: 3 });
    expect(house.history).toMatchObject([{ callId, customerId: house.marta, queueName: 'Service' }]);
  });

  it('that the switch has lost is said to be lost; recordings of others stay where they are', async () => {
    const [callId, strange] = [randomUUID(), randomUUID()];
    await speaks(strange, 2);
    await keep(left(callId));
    house.clock.pass(11 * 60_000);
    await sweep();
    expect(await ofCall(callId)).toMatchObject({ sound: 'lost' });
    expect(await ofCall(strange)).toBeUndefined();
    expect(await atSwitch(strange)).toBe(true);
  });

  it('dropped before the answer came is dropped by the next sweep', async () => {
    const callId = randomUUID();
    await speaks(callId, 2);
    house.line.failNext('dropRecording', { outcome: 'unavailable' });
    await keep(left(callId));
    expect(await atSwitch(callId)).toBe(true);
    await sweep();
    expect([await atSwitch(callId), (await ofCall(callId))?.sound]).toEqual([false, 'kept']);
  });
});

describe('hearing and settling', () => {
  const fresh = async (): Promise<Voicemail> => {
    const callId = randomUUID();
    await speaks(callId, 6);
    await keep(left(callId));
    const one = await ofCall(callId);
    if (!one) throw new Error('not kept');
    return one;
  };

  it('only who serves the queue, and who looks after it, may', async () => {
    const { ana, bruno, lin, salesHead, boss, outsider } = house.people;
    const { id } = await fresh();
    for (const [viewer, status] of [[ana, 200], [bruno, 200], [salesHead, 200], [boss, 200], [lin, 404], [outsider, 403]] as const) expect(await house.send(viewer, 'GET', `/voicemails/${id}`)).toMatchObject({ status });
    const answer = await house.http.inject({ method: 'GET', url: `/api/voicemails/${id}/sound`, cookies: { centralita_session: lin.sessionId } });
    expect(answer.statusCode).toBe(404);
    expect(await house.send(lin, 'PATCH', `/voicemails/${id}`, { state: 'done', version: 0 })).toMatchObject(refused(404, 'notFound'));
    expect((await list(lin, 'limit=200')).every((one) => one.queue.name === 'Service')).toBe(true);
    expect(((await house.send(lin, 'GET', '/voicemails/counts')).body as VoicemailCounts).queues.map((queue) => queue.name)).toEqual(['Service']);
  });

  it('players get the parts that they ask for', async () => {
    const { id } = await fresh();
    const ask = (range?: string) => house.http.inject({ method: 'GET', url: `/api/voicemails/${id}/sound`, cookies: { centralita_session: house.people.ana.sessionId }, headers: range === undefined ? {} : { range } });
    const whole = await ask();
    expect([whole.statusCode, whole.headers['content-type'], whole.rawPayload.subarray(0, 4).toString()]).toEqual([200, 'audio/wav', 'RIFF']);
    const part = await ask('bytes=44-143');
    expect([part.statusCode, part.headers['content-range'], part.rawPayload.length]).toEqual([206, `bytes 44-143/${String(whole.rawPayload.length)}`, 100]);
    expect((await ask('bytes=99999999-')).statusCode).toBe(416);
  });

  it('the first who hears it is remembered, screens count down, and what was said can be written down, taken and finished', async () => {
    const { ana, bruno } = house.people;
    const one = await fresh();
    const brunos = await house.screens.looksOn(bruno);
    const before = brunos().newVoicemails;
    expect(await house.send(ana, 'POST', `/voicemails/${one.id}/heard`)).toMatchObject({ status: 200, body: { state: 'open', heardBy: { name: 'Ana' } } });
    const heard = await house.send(bruno, 'POST', `/voicemails/${one.id}/heard`);
    expect(heard).toMatchObject({ body: { heardBy: { name: 'Ana' } } });
    const { version } = heard.body as Voicemail;
    expect((await house.screens.looksOn(bruno))().newVoicemails).toBe(before - 1);
    expect(await house.send(bruno, 'PATCH', `/voicemails/${one.id}`, { assigneeId: ana.userId, version })).toMatchObject(refused(403, 'forbidden'));
    const taken = await house.send(bruno, 'PATCH', `/voicemails/${one.id}`, { assigneeId: bruno.userId, transcript: 'Please call', customerId: house.marta, version });
    expect(taken).toMatchObject({ status: 200, body: { assignee: { name: 'Bruno' }, customer: { name: 'Marta' }, transcript: 'Please call' } });
    expect(house.history.at(-1)).toMatchObject({ voicemailId: one.id, customerId: house.marta });
    expect(await house.send(ana, 'PATCH', `/voicemails/${one.id}`, { state: 'done', version })).toMatchObject(refused(409, 'changedMeanwhile'));
    expect(await house.send(ana, 'PATCH', `/voicemails/${one.id}`, { state: 'done', version: version + 1 })).toMatchObject({ status: 200, body: { state: 'done' } });
    expect((await list(ana, 'state=done')).map((done) => done.id)).toContain(one.id);
    expect((await list(ana, `customerId=${house.marta}&limit=200`)).map((marta) => marta.id)).toContain(one.id);
  });
});
