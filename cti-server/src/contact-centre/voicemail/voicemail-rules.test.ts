import { describe, expect, it } from 'vitest';
import { silentWav } from '../../telephony/simulated/recordings.ts';
import { callOfRecording, partOf, recordingIdOf, secondsOfWav } from './voicemail-rules.ts';

const callId = '0198f0d2-1111-7222-8333-444455556666';

it('a recording’s name tells its call, and other recordings are left alone', () => {
  expect(callOfRecording(recordingIdOf(callId))).toBe(callId);
  for (const other of [callId, 'call-1', 'voicemail-1', `voicemail-${callId}x`, `x-voicemail-${callId}`]) expect(callOfRecording(other)).toBeNull();
});

describe('the length of a sound', () => {
  it('is read from the file', () => {
    expect(secondsOfWav(silentWav(12.5))).toBe(12.5);
    expect(secondsOfWav(silentWav(0))).toBe(0);
    expect(secondsOfWav(new TextEncoder().encode('no sound at all, but long enough to have a header'))).toBeNull();
    expect(secondsOfWav(new Uint8Array(3))).toBeNull();
  });
  it('is what is there, when writing was cut short', () => {
    const cut = Buffer.from(silentWav(10)).subarray(0, 44 + 16_000);
    expect(secondsOfWav(cut)).toBe(1);
    cut.writeUInt32LE(0, 40);
    expect(secondsOfWav(cut)).toBe(1);
  });
});

it.each([
  [undefined, null],
  ['bytes=0-', { from: 0, to: 99 }],
  ['bytes=10-19', { from: 10, to: 19 }],
  ['bytes=-30', { from: 70, to: 99 }],
  ['bytes=90-500', { from: 90, to: 99 }],
  ['bytes=100-', 'none'],
  ['bytes=20-10', 'none'],
  ['bytes=-', null],
  ['lines=1-2', null],
] as const)('a player that asks for %s gets its part', (header, part) => {
  expect(partOf(header, 100)).toEqual(part);
});
