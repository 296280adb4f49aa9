import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterFlow, type Flow, type FlowVersion, type LibraryPrompt } from '../../contracts/index.ts';
import { auditLog, numbers, sounds } from '../../db/index.ts';
import { newId } from '../../platform/ids.ts';
import { silentLogger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { readWav, type Sound, writeWav } from '../../telephony/sound.ts';
import { queueRoutes } from '../queues/index.ts';
import { bodyOf, openTestHouse, refused, type TestHouse } from '../setup/testing.ts';
import { createIvr, type Ivr } from './index.ts';
import { type SpeechProvider, SpeechUnavailable } from './speech/speech.ts';

let house: TestHouse;
let ivr: Ivr;
let folder: string;
let boss: Viewer;
let agent: Viewer;
let queueId: string;
const spoken: string[] = [];
/** A tone as long as the words; silent when it is out of order. */
const speech: SpeechProvider & { isBroken: boolean } = {
  name: 'tones',
  isBroken: false,
  speak(language, words): Promise<Sound> {
    if (speech.isBroken) return Promise.reject(new SpeechUnavailable('out of order'));
    spoken.push(`${language}: ${words}`);
    return Promise.resolve({ rate: 8_000, samples: Int16Array.from({ length: words.length * 80 }, (_, at) => 9_000 * Math.sin(at)) });
  },
};

beforeAll(async () => {
  house = await openTestHouse();
  folder = await mkdtemp(join(tmpdir(), 'centralita-sounds-'));
  ivr = createIvr({ ...house.dependencies, directory: house.directory, logger: silentLogger, speechCommand: ['true'], soundsDir: folder, speech });
  await ivr.registerRoutes(house.http);
  queueRoutes(house.http, house.dependencies);
  boss = await house.addUser('Boss', { rights: ['queues.manage'] });
  agent = await house.addUser('Agent', { rights: ['calls.take'] });
  queueId = bodyOf<{ id: string }>(await house.send(boss, 'POST', '/api/queues', { name: 'Atención' })).id;
});
afterAll(async () => {
  await house.close();
  await rm(folder, { recursive: true });
});

const graph = (words: string) => ({
  startId: 'hello',
  nodes: [
    { id: 'hello', kind: 'greeting', prompt: { kind: 'words', words } },
    { id: 'queue', kind: 'queue', queueId },
  ],
  edges: [{ from: 'hello', port: 'next', to: 'queue' }],
});
const patch = (id: string, body: object) => house.send(boss, 'PATCH', `/api/flows/${id}`, body);
async function make(name: string, draft?: object): Promise<Flow> {
  const made = await house.send(boss, 'POST', '/api/flows', { name, language: 'es' });
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  const flow = bodyOf<Flow>(made);
  return draft ? bodyOf<Flow>(await patch(flow.id, { version: flow.version, draft })) : flow;
}
async function publish(flow: Flow, note = ''): Promise<Flow> {
  const published = await house.send(boss, 'POST', `/api/flows/${flow.id}/publish`, { version: flow.version, note });
  expect(published, JSON.stringify(published.body)).toMatchObject({ status: 200 });
  return bodyOf<Flow>(published);
}
const auditOf = async (id: string) => (await house.database.select().from(auditLog).where(eq(auditLog.recordId, id)).orderBy(auditLog.id)).map((one) => one.action);

describe('drafts', () => {
  test('are saved unfinished, and of two who change the same one the second is told', async () => {
    const flow = await make('Borrador');
    expect(flow).toMatchObject({ draft: { startId: null, nodes: [] }, version: 0, published: null, isChanged: true, updatedByName: 'Boss' });
    const half = { startId: null, nodes: [{ id: 'menu', kind: 'menu', x: 10 }], edges: [] };
    const saved = bodyOf<Flow>(await patch(flow.id, { version: 0, draft: half }));
    expect(saved).toMatchObject({ version: 1, draft: { nodes: [{ id: 'menu', x: 10, tries: 3, keys: [] }] } });
    expect(await patch(flow.id, { version: 0, name: 'Otro' })).toMatchObject({ status: 409, body: { error: { code: 'changedMeanwhile', details: { current: { version: 1 } } } } });
    expect(await patch(flow.id, { version: 1, draft: saved.draft })).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await patch(flow.id, { version: 1, draft: { nodes: [{ id: 'x', kind: 'teleport' }] } })).toMatchObject(refused(400, 'invalidBody'));
  });

  test('have a name that is free, and belong to who may set up calls', async () => {
    await make('Única');
    expect(await house.send(boss, 'POST', '/api/flows', { name: 'ÚNICA', language: 'es' })).toMatchObject(refused(409, 'alreadyExists', 'name'));
    expect(await house.send(agent, 'GET', '/api/flows')).toMatchObject({ status: 200 });
    expect(await house.send(agent, 'POST', '/api/flows', { name: 'X', language: 'es' })).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(null, 'GET', '/api/flows')).toMatchObject(refused(401, 'notSignedIn'));
  });
});

describe('publishing', () => {
  test('is refused with every error and its place, and nothing is spoken', async () => {
    const flow = await make('Con errores', { startId: 'a', nodes: [{ id: 'a', kind: 'greeting' }, { id: 'q', kind: 'queue', queueId: newId(1) }], edges: [] });
    const before = spoken.length;
    const answer = await house.send(boss, 'POST', `/api/flows/${flow.id}/publish`, { version: flow.version });
    expect(answer).toMatchObject(refused(400, 'flowHasErrors'));
    const { problems } = bodyOf<{ error: { details: { problems: { code: string; nodeId: string }[] } } }>(answer).error.details;
    expect(problems.map(({ code, nodeId }) => `${code} ${nodeId}`)).toEqual(['portLeadsNowhere a', 'promptMissing a', 'unreachable q', 'queueUnknown q']);
    expect(spoken).toHaveLength(before);
    expect(await house.send(boss, 'GET', '/api/flows')).toMatchObject({ body: { items: expect.arrayContaining([expect.objectContaining({ name: 'Con errores', errors: 3, nodes: 2 })]) as unknown } });
  });

  test('makes an immutable version: whoever is inside goes on with it while the flow is changed and published anew', async () => {
    const first = await publish(await make('Centralita', graph('Buenos días')), 'Primera');
    expect(first).toMatchObject({ isChanged: false, published: { number: 1 } });
    const entered = house.directory.publishedFlow(first.id);
    expect(entered).toMatchObject({ number: 1, note: 'Primera' });
    const second = await publish(bodyOf<Flow>(await patch(first.id, { version: first.version, draft: graph('Buenas tardes') })));
    expect(house.directory.publishedFlow(first.id)).toMatchObject({ number: 2 });
    expect(house.directory.flowVersion(entered?.id ?? '')).toEqual(entered);
    expect(second.published?.number).toBe(2);
    const [newest, oldest] = bodyOf<{ items: FlowVersion[] }>(await house.send(boss, 'GET', `/api/flows/${first.id}/versions`)).items;
    expect([newest?.number, oldest?.number, oldest?.publishedByName]).toEqual([2, 1, 'Boss']);
    const restored = await house.send(boss, 'POST', `/api/flows/${first.id}/restore`, { version: second.version, versionId: oldest?.id });
    expect(restored).toMatchObject({ status: 200, body: { isChanged: true, draft: { nodes: [{ prompt: { words: 'Buenos días' } }, {}] } } });
    expect(house.directory.publishedFlow(first.id)).toMatchObject({ number: 2 });
    expect(await auditOf(first.id)).toEqual(['created', 'published', 'published']);
  });

  test('of an older draft than the present one is refused', async () => {
    const flow = await make('Carrera', graph('Hola'));
    await patch(flow.id, { version: flow.version, draft: graph('Adiós') });
    expect(await house.send(boss, 'POST', `/api/flows/${flow.id}/publish`, { version: flow.version })).toMatchObject(refused(409, 'changedMeanwhile'));
  });

  test('speaks each wording once, and puts it where the switch reads it', async () => {
    const before = spoken.length;
    const [one, two] = [await publish(await make('Uno', graph('Lo mismo'))), await publish(await make('Dos', graph('Lo mismo')))];
    expect(spoken.slice(before)).toEqual(['es: Lo mismo']);
    const [first, second] = [one, two].map((flow) => house.directory.publishedFlow(flow.id));
    expect(first?.sounds).toEqual(second?.sounds);
    const step = enterFlow(first!, { playbackPrefix: 'p', number: null, country: null, dialledNumber: '900', caller: null }, { isOpen: () => true }, 0);
    const [effect] = step.effects;
    const soundId = effect?.kind === 'play' ? (effect.prompts[0]?.soundId ?? '') : '';
    const place = await ivr.sounds.fileOf(soundId);
    expect(readWav(await readFile(`${String(place)}.wav`)).samples).toHaveLength('Lo mismo'.length * 80);
    await rm(`${String(place)}.wav`);
    expect(await ivr.sounds.fileOf(soundId)).toBe(place);
    expect(await ivr.sounds.fileOf('../../etc/passwd')).toBeNull();
    expect(await ivr.sounds.fileOf('0'.repeat(32))).toBeNull();
  });

  test('says so when nobody can speak, and publishes nothing', async () => {
    const flow = await make('Muda', graph('Nunca dicho'));
    speech.isBroken = true;
    expect(await house.send(boss, 'POST', `/api/flows/${flow.id}/publish`, { version: flow.version })).toMatchObject(refused(503, 'speechUnavailable'));
    speech.isBroken = false;
    expect(house.directory.publishedFlow(flow.id)).toBeUndefined();
  });
});

test('a flow that numbers lead into is not deleted; a deleted one keeps its callers and frees its name', async () => {
  const flow = await publish(await make('Borrable', graph('Hola otra vez')));
  const numberId = newId(2);
  await house.database.insert(numbers).values({ id: numberId, number: '955', label: '', queueId: null, flowId: flow.id, active: true });
  expect(await house.send(boss, 'DELETE', `/api/flows/${flow.id}`)).toMatchObject({ status: 409, body: { error: { code: 'inUse', details: { by: 'numbers' } } } });
  await house.database.delete(numbers).where(eq(numbers.id, numberId));
  expect(await house.send(boss, 'DELETE', `/api/flows/${flow.id}`)).toMatchObject({ status: 204 });
  expect(await house.send(boss, 'GET', `/api/flows/${flow.id}`)).toMatchObject(refused(404, 'notFound'));
  expect(house.directory.publishedFlow(flow.id)).toBeUndefined();
  expect(house.directory.flowVersion(flow.published?.versionId ?? '')).toBeDefined();
  await make('Borrable');
});

describe('the library of prompts', () => {
  const upload = (prompt: LibraryPrompt, language: string, body: Buffer, version = prompt.version) =>
    house.http.inject({
      method: 'POST',
      url: `/api/prompts/${prompt.id}/recordings/${language}?version=${String(version)}&name=cierre.wav`,
      headers: { 'x-csrf-token': boss.csrfToken, 'content-type': 'application/octet-stream' },
      cookies: { centralita_session: boss.sessionId },
      payload: body,
    });

  test('a recording goes before the words, in its language, and can be heard', async () => {
    const prompt = bodyOf<LibraryPrompt>(await house.send(boss, 'POST', '/api/prompts', { name: 'Cierre', words: { es: 'Hasta luego', en: 'Goodbye' } }));
    const recorded = writeWav({ rate: 16_000, samples: Int16Array.from({ length: 16_000 }, (_, at) => 5_000 * Math.sin(at / 5)) });
    const answer = await upload(prompt, 'es', recorded);
    expect(answer.statusCode).toBe(200);
    const withRecording = answer.json<LibraryPrompt>();
    expect(withRecording).toMatchObject({ version: 1, words: { es: 'Hasta luego' }, recordings: { es: { fileName: 'cierre.wav', durationMs: 1_000 } } });
    expect((await upload(prompt, 'es', recorded)).json()).toMatchObject({ error: { code: 'changedMeanwhile' } });
    expect((await upload(withRecording, 'en', Buffer.from('no sound'))).json()).toMatchObject({ error: { code: 'unusableSound', details: { reason: 'notWav' } } });

    const before = spoken.length;
    const said = { kind: 'prompt', promptId: prompt.id };
    const flow = await publish(await make('Con biblioteca', { startId: 'bye', nodes: [{ id: 'bye', kind: 'hangUp', prompt: said }], edges: [] }));
    expect(spoken).toHaveLength(before);
    const soundId = withRecording.recordings.es?.soundId ?? '';
    expect(house.directory.publishedFlow(flow.id)?.sounds).toMatchObject({ 'bye.prompt': { soundId, durationMs: 1_000 } });
    const heard = await house.http.inject({ url: `/api/sounds/${soundId}`, cookies: { centralita_session: agent.sessionId } });
    expect([heard.statusCode, heard.headers['content-type'], readWav(heard.rawPayload).samples.length]).toEqual([200, 'audio/wav', 8_000]);
    expect(await house.send(boss, 'DELETE', `/api/prompts/${prompt.id}`)).toMatchObject({ status: 409, body: { error: { code: 'inUse', details: { by: 'flows' } } } });
    expect(await house.send(boss, 'DELETE', `/api/prompts/${prompt.id}/recordings/es?version=1`)).toMatchObject({ status: 200, body: { recordings: {} } });
  });

  test('words are heard before they are saved', async () => {
    const made = await house.send(boss, 'POST', '/api/speech', { language: 'en', words: 'One moment' });
    expect(made).toMatchObject({ status: 200, body: { durationMs: 100 } });
    expect(await house.database.select({ id: sounds.id }).from(sounds).where(eq(sounds.id, bodyOf<{ soundId: string }>(made).soundId))).toHaveLength(1);
    expect(await house.send(agent, 'POST', '/api/speech', { language: 'en', words: 'x' })).toMatchObject(refused(403, 'forbidden'));
    expect(await house.send(boss, 'GET', `/api/sounds/${'0'.repeat(32)}`)).toMatchObject(refused(404, 'notFound'));
  });
});
