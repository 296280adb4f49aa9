/** How loud a pitch is in recorded sound: who hears whom is told by level, not by packets. */

/**
 * Level of one pitch in dB below full scale (Goertzel): a sine of full scale is 0, silence about -100 and less. The window should hold a
 * tenth of a second or more, or neighbouring pitches run together.
 */
export function levelOf(samples: Float64Array, sampleRate: number, hertz: number): number {
  if (samples.length === 0) return -120;
  const step = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate);
  let before = 0;
  let last = 0;
  for (const [index, sample] of samples.entries()) {
    // a Hann window keeps a loud neighbour from being taken for this pitch
    const weighted = sample * (1 - Math.cos((2 * Math.PI * index) / samples.length));
    const now = weighted + step * last - before;
    before = last;
    last = now;
  }
  const power = last * last + before * before - step * last * before;
  return decibels((2 * Math.sqrt(Math.max(0, power))) / samples.length);
}

/** Level of the whole sound, whatever its pitch, in dB below a sine of full scale. */
export function loudness(samples: Float64Array): number {
  if (samples.length === 0) return -120;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return decibels(Math.sqrt((2 * sum) / samples.length));
}

const decibels = (amplitude: number): number => Math.max(-120, 20 * Math.log10(amplitude));

/** One byte of A-law (ITU-T G.711) as a sample between -1 and 1. */
export function linearFromAlaw(byte: number): number {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  const mantissa = value & 0x0f;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return (value & 0x80 ? magnitude : -magnitude) / 32768;
}

/** A sine about 9 dB below full scale as a WAV file of 16-bit mono at 48 kHz, the one kind that Chromium takes for a microphone. */
export function wavTone(hertz: number, seconds: number): Buffer {
  const rate = 48_000;
  const count = rate * seconds;
  const file = Buffer.alloc(44 + count * 2);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + count * 2, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(count * 2, 40);
  for (let index = 0; index < count; index++) {
    file.writeInt16LE(Math.round(32767 * 10 ** (-9 / 20) * Math.sin((2 * Math.PI * hertz * index) / rate)), 44 + index * 2);
  }
  return file;
}

/** Tones are said at -9 dB: above this one is heard. */
export const heard = -25;
/** Below this a tone is not there. */
export const silent = -50;
