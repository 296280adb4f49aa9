/**
 * Turns Asterisk's events into ours, each fact once: events may come twice (two subscriptions that meet) and late (a channel is torn down in
 * several steps, each with an event of its own).
 */
import type { Clock } from '../../platform/clock.ts';
import type { TelephonyEvent } from '../port.ts';
import type { AriEvent } from './ari-events.ts';
import { endCause } from './end-cause.ts';

interface LegSeen {
  ringing: boolean;
  entered: boolean;
}

/** How long the name of something that ended is remembered, so that a late event about it is not taken for news. */
const rememberEndedMs = 60_000;

export class LegWatch {
  readonly #clock: Clock;
  readonly #legs = new Map<string, LegSeen>();
  /** Legs, playbacks and rooms that ended, oldest first, with the time until which they are remembered. */
  readonly #ended = new Map<string, number>();
  readonly #stopped = new Set<string>();
  readonly #present = new Map<string, boolean>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The playback is being cut short: its end, which Asterisk reports as done, is not its completion. */
  willStop(playbackId: string): void {
    if (!this.hasEnded(playbackId)) this.#stopped.add(playbackId);
  }

  /** There was no such playback to cut short, or its end was missed. */
  forgetStop(playbackId: string): void {
    this.#stopped.delete(playbackId);
  }

  /** Forgets legs that the switch no longer has; their ends were missed and will not be told. */
  keepOnly(aliveLegIds: ReadonlySet<string>): void {
    for (const legId of this.#legs.keys()) if (!aliveLegIds.has(legId)) this.#legs.delete(legId);
  }

  /** A room that was destroyed is torn down a moment later; until then Asterisk still lists it. */
  roomEnded(roomId: string): void {
    this.#ended.delete(`room ${roomId}`);
    this.#remember(`room ${roomId}`);
  }

  roomBegan(roomId: string): void {
    this.#ended.delete(`room ${roomId}`);
  }

  hasRoomEnded(roomId: string): boolean {
    return this.#ended.has(`room ${roomId}`);
  }

  /** An account that was removed: Asterisk lists its registration a moment longer. */
  endpointRemoved(endpoint: string): void {
    this.#remember(`endpoint ${endpoint}`);
  }

  endpointMade(endpoint: string): void {
    this.#ended.delete(`endpoint ${endpoint}`);
  }

  isEndpointRemoved(endpoint: string): boolean {
    return this.#ended.has(`endpoint ${endpoint}`);
  }

  /** Whether the end of this leg or playback was told within the last minute. */
  hasEnded(id: string): boolean {
    return this.#ended.has(id);
  }

  translate(event: AriEvent): TelephonyEvent | null {
    const atMs = this.#clock.now();
    switch (event.type) {
      case 'StasisStart':
        return this.#entered(event, atMs);
      case 'ChannelStateChange': {
        // A caller's channel is in state Ring; only a leg that was placed becomes Ringing.
        if (event.channel.state !== 'Ringing' || this.hasEnded(event.channel.id)) return null;
        const leg = this.#leg(event.channel.id);
        if (leg.ringing || leg.entered) return null;
        leg.ringing = true;
        return { kind: 'legRinging', legId: event.channel.id, atMs };
      }
      case 'StasisEnd':
        // For callers it is the only sign: they leave the application before they are destroyed.
        return this.#legEnded(event.channel.id, 'normal', atMs);
      case 'ChannelDestroyed':
        return this.#legEnded(event.channel.id, endCause(event.cause), atMs, carriersWord(event));
      case 'ChannelDtmfReceived':
        return { kind: 'digitPressed', legId: event.channel.id, digit: event.digit, atMs };
      case 'PlaybackFinished':
        return this.#playbackEnded(event, atMs);
      case 'RecordingFinished':
      case 'RecordingFailed':
        return this.#recordingEnded(event, atMs);
      case 'DeviceStateChanged': {
        const endpoint = /^PJSIP\/(.+)$/.exec(event.device_state.name)?.[1];
        if (endpoint === undefined) return null;
        return this.presence(endpoint, !['UNAVAILABLE', 'INVALID', 'UNKNOWN'].includes(event.device_state.state));
      }
    }
  }

  /** What there is to tell when an endpoint is seen registered or not; null when that is known. */
  presence(endpoint: string, present: boolean): TelephonyEvent | null {
    if ((this.#present.get(endpoint) ?? false) === present) return null;
    this.#present.set(endpoint, present);
    return { kind: present ? 'endpointPresent' : 'endpointGone', endpoint, atMs: this.#clock.now() };
  }

  #entered(event: Extract<AriEvent, { type: 'StasisStart' }>, atMs: number): TelephonyEvent | null {
    const { channel, args } = event;
    if (this.hasEnded(channel.id)) return null;
    const leg = this.#leg(channel.id);
    if (leg.entered) return null;
    leg.entered = true;
    if (args[0] === 'placed') return { kind: 'legAnswered', legId: channel.id, atMs };
    if (args[0] !== 'inbound') return null;
    const { number, name } = channel.caller;
    const toNumber = args[1] ?? channel.dialplan.exten;
    return { kind: 'legArrived', legId: channel.id, fromNumber: number, fromName: name, toNumber, answered: channel.state === 'Up', atMs };
  }

  #playbackEnded(event: Extract<AriEvent, { type: 'PlaybackFinished' }>, atMs: number): TelephonyEvent | null {
    const { id, state, target_uri: target } = event.playback;
    if (!target.startsWith('channel:') || this.hasEnded(id)) return null;
    this.#remember(id);
    const stopped = this.#stopped.delete(id);
    return { kind: 'playbackEnded', playbackId: id, legId: target.slice('channel:'.length), completed: state === 'done' && !stopped, atMs };
  }

  #recordingEnded(event: Extract<AriEvent, { type: 'RecordingFinished' | 'RecordingFailed' }>, atMs: number): TelephonyEvent | null {
    const { name, target_uri: target, duration } = event.recording;
    // a room's recording is not one that we asked for with a leg
    if (!target.startsWith('channel:') || this.hasEnded(name)) return null;
    this.#remember(name);
    const stopped = this.#stopped.delete(name);
    const reason = event.type === 'RecordingFailed' ? 'failed' : stopped ? 'stopped' : 'finished';
    return { kind: 'recordingEnded', recordingId: name, legId: target.slice('channel:'.length), seconds: duration ?? 0, reason, atMs };
  }

  #legEnded(legId: string, cause: ReturnType<typeof endCause>, atMs: number, reason?: string): TelephonyEvent | null {
    if (this.hasEnded(legId)) return null;
    this.#legs.delete(legId);
    this.#remember(legId);
    return { kind: 'legEnded', legId, cause, ...(reason === undefined ? {} : { reason }), atMs };
  }

  #leg(legId: string): LegSeen {
    const seen = this.#legs.get(legId) ?? { ringing: false, entered: false };
    this.#legs.set(legId, seen);
    return seen;
  }

  #remember(id: string): void {
    const now = this.#clock.now();
    for (const [old, untilMs] of this.#ended) {
      if (untilMs > now) break;
      this.#ended.delete(old);
    }
    this.#ended.set(id, now + rememberEndedMs);
  }
}

/** As the far end worded it: the SIP answer where there was one, else the cause of the telephone network. */
const carriersWord = (event: { cause: number; cause_txt: string; tech_cause?: number | undefined }): string =>
  event.tech_cause === undefined || event.tech_cause < 300 ? `Q.850 ${String(event.cause)} ${event.cause_txt}` : `SIP ${String(event.tech_cause)} ${event.cause_txt}`;
