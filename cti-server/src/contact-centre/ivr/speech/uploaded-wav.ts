import { normalise, resample, type Sound } from '../../../telephony/sound.ts';

export const longestSoundSeconds = 300;
const telephoneRate = 8_000;

/** Why a file is not taken; the console words the code. */
export class UnusableSound extends Error {
  override readonly name = 'UnusableSound';
  readonly code: 'notWav' | 'notPcm' | 'tooLong' | 'noSound';
  constructor(code: UnusableSound['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * An uploaded WAV file as the telephone carries it: 8000 samples a second, one channel, equally loud as all others. Takes PCM of 8, 16,
 * 24 or 32 bits and 32-bit floating point, one or two channels, 4 to 192 kHz, up to five minutes. Throws {@link UnusableSound}.
 */
export function soundFromUpload(file: Uint8Array): Sound {
  const { format, data } = chunksOf(file);
  const step = (format.bits / 8) * format.channels;
  const length = Math.floor(data.byteLength / step);
  if (length === 0) throw new UnusableSound('noSound', 'there is no sound in the file');
  if (length / format.rate > longestSoundSeconds) throw new UnusableSound('tooLong', `longer than ${String(longestSoundSeconds)} seconds`);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const samples = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < format.channels; channel += 1) sum += readSample(view, index * step + (channel * format.bits) / 8, format);
    samples[index] = Math.max(-32_768, Math.min(32_767, Math.round((sum / format.channels) * 32_767)));
  }
  const mono = { rate: format.rate, samples };
  return normalise(format.rate === telephoneRate ? mono : resample(mono, telephoneRate), 0.7);
}

interface Format {
  isFloat: boolean;
  channels: number;
  rate: number;
  bits: number;
}

function chunksOf(file: Uint8Array): { format: Format; data: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tag = (at: number): string => (at + 4 <= file.byteLength ? String.fromCharCode(...file.subarray(at, at + 4)) : '');
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new UnusableSound('notWav', 'not a WAV file');
  let format: Format | null = null;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const length = Math.min(view.getUint32(at + 4, true), file.byteLength - at - 8);
    if (tag(at) === 'fmt ' && length >= 16) format = formatAt(view, at + 8, length);
    else if (tag(at) === 'data') {
      if (!format) break;
      return { format, data: file.subarray(at + 8, at + 8 + length) };
    }
    at += 8 + length + (length % 2);
  }
  throw new UnusableSound('noSound', 'there is no sound in the file');
}

function formatAt(view: DataView, at: number, length: number): Format {
  const extensible = 0xfffe;
  const given = view.getUint16(at, true);
  // an extensible header says further on what it is
  const kind = given === extensible && length >= 26 ? view.getUint16(at + 24, true) : given;
  const [channels, rate, bits] = [view.getUint16(at + 2, true), view.getUint32(at + 4, true), view.getUint16(at + 14, true)];
  const isPcm = kind === 1 && [8, 16, 24, 32].includes(bits);
  const isFloat = kind === 3 && bits === 32;
  if ((!isPcm && !isFloat) || channels < 1 || channels > 2 || rate < 4_000 || rate > 192_000)
    throw new UnusableSound('notPcm', `kind ${String(kind)}, ${String(bits)} bits, ${String(channels)} channels, ${String(rate)} a second`);
  return { isFloat, channels, rate, bits };
}

/** One sample, -1 to 1. */
function readSample(view: DataView, at: number, { isFloat, bits }: Format): number {
  if (isFloat) {
    const value = view.getFloat32(at, true);
    return Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0;
  }
  switch (bits) {
    case 8:
      return (view.getUint8(at) - 128) / 128;
    case 16:
      return view.getInt16(at, true) / 32_768;
    case 24:
      return (view.getUint8(at) | (view.getUint8(at + 1) << 8) | (view.getInt8(at + 2) << 16)) / 8_388_608;
    default:
      return view.getInt32(at, true) / 2_147_483_648;
  }
}
