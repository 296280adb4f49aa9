import { describe, expect, test } from 'vitest';
import { longestSoundSeconds, soundFromUpload, UnusableSound } from './uploaded-wav.ts';

/** A tone of 440 Hz at half loudness, a second long. */
function wavOf(options: { bits?: number; channels?: number; rate?: number; kind?: number; seconds?: number; extensible?: boolean } = {}): Buffer {
  const { bits = 16, channels = 1, rate = 16_000, kind = 1, seconds = 1, extensible = false } = options;
  const length = Math.round(rate * seconds);
  const step = bits / 8;
  const header = extensible ? 68 : 44;
  const file = Buffer.alloc(header + length * channels * step);
  file.write('RIFF', 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(extensible ? 40 : 16, 16);
  file.writeUInt16LE(extensible ? 0xfffe : kind, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * channels * step, 28);
  file.writeUInt16LE(channels * step, 32);
  file.writeUInt16LE(bits, 34);
  if (extensible) file.writeUInt16LE(kind, 44);
  file.write('data', header - 8);
  file.writeUInt32LE(length * channels * step, header - 4);
  for (let index = 0; index < length; index += 1) {
    const value = 0.5 * Math.sin((2 * Math.PI * 440 * index) / rate);
    for (let channel = 0; channel < channels; channel += 1) {
      const at = header + (index * channels + channel) * step;
      if (kind === 3) file.writeFloatLE(value, at);
      else if (bits === 8) file.writeUInt8(Math.round(value * 127) + 128, at);
      else file.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, step);
    }
  }
  return file;
}

/** How much of the loudness is the tone. */
function toneShare(samples: Int16Array, rate: number): number {
  let [sine, cosine, all] = [0, 0, 0];
  samples.forEach((sample, index) => {
    const angle = (2 * Math.PI * 440 * index) / rate;
    sine += sample * Math.sin(angle);
    cosine += sample * Math.cos(angle);
    all += sample * sample;
  });
  return (2 * (sine * sine + cosine * cosine)) / samples.length / all;
}

describe('an uploaded file', () => {
  test.each([
    { bits: 8 },
    { bits: 16 },
    { bits: 24 },
    { bits: 32 },
    { bits: 32, kind: 3 },
    { channels: 2 },
    { rate: 8_000 },
    { rate: 44_100, channels: 2 },
    { rate: 48_000, bits: 24, channels: 2, extensible: true },
  ])('%o becomes what the telephone carries', (options) => {
    const sound = soundFromUpload(wavOf(options));
    expect(sound.rate).toBe(8_000);
    expect(sound.samples.length).toBeGreaterThan(7_900);
    expect(toneShare(sound.samples, 8_000)).toBeGreaterThan(0.98);
    expect(Math.max(...sound.samples)).toBeGreaterThan(0.69 * 32_767);
  });

  test.each([
    ['notWav', Buffer.from('ID3 and then some music')],
    ['notWav', Buffer.alloc(0)],
    ['notPcm', wavOf({ kind: 85 })],
    ['notPcm', wavOf({ channels: 6 })],
    ['notPcm', wavOf({ rate: 2_000 })],
    ['noSound', wavOf({ seconds: 0 })],
    ['noSound', wavOf().subarray(0, 30)],
    ['tooLong', wavOf({ bits: 8, rate: 4_000, seconds: longestSoundSeconds + 1 })],
  ] as const)('that cannot be used is refused as %s', (code, file) => {
    expect(() => soundFromUpload(file)).toThrow(UnusableSound);
    try {
      soundFromUpload(file);
    } catch (error) {
      expect((error as UnusableSound).code).toBe(code);
    }
  });
});
