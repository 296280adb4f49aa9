/**
 * Mouth and ear of a caller: a UDP port that says a tone in RTP and keeps what it hears, so that a test can measure it. sipp does the
 * signalling and names this port in its SDP.
 */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { levelOf, linearFromAlaw, loudness } from './levels.ts';
import { alawTone } from './tone.ts';

export interface Ear {
  readonly port: number;
  /** Level of a pitch in what was heard in the last `overMs`, in dB below full scale; -120 when nothing came. */
  hears(hertz: number, overMs?: number): number;
  /** Level of everything heard in the last `overMs`. */
  loudness(overMs?: number): number;
  /** The longest time without a packet since `sinceMs` (of performance.now()), in ms. */
  longestGapMs(sinceMs: number): number;
  close(): void;
}

interface Heard {
  atMs: number;
  payload: Buffer;
}

const packetMs = 20;
const keepMs = 30_000;
const pcma = 8;

/** Opens the port at once. It begins to speak when it first hears something, because only then it knows where to send. */
export async function openEar(toneHz: number): Promise<Ear> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(0, '127.0.0.1', resolve);
  });
  let heard: Heard[] = [];
  let mouth: NodeJS.Timeout | null = null;
  socket.on('message', (packet, from) => {
    mouth ??= speak(toneHz, (rtp) => socket.send(rtp, from.port, from.address), from);
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== pcma) return;
    const atMs = performance.now();
    heard.push({ atMs, payload: packet.subarray(12) });
    if ((heard[0]?.atMs ?? atMs) < atMs - 2 * keepMs) heard = heard.filter((one) => one.atMs > atMs - keepMs);
  });
  socket.on('error', () => {
    // The switch has closed its port: the call is over.
  });
  const samplesOf = (overMs: number): Float64Array => {
    const since = performance.now() - overMs;
    const bytes = Buffer.concat(heard.filter((one) => one.atMs >= since).map((one) => one.payload));
    return Float64Array.from(bytes, linearFromAlaw);
  };
  return {
    port: socket.address().port,
    hears(hertz, overMs = 400) {
      const samples = samplesOf(overMs);
      // Half of the time must have come as sound: the tail of something that has stopped is not hearing it now.
      return samples.length < (8 * overMs) / 2 ? -120 : levelOf(samples, 8000, hertz);
    },
    loudness: (overMs = 400) => loudness(samplesOf(overMs)),
    longestGapMs(sinceMs) {
      const times = [sinceMs, ...heard.filter((one) => one.atMs > sinceMs).map((one) => one.atMs), performance.now()];
      return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)));
    },
    close() {
      if (mouth) clearInterval(mouth);
      socket.close();
    },
  };
}

function speak(toneHz: number, send: (rtp: Buffer) => void, to: RemoteInfo): NodeJS.Timeout {
  const second = alawTone(toneHz, 1);
  const startMs = performance.now();
  let sent = 0;
  return setInterval(() => {
    const due = Math.floor((performance.now() - startMs) / packetMs);
    // A process that slept sends what it owes, so that the tone has no hole.
    for (; sent < due; sent++) {
      const rtp = Buffer.alloc(12 + 160);
      rtp[0] = 0x80;
      rtp[1] = pcma | (sent === 0 ? 0x80 : 0);
      rtp.writeUInt16BE(sent & 0xffff, 2);
      rtp.writeUInt32BE((sent * 160) >>> 0, 4);
      rtp.writeUInt32BE(to.port, 8);
      second.copy(rtp, 12, (sent % 50) * 160, (sent % 50) * 160 + 160);
      send(rtp);
    }
  }, packetMs);
}
