/** Promises about music and announcements. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { done, type Bench } from './conformance-bench.ts';
import type { PlayRequest } from './port.ts';

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

  test('an announcement of nothing is rejected', async () => {
    const { legId } = await answeredCaller();
    expect(await bench.line.play({ ...announcement(legId), prompts: [] })).toMatchObject({ outcome: 'rejected' });
  });
}
