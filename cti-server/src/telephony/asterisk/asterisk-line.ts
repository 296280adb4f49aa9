/** One Asterisk as a line: our requests become ARI's, ARI's events become ours. It decides nothing. */
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import { isEndpointName, isRecordingName, isTelephoneNumber } from '../addresses.ts';
import type { Alive, EndpointRequest, LegId, LineStatus, Outcome, PlaceLegRequest, PlayRequest, PromptLanguage, RecordedSound, RecordRequest, RoomId, TelephonyEvent, TelephonyPort } from '../port.ts';
import { accountParts } from './accounts.ts';
import { aliveFrom, aliveParts } from './alive.ts';
import { readAriEvent, unwantedEvents } from './ari-events.ts';
import { AriSocket } from './ari-socket.ts';
import { LegWatch } from './leg-watch.ts';
import { done, reading } from './outcomes.ts';
import { PresenceWatch } from './presence-watch.ts';
import { mediaOf } from './prompt-media.ts';
import { callerId, dialString, legVariables } from './placing.ts';
import { fetchSound } from './recorded-sound.ts';

export interface AsteriskLineOptions {
  lineId: string;
  /** Where Asterisk's HTTP server is: `http://127.0.0.1:8088`. */
  ariUrl: string;
  user: string;
  password: string;
  clock: Clock;
  logger: Logger;
  /** The Stasis application: who holds it holds the line. */
  app?: string;
  /** The endpoint of pjsip.conf through which calls come and numbers are reached. */
  trunkEndpoint?: string;
  /** How a number is reached where it is not through that endpoint: a dial string with `{number}` in it. */
  trunk?: string | undefined;
  /** Endpoints of pjsip.conf through which calls come in and that are nobody's device. */
  otherTrunks?: readonly string[];
  /** The address for media when the switch serves one address only, 127.0.0.1 on a single machine. */
  mediaAddress?: string;
  /** The preferred codec first. G.711 costs half the processor time of Opus; put Opus first where browsers come over the open internet. */
  codecs?: readonly string[];
  /** Where the switch finds a sound of the house: a file's path without its ending; null when there is none. */
  soundFile?: (soundId: string) => Promise<string | null>;
  requestTimeoutMs?: number;
  random?: () => number;
}

const storedNames = z.array(z.object({ name: z.string() }));

/** How long the switch lets its own demo call wait to be answered. */
const dialInTimeoutSeconds = 180;

export class AsteriskLine implements TelephonyPort {
  readonly lineId: string;
  readonly #app: string;
  readonly #trunkEndpoint: string;
  readonly #trunk: string;
  readonly #mediaAddress: string | undefined;
  readonly #codecs: readonly string[];
  readonly #soundFile: (soundId: string) => Promise<string | null>;
  readonly #ari: { url: string; user: string; password: string };
  readonly #logger: Logger;
  readonly #socket: AriSocket;
  readonly #watch: LegWatch;
  readonly #presence: PresenceWatch;
  readonly #eventListeners = new Set<(event: TelephonyEvent) => void>();
  readonly #gapListeners = new Set<() => void>();
  readonly #statusListeners = new Set<(status: LineStatus) => void>();
  #unneededEvents = 0;

  constructor(options: AsteriskLineOptions) {
    this.lineId = options.lineId;
    this.#app = options.app ?? 'centralita';
    this.#trunkEndpoint = options.trunkEndpoint ?? 'trunk';
    this.#trunk = options.trunk ?? `PJSIP/{number}@${this.#trunkEndpoint}`;
    this.#mediaAddress = options.mediaAddress;
    this.#codecs = options.codecs ?? ['alaw', 'ulaw', 'opus'];
    this.#soundFile = options.soundFile ?? (() => Promise.resolve(null));
    this.#ari = { url: options.ariUrl, user: options.user, password: options.password };
    this.#logger = options.logger;
    this.#watch = new LegWatch(options.clock);
    this.#socket = new AriSocket(
      {
        url: options.ariUrl,
        user: options.user,
        password: options.password,
        app: this.#app,
        clock: options.clock,
        logger: options.logger,
        requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
        random: options.random ?? Math.random,
      },
      {
        connected: () => this.#connected(),
        event: (message) => this.#receive(message),
        status: (status) => this.#callAll(this.#statusListeners, status),
      },
    );
    const notDevices = [this.#trunkEndpoint, ...(options.otherTrunks ?? ['loopback-guest'])];
    this.#presence = new PresenceWatch(this.#socket, this.#app, options.logger, notDevices, (endpoint, present) => {
      this.#tell(this.#watch.presence(endpoint, present));
    });
  }

  start(): void {
    this.#socket.start();
  }

  stop(): Promise<void> {
    return this.#socket.stop();
  }

  status(): LineStatus {
    return this.#socket.status;
  }

  /** How many events came that mean nothing here; for the metrics. */
  get unneededEvents(): number {
    return this.#unneededEvents;
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

  async placeLeg(request: PlaceLegRequest): Promise<Outcome> {
    const endpoint = dialString(request.to, this.#trunk);
    if (endpoint === null) return { outcome: 'rejected', reason: 'not a valid endpoint or number' };
    return done(
      await this.#socket.request('POST /channels', {
        path: {},
        query: {
          endpoint,
          app: this.#app,
          appArgs: 'placed',
          channelId: request.legId,
          callerId: callerId(request.callerName, request.callerNumber),
          timeout: request.ringTimeoutSeconds,
          formats: this.#codecs.join(','),
        },
        body: { variables: legVariables(request) },
      }),
      // Asterisk says "already exists" as well when the endpoint has nowhere registered.
      { 409: 'nothing is registered there, or the leg id was used before', 500: 'the switch could not make the leg' },
    );
  }

  async answer(legId: LegId): Promise<Outcome> {
    return done(await this.#socket.request('POST /channels/{channelId}/answer', { path: { channelId: legId } }));
  }

  async hangUp(legId: LegId, cause: 'normal' | 'busy' | 'congestion'): Promise<Outcome> {
    return done(await this.#socket.request('DELETE /channels/{channelId}', { path: { channelId: legId }, query: { reason: cause } }), { 404: 'ok' });
  }

  async createRoom(roomId: RoomId): Promise<Outcome> {
    this.#watch.roomBegan(roomId);
    return done(await this.#socket.request('POST /bridges', { path: {}, query: { type: 'mixing', bridgeId: roomId } }), { 409: 'ok' });
  }

  async destroyRoom(roomId: RoomId): Promise<Outcome> {
    // While a room that ended is being torn down Asterisk still finds it, but no longer as one of ours: 409.
    const outcome = done(await this.#socket.request('DELETE /bridges/{bridgeId}', { path: { bridgeId: roomId } }), { 404: 'ok', 409: 'ok' });
    if (outcome.outcome === 'ok') this.#watch.roomEnded(roomId);
    return outcome;
  }

  async join(roomId: RoomId, legIds: readonly LegId[]): Promise<Outcome> {
    return done(
      await this.#socket.request('POST /bridges/{bridgeId}/addChannel', {
        path: { bridgeId: roomId },
        // Telling each side who the other is means a new INVITE to both, which some trunks answer by hanging up.
        query: { channel: legIds.join(','), inhibitConnectedLineUpdates: true },
      }),
    );
  }

  async leave(roomId: RoomId, legId: LegId): Promise<Outcome> {
    return done(
      await this.#socket.request('POST /bridges/{bridgeId}/removeChannel', { path: { bridgeId: roomId }, query: { channel: legId } }),
      // No such leg, no such room, a room that is just ending, or not in it: in each case it is not there.
      { 400: 'ok', 404: 'ok', 409: 'ok', 422: 'ok' },
    );
  }

  async startMusic(legId: LegId): Promise<Outcome> {
    return done(await this.#socket.request('POST /channels/{channelId}/moh', { path: { channelId: legId } }));
  }

  async stopMusic(legId: LegId): Promise<Outcome> {
    return done(await this.#socket.request('DELETE /channels/{channelId}/moh', { path: { channelId: legId } }), { 404: 'ok' });
  }

  async play(request: PlayRequest): Promise<Outcome> {
    const media: string[] = [];
    for (const prompt of request.prompts) {
      if (prompt.kind !== 'sound') media.push(mediaOf(prompt, request.language));
      else {
        const file = await this.#soundFile(prompt.soundId);
        if (file === null) return { outcome: 'rejected', reason: 'no such sound' };
        media.push(`sound:${file}`);
      }
    }
    if (media.length === 0) return { outcome: 'rejected', reason: 'nothing to play' };
    return done(
      await this.#socket.request('POST /channels/{channelId}/play', {
        path: { channelId: request.legId },
        query: { media: media.join(','), playbackId: request.playbackId },
      }),
    );
  }

  async stopPlaying(playbackId: string): Promise<Outcome> {
    this.#watch.willStop(playbackId);
    const answer = await this.#socket.request('DELETE /playbacks/{playbackId}', { path: { playbackId } });
    if (answer.outcome === 'refused' || answer.outcome === 'unavailable') this.#watch.forgetStop(playbackId);
    return done(answer, { 404: 'ok' });
  }

  async record(request: RecordRequest): Promise<Outcome> {
    if (!isRecordingName(request.recordingId)) return { outcome: 'rejected', reason: 'not a valid recording name' };
    const { recordingId, legId, maxSeconds, silenceSeconds, beep, stopKeys } = request;
    return done(
      await this.#socket.request('POST /channels/{channelId}/record', {
        path: { channelId: legId },
        query: { name: recordingId, format: 'wav', maxDurationSeconds: maxSeconds, maxSilenceSeconds: silenceSeconds, ifExists: 'fail', beep, terminateOn: stopKeys },
      }),
      { 409: 'the leg is in a room, or the recording id was used before' },
    );
  }

  async stopRecording(recordingId: string): Promise<Outcome> {
    if (!isRecordingName(recordingId)) return { outcome: 'rejected', reason: 'not a valid recording name' };
    this.#watch.willStop(recordingId);
    const answer = await this.#socket.request('POST /recordings/live/{recordingName}/stop', { path: { recordingName: recordingId } });
    if (answer.outcome === 'refused' || answer.outcome === 'unavailable') this.#watch.forgetStop(recordingId);
    return done(answer, { 404: 'ok' });
  }

  async storedRecordings(): Promise<Outcome<string[]>> {
    const stored = reading(storedNames)(await this.#socket.request('GET /recordings/stored', { path: {} }));
    return stored.outcome === 'ok' ? { outcome: 'ok', value: stored.value.map(({ name }) => name) } : stored;
  }

  async fetchRecording(recordingId: string): Promise<Outcome<RecordedSound>> {
    if (!isRecordingName(recordingId)) return { outcome: 'rejected', reason: 'not a valid recording name' };
    return fetchSound(this.#ari, recordingId);
  }

  async dropRecording(recordingId: string): Promise<Outcome> {
    if (!isRecordingName(recordingId)) return { outcome: 'rejected', reason: 'not a valid recording name' };
    return done(await this.#socket.request('DELETE /recordings/stored/{recordingName}', { path: { recordingName: recordingId } }), { 404: 'ok' });
  }

  async provisionEndpoint(request: EndpointRequest): Promise<Outcome> {
    if (!isEndpointName(request.endpoint)) return { outcome: 'rejected', reason: 'not a valid endpoint name' };
    this.#watch.endpointMade(request.endpoint);
    const options = { codecs: this.#codecs, agentContext: 'from-agent', mediaAddress: this.#mediaAddress };
    for (const [objectType, fields] of accountParts(request, options)) {
      const path = { configClass: 'res_pjsip', objectType, id: request.endpoint };
      const outcome = done(await this.#socket.request('PUT /asterisk/config/dynamic/{configClass}/{objectType}/{id}', { path, body: { fields } }));
      if (outcome.outcome !== 'ok') return outcome;
    }
    await this.#presence.follow([request.endpoint]);
    return { outcome: 'ok', value: undefined };
  }

  async removeEndpoint(endpoint: string): Promise<Outcome> {
    await this.#presence.unfollow(endpoint);
    this.#watch.endpointRemoved(endpoint);
    for (const objectType of ['endpoint', 'aor', 'auth']) {
      const path = { configClass: 'res_pjsip', objectType, id: endpoint };
      const outcome = done(await this.#socket.request('DELETE /asterisk/config/dynamic/{configClass}/{objectType}/{id}', { path }), { 404: 'ok' });
      if (outcome.outcome !== 'ok') return outcome;
    }
    this.#tell(this.#watch.presence(endpoint, false));
    return { outcome: 'ok', value: undefined };
  }

  async dialIn(request: { fromNumber: string; fromName: string; toNumber: string; language: PromptLanguage }): Promise<Outcome> {
    if (!isTelephoneNumber(request.toNumber)) return { outcome: 'rejected', reason: 'not a valid number' };
    return done(
      await this.#socket.request('POST /channels', {
        path: {},
        query: {
          // The half that enters from-trunk arrives like a trunk's call; the other half is the caller, who speaks in demo-caller.
          // "/n" keeps the two halves: without it they would melt into one when they meet in a room.
          endpoint: `Local/${request.toNumber}@from-trunk/n`,
          context: 'demo-caller',
          extension: request.language,
          callerId: callerId(request.fromName, request.fromNumber),
          timeout: dialInTimeoutSeconds,
        },
      }),
    );
  }

  async alive(): Promise<Outcome<Alive>> {
    const parts = await Promise.all([
      this.#socket.request('GET /applications/{applicationName}', { path: { applicationName: this.#app } }).then(reading(aliveParts.application)),
      this.#socket.request('GET /channels', { path: {} }).then(reading(aliveParts.channels)),
      this.#socket.request('GET /bridges', { path: {} }).then(reading(aliveParts.bridges)),
      this.#socket.request('GET /endpoints/{tech}', { path: { tech: 'PJSIP' } }).then(reading(aliveParts.endpoints)),
      this.#socket.request('GET /asterisk/info', { path: {}, query: { only: 'status' } }).then(reading(aliveParts.info)),
    ]);
    const [application, channels, bridges, endpoints, info] = parts;
    if (application.outcome !== 'ok') return application;
    if (channels.outcome !== 'ok') return channels;
    if (bridges.outcome !== 'ok') return bridges;
    if (endpoints.outcome !== 'ok') return endpoints;
    if (info.outcome !== 'ok') return info;
    // Asterisk lists channels and rooms for a moment after it told their end; what has ended must not come back to life.
    const livingRooms = bridges.value.filter((bridge) => !this.#watch.hasRoomEnded(bridge.id));
    const named = new Set(application.value.channel_ids);
    // a leg placed through a Local channel has a second half, which is the far end's and none of ours
    const isFarHalf = (legId: string): boolean => legId.endsWith(';2') && named.has(legId.slice(0, -2));
    const channel_ids = application.value.channel_ids.filter((legId) => !this.#watch.hasEnded(legId) && !isFarHalf(legId));
    this.#watch.keepOnly(new Set(channel_ids));
    const held = { application: { channel_ids }, channels: channels.value, bridges: livingRooms, endpoints: endpoints.value, info: info.value };
    const alive = aliveFrom(held, this.#app);
    return { outcome: 'ok', value: { ...alive, presentEndpoints: alive.presentEndpoints.filter((endpoint) => !this.#watch.isEndpointRemoved(endpoint)) } };
  }

  #connected(): void {
    // Filters and subscriptions die with the connection when no call keeps the application, so they are made anew each time. Requests keep
    // their order, so what a gap listener asks is asked after this.
    // The body is the filter itself; ARI's own description wraps it in a name that Asterisk does not look for.
    const filter = { disallowed: unwantedEvents } as Record<string, unknown>;
    void this.#socket
      .request('PUT /applications/{applicationName}/eventFilter', { path: { applicationName: this.#app }, body: filter })
      .then((answer) => {
        if (answer.outcome === 'refused') this.#logger.warn({ lineId: this.lineId, reason: answer.reason }, 'Asterisk took no event filter');
      });
    this.#callAll(this.#gapListeners, undefined);
    void this.#presence.begin();
  }

  #receive(message: unknown): void {
    const event = readAriEvent(message);
    if (event === 'unneeded') this.#unneededEvents += 1;
    else if ('problem' in event) this.#logger.warn({ lineId: this.lineId, problem: event.problem }, 'An event of Asterisk is not as expected');
    else this.#tell(this.#watch.translate(event));
  }

  #tell(event: TelephonyEvent | null): void {
    if (event !== null) this.#callAll(this.#eventListeners, event);
  }

  #callAll<T>(listeners: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of listeners) {
      try {
        listener(value);
      } catch (error) {
        this.#logger.error({ lineId: this.lineId, err: error }, 'A listener of the line threw; listeners must not');
      }
    }
  }
}
