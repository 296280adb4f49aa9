/**
 * The telephony port: everything the product may ask of a phone line, in our words.
 *
 * A *leg* is one party's connection (customer, agent, ...). A *room* is where legs hear each other. A *line* is one Asterisk node or one
 * provider account; ids of legs and rooms are only meaningful on their line. Adapters translate; they decide nothing.
 *
 * Every request answers with an {@link Outcome}. `unknown` means that the switch may or may not have done it: look with {@link
 * TelephonyPort.alive}, never repeat blindly. Requests are idempotent where the switch allows: hanging up a leg that is gone is `ok`.
 */

export type LegId = string;
export type RoomId = string;
export type LineId = string;

export type Outcome<T = undefined> =
  | { outcome: 'ok'; value: T }
  /** The switch said no; nothing happened. */
  | { outcome: 'rejected'; reason: string }
  /** The switch could not be reached; nothing was sent. */
  | { outcome: 'unavailable'; reason: string }
  /** Sent, but no answer came: it may have happened. */
  | { outcome: 'unknown'; reason: string };

/** Languages that prompts are spoken in. */
export type PromptLanguage = 'es' | 'en' | 'zh-CN' | 'zh-TW';

/** Recorded sentences that every line can speak in every language. */
export type PromptName =
  | 'welcome'
  | 'allAgentsBusy'
  | 'youAreNext'
  | 'yourPositionIs'
  | 'numberNotInService'
  | 'closedNow'
  | 'callLater'
  | 'leaveMessage'
  | 'weCallBack'
  | 'waitIsAboutAMinute'
  | 'waitIsAbout'
  | 'waitIsMoreThan'
  | 'minutes'
  | 'demoCaller';

export type Prompt =
  | { kind: 'sentence'; name: PromptName }
  /** A whole number, 1 to 99. */
  | { kind: 'number'; value: number }
  /** A sound of the house: spoken from somebody's words, or uploaded. */
  | { kind: 'sound'; soundId: string }
  /** What a caller hears while the other end rings; goes on until it is stopped. */
  | { kind: 'ringing' };

export type LegAddress =
  /** A SIP endpoint that registers at the switch: a browser or a desk phone. */
  | { kind: 'endpoint'; endpoint: string }
  /** A telephone number reached through the line's trunk. */
  | { kind: 'number'; number: string };

export interface PlaceLegRequest {
  /** Chosen by us, saved before asking. Must be unique for ever. */
  legId: LegId;
  /** Told to the far end as the header X-Centralita-Call, so that a softphone can join ring and screen-pop. */
  callId: string;
  to: LegAddress;
  callerNumber: string;
  callerName: string;
  ringTimeoutSeconds: number;
  /** Asks the device to pick up by itself: an agent coming back to a call in progress. */
  autoAnswer: boolean;
}

export interface PlayRequest {
  /** Chosen by us; comes back in `playbackEnded`. */
  playbackId: string;
  legId: LegId;
  prompts: readonly Prompt[];
  language: PromptLanguage;
}

export interface RecordRequest {
  /** Chosen by us, so that what a dead server left behind tells whose it is. Letters, digits and hyphens; unique for ever. */
  recordingId: string;
  legId: LegId;
  /** The recording ends by itself after this long, or once the leg was silent for `silenceSeconds`; 0: silence does not end it. */
  maxSeconds: number;
  silenceSeconds: number;
  /** A tone says when to begin. */
  beep: boolean;
  /** Keys that end it; they are told as `digitPressed` too. */
  stopKeys: 'none' | 'any' | '#' | '*';
}

/** The sound of a recording, as a file that browsers play. */
export interface RecordedSound {
  mediaType: 'audio/wav';
  bytes: Uint8Array;
}

export interface EndpointRequest {
  endpoint: string;
  device: 'browser' | 'deskPhone';
  /** The SIP password in clear; the adapter hands it to the switch and keeps nothing. Empty when `passwordDigest` is given. */
  password: string;
  /**
   * Instead of the password: MD5 of `endpoint:realm:password` in hexadecimal, as SIP's digest authentication wants it. It lets an account
   * be handed to a fresh switch without the password being kept anywhere.
   */
  passwordDigest?: { realm: string; md5: string };
  displayName: string;
}

export type LegEndCause = 'normal' | 'busy' | 'noAnswer' | 'refused' | 'unreachable' | 'congestion' | 'failed' | 'unknown';

export type TelephonyEvent = { atMs: number } & (
  /** A call from the outside entered. `legId` is the switch's own name for it. Not yet answered unless `answered`. */
  | { kind: 'legArrived'; legId: LegId; fromNumber: string; fromName: string; toNumber: string; answered: boolean }
  | { kind: 'legRinging'; legId: LegId }
  /** A leg that we placed was picked up. Callers whom we answer raise no event. */
  | { kind: 'legAnswered'; legId: LegId }
  /** `reason`: the carrier's own word, for people. */
  | { kind: 'legEnded'; legId: LegId; cause: LegEndCause; reason?: string }
  | { kind: 'digitPressed'; legId: LegId; digit: string }
  | { kind: 'playbackEnded'; playbackId: string; legId: LegId; completed: boolean }
  /** Once for each recording that began. `failed`: there is nothing to fetch. */
  | { kind: 'recordingEnded'; recordingId: string; legId: LegId; seconds: number; reason: 'finished' | 'stopped' | 'failed' }
  | { kind: 'endpointPresent'; endpoint: string }
  | { kind: 'endpointGone'; endpoint: string }
);

export interface AliveLeg {
  legId: LegId;
  state: 'ringing' | 'up';
  fromNumber: string;
  fromName: string;
  toNumber: string;
  roomId: RoomId | null;
  /** True for a call from the outside, false for a leg that we placed. */
  arrived: boolean;
  createdAtMs: number;
}

export interface Alive {
  legs: AliveLeg[];
  rooms: { roomId: RoomId; legIds: LegId[] }[];
  /** Endpoints with at least one registered contact. */
  presentEndpoints: string[];
  /** When the switch itself was started: another value than before means that every earlier call is gone. */
  switchStartedAtMs: number;
}

/** What the adapter tells of its connection. `gap` says that events may have been missed: compare with {@link TelephonyPort.alive}. */
export type LineStatus =
  | { state: 'connecting'; sinceMs: number; reason: string }
  | { state: 'connected'; sinceMs: number }
  /** Another server took over this line: stop acting on it. */
  | { state: 'replaced'; sinceMs: number };

export interface TelephonyPort {
  readonly lineId: LineId;
  /** Begins to connect and goes on for ever; returns at once, with or without the switch. */
  start(): void;
  /** Lets go of the line. Calls in progress live on. */
  stop(): Promise<void>;
  status(): LineStatus;

  /** Listeners are called in order of events, one event at a time; they must not throw. Subscribe before `start`. */
  onEvent(listener: (event: TelephonyEvent) => void): () => void;
  /** Called after each (re)connection, before any newer event is told. */
  onGap(listener: () => void): () => void;
  onStatus(listener: (status: LineStatus) => void): () => void;

  placeLeg(request: PlaceLegRequest): Promise<Outcome>;
  answer(legId: LegId): Promise<Outcome>;
  /** Ends the leg; `ok` when it is gone already. */
  hangUp(legId: LegId, cause: 'normal' | 'busy' | 'congestion'): Promise<Outcome>;

  /** Makes the room if it is not there yet. A room that ended is not made anew under its old name: give each a name of its own. */
  createRoom(roomId: RoomId): Promise<Outcome>;
  /** Ends the room and leaves its legs alive, alone. `ok` when it is gone already. */
  destroyRoom(roomId: RoomId): Promise<Outcome>;
  /** Puts legs into the room, out of any other that they are in. A leg that still rings is rejected. */
  join(roomId: RoomId, legIds: readonly LegId[]): Promise<Outcome>;
  /** Takes the leg out; `ok` when it was not in there, or is gone. */
  leave(roomId: RoomId, legId: LegId): Promise<Outcome>;

  /** Music until `stopMusic`; stop it before the leg joins a room. Stopping is `ok` when there is none, or no leg. */
  startMusic(legId: LegId): Promise<Outcome>;
  stopMusic(legId: LegId): Promise<Outcome>;
  play(request: PlayRequest): Promise<Outcome>;
  stopPlaying(playbackId: string): Promise<Outcome>;

  /** Records what one leg says into a file that the switch keeps until it is dropped. The end is told by `recordingEnded`, also when the leg ends. */
  record(request: RecordRequest): Promise<Outcome>;
  /** Ends the recording and keeps it; `ok` when it has ended. */
  stopRecording(recordingId: string): Promise<Outcome>;
  /** Names of the recordings that the switch holds, with or without one that still goes on. */
  storedRecordings(): Promise<Outcome<string[]>>;
  /** `rejected`: the switch has no such recording. */
  fetchRecording(recordingId: string): Promise<Outcome<RecordedSound>>;
  /** Deletes it from the switch; `ok` when it is gone already. */
  dropRecording(recordingId: string): Promise<Outcome>;

  /** Makes or replaces a SIP account. */
  provisionEndpoint(request: EndpointRequest): Promise<Outcome>;
  removeEndpoint(endpoint: string): Promise<Outcome>;

  /**
   * Lets the switch itself ring one of its own numbers from the outside, with a voice to hear: demos and self-tests.
   * The call arrives like any other through `legArrived`.
   */
  dialIn(request: { fromNumber: string; fromName: string; toNumber: string; language: PromptLanguage }): Promise<Outcome>;

  alive(): Promise<Outcome<Alive>>;
}
