/** Sound as the telephone network carries it: one channel of 16-bit samples, 8000 a second. */

/** A mono recording. `rate` in samples a second. */
export interface Sound {
  rate: number;
  samples: Int16Array;
}

/** Reads a 16-bit mono WAV file. Throws for any other kind. */
export function readWav(file: Uint8Array): Sound {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number): string => String.fromCharCode(...file.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let rate = 0;
  for (let at = 12; at + 8 <= file.byteLength;) {
    // A program that writes to a pipe does not know the length yet and leaves an absurd one.
    const length = Math.min(view.getUint32(at + 4, true), file.byteLength - at - 8);
    if (tag(at) === 'fmt ') {
      if (view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16) throw new Error('only 16-bit mono is read');
      rate = view.getUint32(at + 12, true);
    } else if (tag(at) === 'data') {
      const samples = new Int16Array(Math.floor(length / 2));
      for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(at + 8 + 2 * index, true);
      return { rate, samples };
    }
    at += 8 + length + (length % 2);
  }
  throw new Error('the WAV file has no sound in it');
}

/** Writes a 16-bit mono WAV file. */
export function writeWav({ rate, samples }: Sound): Buffer {
  const file = Buffer.alloc(44 + 2 * samples.length);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + 2 * samples.length, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples.length, 40);
  samples.forEach((sample, index) => file.writeInt16LE(sample, 44 + 2 * index));
  return file;
}

/** Converts to another rate with a windowed sinc, so that nothing above half the lower rate folds back as noise. */
export function resample(sound: Sound, rate: number): Sound {
  const ratio = sound.rate / rate;
  const reach = Math.ceil(16 * Math.max(1, ratio));
  // Output samples fall between input samples at only this many different places, so the weights are worked out once for each.
  const phases = Array.from({ length: rate / greatestCommonDivisor(sound.rate, rate) }, (_, phase) =>
    weights((phase * ratio) % 1, ratio, reach),
  );
  const samples = new Int16Array(Math.floor(sound.samples.length / ratio));
  for (let index = 0; index < samples.length; index += 1) {
    const first = Math.floor(index * ratio) - reach;
    const phase = phases[index % phases.length] ?? new Float64Array();
    let sum = 0;
    for (let tap = 0; tap < phase.length; tap += 1) sum += (sound.samples[first + tap] ?? 0) * (phase[tap] ?? 0);
    samples[index] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return { rate, samples };
}

function weights(fraction: number, ratio: number, reach: number): Float64Array {
  // 0.45 instead of 0.5 leaves the window room to fall off.
  const cutoff = 0.45 * Math.min(1, 1 / ratio);
  return Float64Array.from({ length: 2 * reach + 1 }, (_, tap) => {
    const distance = fraction + reach - tap;
    const sinc = distance === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * distance) / (Math.PI * distance);
    return sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / (reach + 1)));
  });
}

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));

/** Brings the loudest sample to `peak` (0 to 1), so that every sentence is equally loud. Silence stays silence. */
export function normalise(sound: Sound, peak: number): Sound {
  const loudest = sound.samples.reduce((found, sample) => Math.max(found, Math.abs(sample)), 0);
  if (loudest === 0) return sound;
  const factor = (peak * 32_767) / loudest;
  return { rate: sound.rate, samples: sound.samples.map((sample) => Math.round(sample * factor)) };
}

/** One after the other with `pauseSeconds` of silence between. All must have the same rate. */
export function join(sounds: readonly Sound[], pauseSeconds: number): Sound {
  const [first] = sounds;
  if (!first) throw new Error('nothing to join');
  const pause = Math.round(pauseSeconds * first.rate);
  const samples = new Int16Array(sounds.reduce((length, sound) => length + sound.samples.length + pause, -pause));
  let at = 0;
  for (const sound of sounds) {
    samples.set(sound.samples, at);
    at += sound.samples.length + pause;
  }
  return { rate: first.rate, samples };
}
