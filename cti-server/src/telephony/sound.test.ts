import { describe, expect, test } from 'vitest';
import { join, normalise, readWav, resample, writeWav, type Sound } from './sound.ts';

const tone = (hertz: number, rate: number, seconds = 0.5): Sound => ({
  rate,
  samples: Int16Array.from({ length: rate * seconds }, (_, index) => Math.round(16_000 * Math.sin((2 * Math.PI * hertz * index) / rate))),
});
/** Root of the mean square, away from both ends, where a filter has nothing to look at. */
const level = ({ samples }: Sound): number => {
  const middle = samples.slice(400, -400);
  return Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
};

describe('sound', () => {
  test('survives being written and read', () => {
    const sound = tone(440, 8_000);
    expect(readWav(writeWav(sound))).toEqual(sound);
  });

  test('a voice keeps its level and length at the rate of the telephone', () => {
    const converted = resample(tone(1_000, 22_050), 8_000);
    expect(converted.samples.length).toBe(4_000);
    expect(level(converted) / level(tone(1_000, 8_000))).toBeCloseTo(1, 2);
  });

  test('what the telephone cannot carry vanishes instead of folding back', () => {
    expect(level(resample(tone(6_000, 22_050), 8_000))).toBeLessThan(16);
  });

  test('every sentence becomes equally loud, and silence stays silent', () => {
    const loudest = ({ samples }: Sound): number => Math.max(...samples.map(Math.abs));
    expect(loudest(normalise(tone(440, 8_000), 0.5)) / 32_767).toBeCloseTo(0.5, 3);
    expect(loudest(normalise({ rate: 8_000, samples: new Int16Array(100) }, 0.5))).toBe(0);
  });

  test('sentences follow each other with a pause', () => {
    expect(join([tone(440, 8_000, 0.1), tone(440, 8_000, 0.1)], 0.05).samples.length).toBe(800 + 400 + 800);
  });

  test('a file that ends too early is refused', () => {
    expect(() => readWav(writeWav(tone(440, 8_000)).subarray(0, 30))).toThrow();
    expect(() => readWav(Buffer.from('this is no sound at all, but long enough to be read'))).toThrow('not a WAV file');
  });
});
