/** Callbacks and voicemail as people work with them: promised, reminded of, put off, handed on; heard and settled. By keyboard. */
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Callback, Page as PageOf, Queue, Voicemail } from '../cti-server/src/contracts/index.ts';
import { callbacks, voicemails, voicemailSounds } from '../cti-server/src/db/index.ts';
import { silentWav } from '../cti-server/src/telephony/simulated/recordings.ts';
import { expectNoViolations } from './accessibility.ts';
import type { DeskPage } from './desk-page.ts';
import { openHouse, type House, queueOf900 } from './house.ts';
import { until } from './until.ts';

let house: House;
let desk: DeskPage;
beforeAll(async () => {
  house = await openHouse();
  desk = await house.openDesk();
  await desk.signIn('ana');
});
afterAll(() => house?.close());
afterEach((test) => house.tidyUp(test));

const open = async (path: string): Promise<void> => void (await desk.page.goto(house.server.url + path));
const keys = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await desk.page.keyboard.press(key);
};
const callbackOf = async (number: string): Promise<Callback | undefined> => (await house.admin.get<PageOf<Callback>>('/api/callbacks?tab=open&limit=200')).items.find((one) => one.number === number);
const queueId = async (): Promise<string> => (await house.admin.get<{ items: Queue[] }>('/api/queues')).items.find((queue) => queue.name === queueOf900)?.id ?? '';

describe('callbacks', () => {
  it('one is promised by keyboard, comes to mind when its time comes, is put off, and is settled', async () => {
    await open('/callbacks');
    await desk.see('new-callback');
    await keys('n');
    await desk.see('callback-dialog');
    await desk.page.keyboard.type('+34600321987');
    await keys('Enter');
    const made = await until('it is kept', () => callbackOf('+34600321987'));
    expect(made).toMatchObject({ kind: 'personal', agent: { name: 'Ana' }, timeZone: 'Europe/Madrid' });
    await desk.see('callback-row');
    // its time comes, as if an hour had passed; somebody else's change makes the server look
    const past = new Date(Date.parse(made.createdAt) - 60_000);
    await house.database.update(callbacks).set({ dueAt: past, remindAt: past }).where(eq(callbacks.id, made.id));
    await house.admin.send('POST', '/api/callbacks', { number: '+34600321988', queueId: await queueId(), dueAt: new Date(Date.parse(made.createdAt) + 3_600_000).toISOString() });
    await desk.see('reminder');
    await expectNoViolations(desk, 'callbacks with a reminder');
    await desk.page.getByTestId('snooze-15').focus();
    await keys('Enter');
    await desk.page.getByTestId('reminder').waitFor({ state: 'detached' });
    await until('it is put off', async () => Date.parse((await callbackOf('+34600321987'))?.remindAt ?? '') > Date.parse(made.createdAt) + 600_000);
    await keys('j');
    await desk.see('call-back');
    await desk.page.getByRole('button', { name: 'Marcar como hecha' }).focus();
    await keys('Enter');
    await until('it is settled', async () => (await house.admin.get<Callback>(`/api/callbacks/${made.id}`)).state === 'done');
  });
});

describe('voicemail', () => {
  it('is heard with the space bar, written down and finished', async () => {
    const id = randomUUID();
    const columns = { lineId: 'main', recordingId: `voicemail-${id}`, fromRaw: '+34600111777', fromE164: '+34600111777', seconds: 3, sound: 'kept', state: 'new', transcript: '', note: '' };
    await house.database.insert(voicemails).values({ id, callId: id, queueId: await queueId(), recordedAt: new Date(), ...columns });
    const content = Buffer.from(silentWav(3));
    await house.database.insert(voicemailSounds).values({ voicemailId: id, mediaType: 'audio/wav', bytes: content.length, content });
    await open('/callbacks/voicemail');
    await desk.see('voicemail-row');
    await keys('j');
    await desk.see('player');
    await keys('Space');
    const read = (): Promise<Voicemail> => house.admin.get<Voicemail>(`/api/voicemails/${id}`);
    await until('it is heard', async () => (await read()).heardBy?.name === 'Ana');
    await expectNoViolations(desk, 'voicemail');
    await desk.page.getByTestId('voicemail-take').focus();
    await keys('Enter');
    await until('it is taken', async () => (await read()).assignee?.name === 'Ana');
    await desk.page.getByTestId('voicemail-done').focus();
    await keys('Enter');
    await until('it is done', async () => (await read()).state === 'done');
  });
});
