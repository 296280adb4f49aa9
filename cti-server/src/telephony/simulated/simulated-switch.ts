/**
 * A switch that exists only in memory: legs, rooms, music, announcements and devices, behaving as Asterisk was seen to behave. It knows no
 * faults; those happen on the way to it (faults.ts).
 */
import type { Clock, Timer } from '../../platform/clock.ts';
import { isEndpointName, isTelephoneNumber } from '../addresses.ts';
import type { Alive, EndpointRequest, LegEndCause, LegId, PlaceLegRequest, PlayRequest, Prompt, RecordRequest, RoomId, TelephonyEvent } from '../port.ts';
import { SimulatedRecordings } from './recordings.ts';

/** What a device does when it rings. `byHand` waits to be told. */
export type OnRing =
  | { kind: 'answers'; afterMs: number }
  | { kind: 'refuses'; afterMs: number }
  | { kind: 'busy' }
  | { kind: 'never' }
  | { kind: 'byHand' };

interface Leg {
  legId: LegId;
  arrived: boolean;
  state: 'ringing' | 'up';
  fromNumber: string;
  fromName: string;
  toNumber: string;
  roomId: RoomId | null;
  music: boolean;
  /** Announcements, the first one being heard, the others waiting. */
  playing: { request: PlayRequest; timer: Timer | null }[];
  createdAtMs: number;
  timers: Timer[];
}

/** What one leg hears at this moment. */
export interface Heard {
  music: boolean;
  prompts: readonly Prompt[] | null;
  legs: readonly LegId[];
}

export interface SimulatedSwitchOptions {
  clock: Clock;
  tell: (event: Untimed) => void;
  /** How long one spoken prompt lasts. */
  promptMs: number;
  /** What a number outside does when it is called and nothing else was said for it. */
  numbersOnRing: OnRing;
}
/** An event before the line puts its time to it. */
export type Untimed = TelephonyEvent extends infer Event ? (Event extends TelephonyEvent ? Omit<Event, 'atMs'> : never) : never;

/** Why something was refused; null when it was done. */
type Refusal = string | null;

export class SimulatedSwitch {
  readonly #options: SimulatedSwitchOptions;
  readonly #legs = new Map<LegId, Leg>();
  readonly #usedLegIds = new Set<LegId>();
  readonly #rooms = new Set<RoomId>();
  readonly #accounts = new Map<string, EndpointRequest>();
  readonly #devices = new Map<string, OnRing>();
  readonly #numbers = new Map<string, OnRing>();
  readonly recordings: SimulatedRecordings;
  #startedAtMs: number;

  constructor(options: SimulatedSwitchOptions) {
    this.#options = options;
    this.recordings = new SimulatedRecordings(options.clock, (end) => options.tell({ kind: 'recordingEnded', ...end }));
    this.#startedAtMs = options.clock.now();
  }

  // What we ask of it.

  place(request: PlaceLegRequest): Refusal {
    if (request.to.kind === 'number' && !isTelephoneNumber(request.to.number)) return 'not a valid number';
    const onRing = request.to.kind === 'number' ? (this.#numbers.get(request.to.number) ?? this.#options.numbersOnRing) : this.#devices.get(request.to.endpoint);
    if (onRing === undefined) return 'nothing is registered there';
    if (this.#usedLegIds.has(request.legId)) return 'the leg id was used before';
    const toNumber = request.to.kind === 'number' ? request.to.number : request.to.endpoint;
    const leg = this.#addLeg(request.legId, false, request.callerNumber, request.callerName, toNumber);
    if (onRing.kind === 'busy') {
      this.#after(leg, 0, () => this.#end(leg, 'busy'));
      return null;
    }
    this.#after(leg, 0, () => this.#options.tell({ kind: 'legRinging', legId: leg.legId }));
    this.#after(leg, request.ringTimeoutSeconds * 1000, () => leg.state === 'ringing' && this.#end(leg, 'noAnswer'));
    if (request.autoAnswer && onRing.kind !== 'never') this.#after(leg, 1, () => this.picksUp(leg.legId));
    else if (onRing.kind === 'answers') this.#after(leg, onRing.afterMs, () => this.picksUp(leg.legId));
    else if (onRing.kind === 'refuses') this.#after(leg, onRing.afterMs, () => this.#end(leg, 'refused'));
    return null;
  }

  answer(legId: LegId): Refusal {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return 'no such leg';
    if (!leg.arrived && leg.state === 'ringing') return 'the leg is not in our hands yet';
    leg.state = 'up';
    return null;
  }

  hangUp(legId: LegId, cause: LegEndCause): Refusal {
    const leg = this.#legs.get(legId);
    if (leg !== undefined) this.#end(leg, leg.arrived ? 'normal' : cause);
    return null;
  }

  createRoom(roomId: RoomId): Refusal {
    this.#rooms.add(roomId);
    return null;
  }

  destroyRoom(roomId: RoomId): Refusal {
    for (const leg of this.#legs.values()) if (leg.roomId === roomId) leg.roomId = null;
    this.#rooms.delete(roomId);
    return null;
  }

  join(roomId: RoomId, legIds: readonly LegId[]): Refusal {
    if (!this.#rooms.has(roomId)) return 'no such room';
    const legs = legIds.map((legId) => this.#ours(legId));
    if (legs.some((leg) => leg === null)) return 'a leg is gone or not in our hands yet';
    for (const leg of legs) if (leg !== null) leg.roomId = roomId;
    return null;
  }

  leave(roomId: RoomId, legId: LegId): Refusal {
    const leg = this.#legs.get(legId);
    if (leg?.roomId === roomId) leg.roomId = null;
    return null;
  }

  setMusic(legId: LegId, music: boolean): Refusal {
    const leg = this.#ours(legId);
    if (leg !== null) leg.music = music;
    return leg === null && music ? 'no such leg, or not in our hands yet' : null;
  }

  play(request: PlayRequest): Refusal {
    const leg = this.#ours(request.legId);
    if (leg === null) return 'no such leg, or not in our hands yet';
    if (request.prompts.length === 0) return 'nothing to play';
    leg.playing.push({ request, timer: null });
    if (leg.playing.length === 1) this.#playNext(leg);
    return null;
  }

  stopPlaying(playbackId: string): Refusal {
    for (const leg of this.#legs.values()) {
      const at = leg.playing.findIndex((each) => each.request.playbackId === playbackId);
      if (at >= 0) this.#playbackEnds(leg, at, false);
    }
    return null;
  }

  record(request: RecordRequest): Refusal {
    return this.#ours(request.legId) === null ? 'no such leg, or not in our hands yet' : this.recordings.begin(request);
  }

  provision(request: EndpointRequest): Refusal {
    if (!isEndpointName(request.endpoint)) return 'not a valid endpoint name';
    this.#accounts.set(request.endpoint, request);
    return null;
  }

  removeAccount(endpoint: string): Refusal {
    this.#accounts.delete(endpoint);
    this.deviceGoes(endpoint);
    return null;
  }

  alive(): Alive {
    const legs = [...this.#legs.values()];
    return {
      legs: legs.map(({ legId, state, fromNumber, fromName, toNumber, roomId, arrived, createdAtMs }) => {
        return { legId, state, fromNumber, fromName, toNumber, roomId, arrived, createdAtMs };
      }),
      rooms: [...this.#rooms].map((roomId) => ({ roomId, legIds: legs.filter((leg) => leg.roomId === roomId).map((leg) => leg.legId) })),
      presentEndpoints: [...this.#devices.keys()],
      switchStartedAtMs: this.#startedAtMs,
    };
  }

  // What the world does to it.

  arrives(legId: LegId, caller: { fromNumber: string; fromName: string; toNumber: string; answered: boolean }): void {
    const { fromNumber, fromName, toNumber, answered } = caller;
    const leg = this.#addLeg(legId, true, fromNumber, fromName, toNumber);
    leg.state = answered ? 'up' : 'ringing';
    this.#options.tell({ kind: 'legArrived', legId, fromNumber, fromName, toNumber, answered });
  }

  /** Also a number's or a device's: whoever is at the far end of the leg. */
  farEndHangsUp(legId: LegId): void {
    const leg = this.#legs.get(legId);
    if (leg !== undefined) this.#end(leg, 'normal');
  }

  picksUp(legId: LegId): void {
    const leg = this.#legs.get(legId);
    if (leg === undefined || leg.arrived || leg.state === 'up') return;
    leg.state = 'up';
    this.#options.tell({ kind: 'legAnswered', legId });
  }

  refuses(legId: LegId): void {
    const leg = this.#legs.get(legId);
    if (leg !== undefined && !leg.arrived && leg.state === 'ringing') this.#end(leg, 'refused');
  }

  presses(legId: LegId, digit: string): void {
    if (!this.#legs.has(legId)) return;
    this.#options.tell({ kind: 'digitPressed', legId, digit });
    this.recordings.legPresses(legId, digit);
  }

  deviceComes(endpoint: string, onRing: OnRing): void {
    const isNew = !this.#devices.has(endpoint);
    this.#devices.set(endpoint, onRing);
    if (isNew) this.#options.tell({ kind: 'endpointPresent', endpoint });
  }

  deviceGoes(endpoint: string): void {
    if (this.#devices.delete(endpoint)) this.#options.tell({ kind: 'endpointGone', endpoint });
  }

  /** The account as it was provisioned, for a device to show its password. */
  account(endpoint: string): EndpointRequest | undefined {
    return this.#accounts.get(endpoint);
  }

  numberOnRing(number: string, onRing: OnRing): void {
    this.#numbers.set(number, onRing);
  }

  hears(legId: LegId): Heard {
    const leg = this.#legs.get(legId);
    if (leg === undefined) return { music: false, prompts: null, legs: [] };
    const others = [...this.#legs.values()].filter((other) => other !== leg && leg.roomId !== null && other.roomId === leg.roomId && other.state === 'up');
    return { music: leg.music, prompts: leg.playing[0]?.request.prompts ?? null, legs: others.map((other) => other.legId) };
  }

  /** Every call, room and registration is gone, without a word to anyone. Accounts are kept. */
  restarts(): void {
    for (const leg of this.#legs.values()) this.#forget(leg);
    this.recordings.restarts();
    this.#rooms.clear();
    this.#devices.clear();
    this.#startedAtMs = this.#options.clock.now();
  }

  #addLeg(legId: LegId, arrived: boolean, fromNumber: string, fromName: string, toNumber: string): Leg {
    const createdAtMs = this.#options.clock.now();
    const leg: Leg = { legId, arrived, state: 'ringing', fromNumber, fromName, toNumber, roomId: null, music: false, playing: [], createdAtMs, timers: [] };
    this.#legs.set(legId, leg);
    this.#usedLegIds.add(legId);
    return leg;
  }

  /** A leg that may be put into rooms and played to: a caller's at once, a placed one once it was picked up. */
  #ours(legId: LegId): Leg | null {
    const leg = this.#legs.get(legId);
    return leg !== undefined && (leg.arrived || leg.state === 'up') ? leg : null;
  }

  #after(leg: Leg, ms: number, run: () => void): void {
    leg.timers.push(this.#options.clock.setTimer(ms, run));
  }

  #playNext(leg: Leg): void {
    const next = leg.playing[0];
    if (next === undefined) return;
    const { playbackId } = next.request;
    next.timer = this.#options.clock.setTimer(this.#options.promptMs * next.request.prompts.length, () => {
      const at = leg.playing.findIndex((each) => each.request.playbackId === playbackId);
      if (at >= 0) this.#playbackEnds(leg, at, true);
    });
  }

  #playbackEnds(leg: Leg, at: number, completed: boolean): void {
    const [ended] = leg.playing.splice(at, 1);
    if (ended === undefined) return;
    ended.timer?.cancel();
    this.#options.tell({ kind: 'playbackEnded', playbackId: ended.request.playbackId, legId: leg.legId, completed });
    if (at === 0) this.#playNext(leg);
  }

  #end(leg: Leg, cause: LegEndCause): void {
    const cutShort = [...leg.playing];
    this.recordings.legEnds(leg.legId);
    this.#forget(leg);
    for (const { request } of cutShort) this.#options.tell({ kind: 'playbackEnded', playbackId: request.playbackId, legId: leg.legId, completed: false });
    this.#options.tell({ kind: 'legEnded', legId: leg.legId, cause });
  }

  #forget(leg: Leg): void {
    for (const timer of leg.timers) timer.cancel();
    for (const { timer } of leg.playing) timer?.cancel();
    leg.playing = [];
    leg.roomId = null;
    this.#legs.delete(leg.legId);
  }
}
