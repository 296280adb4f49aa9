import { describe, expect, test } from 'vitest';
import { reportSound, startWatch, watchSound, type SoundSample } from './sound-watch.ts';

const sample = (second: number, change: Partial<SoundSample> = {}): SoundSample => ({
  atMs: second * 1000,
  packetsReceived: second * 50,
  packetsLost: 0,
  jitterMs: 5,
  roundTripMs: 20,
  pathUp: true,
  microphoneLevel: 0.02,
  ...change,
});
const after = (samples: SoundSample[]) => samples.reduce(watchSound, startWatch(0));

describe('the sound of a call', () => {
  test('is good while packets come', () => {
    expect(reportSound(after([sample(1), sample(2), sample(3)]), 3000)).toMatchObject({ noInboundMs: 0, silentMicrophoneMs: 0, quality: 'good' });
  });
  test('is missed from the last packet on', () => {
    const silent = { packetsReceived: 50 };
    expect(reportSound(after([sample(1), sample(2, silent), sample(3, silent), sample(4, silent)]), 4500).noInboundMs).toBe(3500);
  });
  test('is missed from the beginning when none ever came', () => {
    expect(reportSound(after([sample(1, { packetsReceived: 0 })]), 1000).noInboundMs).toBe(1000);
  });
  test('silence is not a broken way: some trunks send nothing while nobody speaks', () => {
    const silent = { packetsReceived: 50 };
    expect(reportSound(after([sample(1), sample(9, silent)]), 9000)).toMatchObject({ noInboundMs: 8000, brokenMs: 0 });
    expect(reportSound(after([sample(1), sample(2, { pathUp: false }), sample(5, { pathUp: false })]), 5000).brokenMs).toBe(4000);
  });
  test('a microphone that gives digital silence is told, one that is merely quiet is not', () => {
    expect(reportSound(after([sample(1), sample(2, { microphoneLevel: 0 }), sample(7, { microphoneLevel: 0 })]), 7000).silentMicrophoneMs).toBe(6000);
    expect(reportSound(after([sample(1), sample(7, { microphoneLevel: 0.001 })]), 7000).silentMicrophoneMs).toBe(0);
  });
  test('a muted microphone (no level) is not called broken', () => {
    expect(reportSound(after([sample(1), sample(9, { microphoneLevel: null })]), 9000).silentMicrophoneMs).toBe(0);
  });
  test('one bad second does not cry wolf, lasting loss does', () => {
    const bad = (second: number): SoundSample => sample(second, { packetsReceived: second * 40, packetsLost: second * 10 });
    expect(reportSound(after([sample(1), sample(2, { packetsLost: 5 })]), 2000).quality).toBe('good');
    expect(reportSound(after(Array.from({ length: 15 }, (_, index) => bad(index + 1))), 15_000)).toMatchObject({ quality: 'poor' });
  });
});
