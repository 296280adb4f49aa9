/** The simulated switch as a line: the port's requests and events, with faults on the way, and a world that can be told what to do. */
import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.ts';
import { isTelephoneNumber } from '../addresses.ts';
import type { Alive, EndpointRequest, LegId, LineStatus, Outcome, PlaceLegRequest, PlayRequest, PromptLanguage, RecordedSound, RecordRequest, RoomId, TelephonyEvent, TelephonyPort } from '../port.ts';
import { EventWire, RequestFaults, seededRandom, type Faults, type RequestFault, type RequestName } from './faults.ts';
import { RequestWay } from './request-way.ts';
import { SimulatedSwitch, type Heard, type OnRing, type Untimed } from './simulated-switch.ts';

export interface SimulatedLineOptions {
  lineId: string;
  clock: Clock;
  /** The same seed and the same requests at the same times give the same faults. */
  seed?: number;
  faults?: Faults;
  /** How long the switch takes for a request. 0: it is done before the next timer. */
  requestMs?: number;
  /** How long one spoken prompt lasts. */
  promptMs?: number;
  /** What numbers outside do when they are called, unless `numberDoes` says otherwise. */
  numbersOnRing?: OnRing;
  /** A caller who comes while nobody holds the line is offered again this often. */
  callerRetryMs?: number;
  /** Another server's line to the same switch: whoever starts last holds it. Switch, callers and devices are those of the other. */
  sharing?: SimulatedLine;
}

/** What several lines to one switch have in common. */
interface Site {
  switch: SimulatedSwitch;
  holder: SimulatedLine | null;
  waitingOutside: Map<LegId, SimulatedCaller>;
  callers: number;
}

export interface SimulatedCaller {
  fromNumber: string;
  toNumber: string;
  fromName?: string;
  /** The trunk answered already. */
  answered?: boolean;
}

/** How long a caller of `dialIn` stays. */
const demoCallMs = 120_000;

export class SimulatedLine implements TelephonyPort {
  readonly lineId: string;
  readonly #clock: Clock;
  readonly #site: Site;
  readonly #switch: SimulatedSwitch;
  readonly #wire: EventWire;
  readonly #requestFaults: RequestFaults;
  readonly #requests: RequestWay;
  readonly #callerRetryMs: number;
  readonly #eventListeners = new Set<(event: TelephonyEvent) => void>();
  readonly #gapListeners = new Set<() => void>();
  readonly #statusListeners = new Set<(status: LineStatus) => void>();
  #status: LineStatus;

  constructor(options: SimulatedLineOptions) {
    this.lineId = options.lineId;
    this.#clock = options.clock;
    this.#callerRetryMs = options.callerRetryMs ?? 1_000;
    const random = seededRandom(options.seed ?? 1);
    this.#requestFaults = new RequestFaults(options.faults ?? {}, random);
    this.#requests = new RequestWay(options.clock, this.#requestFaults, options.requestMs ?? 0);
    this.#wire = new EventWire(options.clock, options.faults ?? {}, random, (event) => {
      for (const listener of this.#eventListeners) listener(event);
    });
    this.#status = { state: 'connecting', sinceMs: options.clock.now(), reason: 'not started' };
    this.#site = options.sharing === undefined ? SimulatedLine.#newSite(options) : options.sharing.#site;
    this.#switch = this.#site.switch;
  }

  // The port.

  start(): void {
    if (this.#status.state === 'connected') return;
    if (this.#site.holder !== this) this.#site.holder?.anotherServerTakesOver();
    this.#site.holder = this;
    this.reconnect();
  }

  stop(): Promise<void> {
    this.loseSocket('stopped');
    return Promise.resolve();
  }

  status(): LineStatus {
    return this.#status;
  }

  onEvent(listener: (event: TelephonyEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  onGap(listener: () => void): () => void {
    this.#gapListeners.add(listener);
    return () => this.#gapListeners.delete(listener);
  }

  onStatus(listener: (status: LineStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  placeLeg(request: PlaceLegRequest): Promise<Outcome> {
    return this.#request('placeLeg', () => this.#switch.place(request));
  }

  answer(legId: LegId): Promise<Outcome> {
    return this.#request('answer', () => this.#switch.answer(legId));
  }

  hangUp(legId: LegId, cause: 'normal' | 'busy' | 'congestion'): Promise<Outcome> {
    return this.#request('hangUp', () => this.#switch.hangUp(legId, cause));
  }

  createRoom(roomId: RoomId): Promise<Outcome> {
    return this.#request('createRoom', () => this.#switch.createRoom(roomId));
  }

  destroyRoom(roomId: RoomId): Promise<Outcome> {
    return this.#request('destroyRoom', () => this.#switch.destroyRoom(roomId));
  }

  join(roomId: RoomId, legIds: readonly LegId[]): Promise<Outcome> {
    return this.#request('join', () => this.#switch.join(roomId, legIds));
  }

  leave(roomId: RoomId, legId: LegId): Promise<Outcome> {
    return this.#request('leave', () => this.#switch.leave(roomId, legId));
  }

  startMusic(legId: LegId): Promise<Outcome> {
    return this.#request('startMusic', () => this.#switch.setMusic(legId, true));
  }

  stopMusic(legId: LegId): Promise<Outcome> {
    return this.#request('stopMusic', () => this.#switch.setMusic(legId, false));
  }

  play(request: PlayRequest): Promise<Outcome> {
    return this.#request('play', () => this.#switch.play(request));
  }

  stopPlaying(playbackId: string): Promise<Outcome> {
    return this.#request('stopPlaying', () => this.#switch.stopPlaying(playbackId));
  }

  record(request: RecordRequest): Promise<Outcome> {
    return this.#request('record', () => this.#switch.record(request));
  }

  stopRecording(recordingId: string): Promise<Outcome> {
    return this.#request('stopRecording', () => {
      this.#switch.recordings.end(recordingId, 'stopped');
      return null;
    });
  }

  storedRecordings(): Promise<Outcome<string[]>> {
    return this.#ask('storedRecordings', () => this.#switch.recordings.names());
  }

  async fetchRecording(recordingId: string): Promise<Outcome<RecordedSound>> {
    const outcome = await this.#ask('fetchRecording', () => this.#switch.recordings.sound(recordingId) ?? null);
    if (outcome.outcome !== 'ok') return outcome;
    return outcome.value === null ? { outcome: 'rejected', reason: 'no such recording' } : { outcome: 'ok', value: { mediaType: 'audio/wav', bytes: outcome.value } };
  }

  dropRecording(recordingId: string): Promise<Outcome> {
    return this.#request('dropRecording', () => {
      this.#switch.recordings.drop(recordingId);
      return null;
    });
  }

  provisionEndpoint(request: EndpointRequest): Promise<Outcome> {
    return this.#request('provisionEndpoint', () => this.#switch.provision(request));
  }

  removeEndpoint(endpoint: string): Promise<Outcome> {
    return this.#request('removeEndpoint', () => this.#switch.removeAccount(endpoint));
  }

  dialIn(request: { fromNumber: string; fromName: string; toNumber: string; language: PromptLanguage }): Promise<Outcome> {
    return this.#request('dialIn', () => {
      if (!isTelephoneNumber(request.toNumber)) return 'not a valid number';
      const { fromNumber, fromName, toNumber } = request;
      // The request is answered before the call arrives.
      this.#clock.setTimer(0, () => {
        const legId = this.arrive({ fromNumber, fromName, toNumber });
        this.#clock.setTimer(demoCallMs, () => this.callerHangsUp(legId));
      });
      return null;
    });
  }

  alive(): Promise<Outcome<Alive>> {
    return this.#ask('alive', () => this.#switch.alive());
  }

  // The world outside.

  /** A caller rings in. Answers the leg's name; while nobody holds the line the caller waits and is offered again after the reconnection. */
  arrive(caller: SimulatedCaller): LegId {
    this.#site.callers += 1;
    const legId = `caller-${this.#site.callers}`;
    this.#site.waitingOutside.set(legId, caller);
    const { holder } = this.#site;
    if (holder !== null) holder.#offer(legId);
    return legId;
  }

  callerHangsUp(legId: LegId): void {
    this.#site.waitingOutside.delete(legId);
    this.#switch.farEndHangsUp(legId);
  }

  agentPicksUp(legId: LegId): void {
    this.#switch.picksUp(legId);
  }

  agentRefuses(legId: LegId): void {
    this.#switch.refuses(legId);
  }

  agentHangsUp(legId: LegId): void {
    this.#switch.farEndHangsUp(legId);
  }

  presses(legId: LegId, digit: string): void {
    this.#switch.presses(legId, digit);
  }

  /** A device registers with its password, as SIP's digest would check it. False: no such account, or another password. */
  deviceRegisters(endpoint: string, password: string, onRing: OnRing): boolean {
    const account = this.#switch.account(endpoint);
    if (account === undefined) return false;
    const { passwordDigest: digest } = account;
    const md5 = (realm: string): string => createHash('md5').update(`${endpoint}:${realm}:${password}`).digest('hex');
    if (digest === undefined ? account.password !== password : digest.md5 !== md5(digest.realm)) return false;
    this.#switch.deviceComes(endpoint, onRing);
    return true;
  }

  /** A device is there, with or without an account: for worlds where registering is not the point. Again: it changes its ways. */
  devicePresent(endpoint: string, onRing: OnRing): void {
    this.#switch.deviceComes(endpoint, onRing);
  }

  deviceGone(endpoint: string): void {
    this.#switch.deviceGoes(endpoint);
  }

  numberDoes(number: string, onRing: OnRing): void {
    this.#switch.numberOnRing(number, onRing);
  }

  hears(legId: LegId): Heard {
    return this.#switch.hears(legId);
  }

  /** What the switch holds now, without asking over the line. */
  inspect(): Alive {
    return this.#switch.alive();
  }

  // Bad days.

  /** From now on these faults, until others are set. */
  setFaults(faults: Faults): void {
    this.#requestFaults.faults = faults;
    this.#wire.faults = faults;
  }

  /** The next request of this name fails this way. Several wait in turn. */
  failNext(request: RequestName, fault: RequestFault): void {
    this.#requestFaults.failNext(request, fault);
  }

  /** The connection breaks; calls live on in the switch. Requests under way become `unknown`, events meanwhile are lost. */
  loseSocket(reason = 'connection lost'): void {
    if (this.#status.state !== 'connected') return;
    this.#wire.cut();
    this.#setStatus({ state: 'connecting', sinceMs: this.#clock.now(), reason });
    this.#requests.cut();
  }

  /** Connects again: listeners hear of the gap before anything newer. */
  reconnect(): void {
    this.#setStatus({ state: 'connected', sinceMs: this.#clock.now() });
    for (const listener of this.#gapListeners) listener();
    for (const legId of this.#site.waitingOutside.keys()) this.#clock.setTimer(this.#callerRetryMs, () => this.#offer(legId));
  }

  /** The switch itself ends and is back at once, empty; the connection is lost until `reconnect`. */
  switchRestarts(): void {
    this.loseSocket('the switch was restarted');
    this.#site.waitingOutside.clear();
    this.#switch.restarts();
  }

  /** Another server takes the line: this one is told and never hears or does anything again, until `start`. */
  anotherServerTakesOver(): void {
    this.loseSocket('replaced');
    this.#setStatus({ state: 'replaced', sinceMs: this.#clock.now() });
  }

  #hear(event: Untimed): void {
    if (this.#status.state === 'connected') this.#wire.send({ ...event, atMs: this.#clock.now() });
  }

  #offer(legId: LegId): void {
    const caller = this.#site.waitingOutside.get(legId);
    if (caller === undefined || this.#status.state !== 'connected') return;
    this.#site.waitingOutside.delete(legId);
    const { fromNumber, toNumber, fromName = '', answered = false } = caller;
    this.#switch.arrives(legId, { fromNumber, fromName, toNumber, answered });
  }

  static #newSite(options: SimulatedLineOptions): Site {
    const site: Site = {
      holder: null,
      waitingOutside: new Map(),
      callers: 0,
      switch: new SimulatedSwitch({
        clock: options.clock,
        promptMs: options.promptMs ?? 1_500,
        numbersOnRing: options.numbersOnRing ?? { kind: 'answers', afterMs: 3_000 },
        tell: (event) => {
          if (site.holder !== null) site.holder.#hear(event);
        },
      }),
    };
    return site;
  }

  async #ask<T>(name: RequestName, look: () => T): Promise<Outcome<T>> {
    const seen: { value?: T } = {};
    const outcome = await this.#request(name, () => {
      seen.value = look();
      return null;
    });
    if (outcome.outcome !== 'ok') return outcome;
    return 'value' in seen ? { outcome: 'ok', value: seen.value as T } : { outcome: 'unknown', reason: 'nothing was seen' };
  }

  #request(name: RequestName, act: () => string | null): Promise<Outcome> {
    if (this.#status.state === 'connected') return this.#requests.carry(name, act);
    return Promise.resolve({ outcome: 'unavailable', reason: this.#status.state === 'replaced' ? 'replaced' : 'not connected' });
  }

  #setStatus(status: LineStatus): void {
    this.#status = status;
    for (const listener of this.#statusListeners) listener(status);
  }
}
