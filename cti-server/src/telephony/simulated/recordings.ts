/** What a simulated switch records: files that live as long as it, filled with silence of the right length. */
import type { Clock, Timer } from '../../platform/clock.ts';
import { isRecordingName } from '../addresses.ts';
import type { LegId, RecordRequest } from '../port.ts';

interface Going {
  request: RecordRequest;
  sinceMs: number;
  timer: Timer;
}

export type RecordingEnd = { recordingId: string; legId: LegId; seconds: number; reason: 'finished' | 'stopped' };

const samplesPerSecond = 8_000;

/** A sound file as telephones make them: 8 kHz, 16 bits, one channel. Silence, for nobody speaks here. */
export function silentWav(seconds: number): Uint8Array {
  const bytesOfSound = Math.max(0, Math.round(seconds * samplesPerSecond)) * 2;
  const file = Buffer.alloc(44 + bytesOfSound);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + bytesOfSound, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(samplesPerSecond, 24);
  file.writeUInt32LE(samplesPerSecond * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(bytesOfSound, 40);
  return file;
}

export class SimulatedRecordings {
  readonly #clock: Clock;
  readonly #ended: (end: RecordingEnd) => void;
  readonly #going = new Map<string, Going>();
  readonly #stored = new Map<string, Uint8Array>();

  constructor(clock: Clock, ended: (end: RecordingEnd) => void) {
    this.#clock = clock;
    this.#ended = ended;
  }

  /** Why not; null when it records. */
  begin(request: RecordRequest): string | null {
    const { recordingId, maxSeconds } = request;
    if (!isRecordingName(recordingId)) return 'not a valid recording name';
    if (this.#going.has(recordingId) || this.#stored.has(recordingId)) return 'the recording id was used before';
    const timer = this.#clock.setTimer(maxSeconds * 1_000, () => this.end(recordingId, 'finished'));
    this.#going.set(recordingId, { request, sinceMs: this.#clock.now(), timer });
    return null;
  }

  end(recordingId: string, reason: RecordingEnd['reason']): void {
    const going = this.#going.get(recordingId);
    if (going === undefined) return;
    going.timer.cancel();
    this.#going.delete(recordingId);
    const seconds = (this.#clock.now() - going.sinceMs) / 1_000;
    this.#stored.set(recordingId, silentWav(seconds));
    this.#ended({ recordingId, legId: going.request.legId, seconds: Math.round(seconds), reason });
  }

  legPresses(legId: LegId, digit: string): void {
    for (const { request } of [...this.#going.values()]) if (request.legId === legId && (request.stopKeys === 'any' || request.stopKeys === digit)) this.end(request.recordingId, 'finished');
  }

  legEnds(legId: LegId): void {
    for (const { request } of [...this.#going.values()]) if (request.legId === legId) this.end(request.recordingId, 'finished');
  }

  /** The switch ends: what was under way is cut off where it was; files stay. */
  restarts(): void {
    for (const [recordingId, { timer, sinceMs }] of this.#going) {
      timer.cancel();
      this.#stored.set(recordingId, silentWav((this.#clock.now() - sinceMs) / 1_000));
    }
    this.#going.clear();
  }

  names(): string[] {
    return [...this.#stored.keys(), ...this.#going.keys()];
  }

  sound(recordingId: string): Uint8Array | undefined {
    return this.#stored.get(recordingId);
  }

  drop(recordingId: string): void {
    this.#stored.delete(recordingId);
  }
}
