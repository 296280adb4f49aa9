/** Promises about music, announcements and recordings. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { done, type Bench } from './conformance-bench.ts';
import type { PlayRequest, RecordRequest } from './port.ts';

export function soundPromises(bench: Bench): void {
  const answeredCaller = async (): Promise<Awaited<ReturnType<Bench['caller']>>> => {
    const caller = await bench.caller();
    expect(await bench.line.answer(caller.legId)).toEqual(done);
    return caller;
  };
  const announcement = (legId: string): PlayRequest => ({
    playbackId: `playback-${randomUUID()}`,
    legId,
    prompts: [
      { kind: 'sentence', name: 'yourPositionIs' },
      { kind: 'number', value: 2 },
    ],
    language: 'es',
  });

  test('several prompts are one announcement that ends once, completed', async () => {
    const { legId } = await answeredCaller();
    const request = announcement(legId);
    expect(await bench.line.play(request)).toEqual(done);
    const { playbackId } = request;
    expect(await bench.told.first('playbackEnded', { playbackId }, 15_000)).toMatchObject({ legId, completed: true });
    expect(bench.told.all('playbackEnded', { playbackId })).toHaveLength(1);
  });

  test('every language has its sentences and numbers', async () => {
    const { legId } = await answeredCaller();
    for (const language of ['es', 'en', 'zh-CN', 'zh-TW'] as const) {
      const request: PlayRequest = { ...announcement(legId), language, prompts: [{ kind: 'number', value: 99 }] };
      expect(await bench.line.play(request)).toEqual(done);
      expect(await bench.told.first('playbackEnded', { playbackId: request.playbackId }, 15_000)).toMatchObject({ completed: true });
    }
  }, 60_000);

  test('a sound of the house ends like any other announcement, alone or among others', async () => {
    const { legId } = await answeredCaller();
    const request: PlayRequest = { ...announcement(legId), prompts: [{ kind: 'sound', soundId: 'house' }, { kind: 'number', value: 1 }] };
    expect(await bench.line.play(request)).toEqual(done);
    expect(await bench.told.first('playbackEnded', { playbackId: request.playbackId }, 15_000)).toMatchObject({ legId, completed: true });
    expect(bench.told.all('playbackEnded', { playbackId: request.playbackId })).toHaveLength(1);
  });

  test('an announcement that is stopped ends once, not completed; stopping it again is ok', async () => {
    const { legId } = await answeredCaller();
    const request = announcement(legId);
    await bench.line.play(request);
    expect(await bench.line.stopPlaying(request.playbackId)).toEqual(done);
    const { playbackId } = request;
    expect(await bench.told.first('playbackEnded', { playbackId })).toMatchObject({ completed: false });
    expect(await bench.line.stopPlaying(playbackId)).toEqual(done);
    expect(bench.told.all('playbackEnded', { playbackId })).toHaveLength(1);
  });

  test('an announcement to a caller who hangs up ends once, not completed', async () => {
    const { legId, hangUp } = await answeredCaller();
    const request = announcement(legId);
    await bench.line.play(request);
    await hangUp();
    const { playbackId } = request;
    expect(await bench.told.first('playbackEnded', { playbackId })).toMatchObject({ legId, completed: false });
    await bench.told.first('legEnded', { legId });
    expect(bench.told.all('playbackEnded', { playbackId })).toHaveLength(1);
  });

  test('music starts and stops, each as often as one likes', async () => {
    const { legId } = await answeredCaller();
    expect(await bench.line.startMusic(legId)).toEqual(done);
    expect(await bench.line.startMusic(legId)).toEqual(done);
    expect(await bench.line.stopMusic(legId)).toEqual(done);
    expect(await bench.line.stopMusic(legId)).toEqual(done);
  });

  test('an announcement is heard over music, and the music goes on after it', async () => {
    const { legId } = await answeredCaller();
    await bench.line.startMusic(legId);
    const request = announcement(legId);
    expect(await bench.line.play(request)).toEqual(done);
    expect(await bench.told.first('playbackEnded', { playbackId: request.playbackId }, 15_000)).toMatchObject({ completed: true });
    expect(await bench.line.stopMusic(legId)).toEqual(done);
  });

  test('music and announcements to a leg that is gone are rejected; stopping them is ok', async () => {
    expect(await bench.line.startMusic('never-there')).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.play(announcement('never-there'))).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.stopMusic('never-there')).toEqual(done);
    expect(await bench.line.stopPlaying('never-there')).toEqual(done);
  });

  const recording = (legId: string, more: Partial<RecordRequest> = {}): RecordRequest => ({ recordingId: `test-${randomUUID()}`, legId, maxSeconds: 30, silenceSeconds: 0, beep: false, stopKeys: '#', ...more });

  test('what a caller says is recorded until a key is pressed; the file can be fetched until it is dropped', async () => {
    const { legId, press } = await answeredCaller();
    const { recordingId, ...request } = recording(legId);
    expect(await bench.line.record({ recordingId, ...request })).toEqual(done);
    await press('#');
    expect(await bench.told.first('recordingEnded', { recordingId })).toMatchObject({ legId, reason: 'finished' });
    expect(bench.told.all('recordingEnded', { recordingId })).toHaveLength(1);
    expect(await bench.line.storedRecordings()).toMatchObject({ outcome: 'ok', value: expect.arrayContaining([recordingId]) as string[] });
    const fetched = await bench.line.fetchRecording(recordingId);
    if (fetched.outcome !== 'ok') throw new Error(JSON.stringify(fetched));
    expect(Buffer.from(fetched.value.bytes.subarray(0, 4)).toString()).toBe('RIFF');
    expect(await bench.line.dropRecording(recordingId)).toEqual(done);
    expect(await bench.line.dropRecording(recordingId)).toEqual(done);
    expect(await bench.line.fetchRecording(recordingId)).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.storedRecordings()).toMatchObject({ outcome: 'ok', value: expect.not.arrayContaining([recordingId]) as string[] });
  });

  test('a recording ends when it is told to, after its longest time, and with its leg: once each, and is kept', async () => {
    const [stopped, long, left] = [await answeredCaller(), await answeredCaller(), await answeredCaller()];
    const [first, second, third] = [recording(stopped.legId), recording(long.legId, { maxSeconds: 1 }), recording(left.legId)];
    for (const request of [first, second, third]) expect(await bench.line.record(request)).toEqual(done);
    expect(await bench.line.stopRecording(first.recordingId)).toEqual(done);
    expect(await bench.told.first('recordingEnded', { recordingId: first.recordingId })).toMatchObject({ reason: 'stopped' });
    expect(await bench.line.stopRecording(first.recordingId)).toEqual(done);
    await left.hangUp();
    for (const { recordingId, legId } of [second, third]) expect(await bench.told.first('recordingEnded', { recordingId })).toMatchObject({ legId, reason: 'finished' });
    for (const { recordingId } of [first, second, third]) {
      expect(bench.told.all('recordingEnded', { recordingId })).toHaveLength(1);
      expect(await bench.line.fetchRecording(recordingId)).toMatchObject({ outcome: 'ok', value: { mediaType: 'audio/wav' } });
      expect(await bench.line.dropRecording(recordingId)).toEqual(done);
    }
  });

  test('a recording id is good for one recording, a leg that is gone is not recorded, and a name that is more than a name is refused', async () => {
    const { legId } = await answeredCaller();
    const request = recording(legId);
    await bench.line.record(request);
    expect(await bench.line.record(request)).toMatchObject({ outcome: 'rejected' });
    await bench.line.stopRecording(request.recordingId);
    await bench.told.first('recordingEnded', { recordingId: request.recordingId });
    expect(await bench.line.record(request)).toMatchObject({ outcome: 'rejected' });
    await bench.line.dropRecording(request.recordingId);
    expect(await bench.line.record(recording('never-there'))).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.record(recording(legId, { recordingId: '../secret' }))).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.fetchRecording('../secret')).toMatchObject({ outcome: 'rejected' });
    expect(await bench.line.stopRecording('never-there')).toEqual(done);
  });

  test('an announcement of nothing is rejected', async () => {
    const { legId } = await answeredCaller();
    expect(await bench.line.play({ ...announcement(legId), prompts: [] })).toMatchObject({ outcome: 'rejected' });
  });
}
