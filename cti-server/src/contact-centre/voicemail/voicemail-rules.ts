/** Voicemail's pure rules. */

const prefix = 'voicemail-';

/** The recording's name at the switch follows from the call: what a dead server left there tells whose it is. */
export const recordingIdOf = (callId: string): string => `${prefix}${callId}`;
/** The call of a recording; null when it is no voicemail. */
export const callOfRecording = (recordingId: string): string | null => new RegExp(`^${prefix}([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$`).exec(recordingId)?.[1] ?? null;

/** Shorter ones hold nothing but the sound of hanging up. */
export const shortestSeconds = 1;

/** How long a WAV file sounds; null when it is none. */
export function secondsOfWav(bytes: Uint8Array): number | null {
  if (bytes.length < 44) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return null;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = view.getUint32(at + 4, true);
    if (tag(at) === 'fmt ') bytesPerSecond = view.getUint32(at + 16, true);
    // a file whose writing was cut short says 0, or more than there is
    if (tag(at) === 'data') return bytesPerSecond === 0 ? null : (length === 0 ? bytes.length - at - 8 : Math.min(length, bytes.length - at - 8)) / bytesPerSecond;
    at += 8 + length + (length % 2);
  }
  return null;
}

/** The part of a file that a player asks for; null: all of it, `'none'`: there is no such part. Of several parts the first. */
export function partOf(header: string | undefined, length: number): { from: number; to: number } | null | 'none' {
  const asked = /^bytes=(\d*)-(\d*)/.exec(header ?? '');
  if (!asked || (asked[1] === '' && asked[2] === '')) return null;
  const [, first = '', last = ''] = asked;
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  const to = first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1);
  return from > to || from >= length ? 'none' : { from, to };
}
