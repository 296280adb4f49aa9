import { SessionState, Web, type Invitation } from 'sip.js';
import { meterLevel } from './level-meter.ts';
import { reportSound, startWatch, watchSound, type SoundReport, type SoundSample } from './sound-watch.ts';

type Sinkable = HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> };

/** The sound of one call in this browser: microphone out, customer in. */
export class SipCall {
  readonly callId: string;
  readonly asksToPickUp: boolean;
  /** When the desk stopped showing this call; kept by the telephone. */
  deskForgotAtMs: number | null = null;
  pickingUp = $state(false);
  state = $state<'ringing' | 'answering' | 'up' | 'ended'>('ringing');
  muted = $state(false);
  microphoneLevel = $state(0);
  customerLevel = $state(0);
  report = $state.raw<SoundReport | null>(null);
  /** The browser refused to play until the person clicks. */
  playBlocked = $state(false);

  readonly #invitation: Invitation;
  readonly #audio: Sinkable = new Audio();
  readonly #onEnd: (call: SipCall) => void;
  #watch: ReturnType<typeof setInterval> | undefined;
  #sound = startWatch(0);
  #stopMeters: (() => void)[] = [];

  constructor(callId: string, asksToPickUp: boolean, invitation: Invitation, onEnd: (call: SipCall) => void) {
    this.callId = callId;
    this.asksToPickUp = asksToPickUp;
    this.#invitation = invitation;
    this.#onEnd = onEnd;
    invitation.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#established();
      if (state === SessionState.Terminated) this.#ended();
    });
    // The switch told us; telling it that we ring makes its own bookkeeping right.
    if (!asksToPickUp) invitation.progress().catch(() => undefined); // cancelled in the same instant
  }

  get #handler(): Web.SessionDescriptionHandler | null {
    const handler = this.#invitation.sessionDescriptionHandler;
    return handler instanceof Web.SessionDescriptionHandler ? handler : null;
  }

  get #peer(): RTCPeerConnection | null {
    return this.#handler?.peerConnection ?? null;
  }

  async accept(speakerId: string): Promise<void> {
    if (this.state !== 'ringing') return;
    this.state = 'answering';
    await this.useSpeaker(speakerId);
    await this.#invitation.accept();
  }

  #established(): void {
    const handler = this.#handler;
    if (handler === null) return;
    this.state = 'up';
    this.#audio.srcObject = handler.remoteMediaStream;
    this.#audio.autoplay = true;
    void this.play();
    if (this.muted) this.mute(true);
    this.#sound = startWatch(performance.now());
    this.#watch = setInterval(() => void this.#look(), 1000);
    this.#startMeters();
  }

  #startMeters(): void {
    for (const stop of this.#stopMeters) stop();
    const handler = this.#handler;
    if (handler === null) return;
    this.#stopMeters = [meterLevel(handler.localMediaStream, (level) => (this.microphoneLevel = level)), meterLevel(handler.remoteMediaStream, (level) => (this.customerLevel = level))];
  }

  async play(): Promise<void> {
    try {
      await this.#audio.play();
      this.playBlocked = false;
    } catch (error) {
      this.playBlocked = error instanceof DOMException && error.name === 'NotAllowedError';
    }
  }

  async #look(): Promise<void> {
    const peer = this.#peer;
    if (peer === null || this.state !== 'up') return;
    const sample: SoundSample = { atMs: performance.now(), pathUp: peer.connectionState === 'connected', packetsReceived: 0, packetsLost: 0, jitterMs: 0, roundTripMs: null, microphoneLevel: null };
    (await peer.getStats()).forEach((entry: Record<string, unknown> & { type: string }) => {
      if (entry.type === 'inbound-rtp') {
        sample.packetsReceived = Number(entry['packetsReceived'] ?? 0);
        sample.packetsLost = Number(entry['packetsLost'] ?? 0);
        sample.jitterMs = Number(entry['jitter'] ?? 0) * 1000;
      } else if (entry.type === 'media-source' && !this.muted) {
        sample.microphoneLevel = Number(entry['audioLevel'] ?? 0);
      } else if (entry.type === 'candidate-pair' && entry['nominated'] === true && typeof entry['currentRoundTripTime'] === 'number') {
        sample.roundTripMs = entry['currentRoundTripTime'] * 1000;
      }
    });
    this.#sound = watchSound(this.#sound, sample);
    this.report = reportSound(this.#sound, performance.now());
  }

  /** Begins the watch anew: after hold, silence was right. */
  forgetSilence(): void {
    const now = performance.now();
    this.#sound = { ...this.#sound, heardAtMs: now, spokeAtMs: now, pathUpAtMs: now };
    this.report = reportSound(this.#sound, now);
  }

  mute(muted: boolean): void {
    this.muted = muted;
    for (const sender of this.#peer?.getSenders() ?? []) if (sender.track !== null) sender.track.enabled = !muted;
  }

  sendDigit(digit: string): void {
    this.#handler?.sendDtmf(digit, { duration: 120, interToneGap: 60 });
  }

  async useSpeaker(deviceId: string): Promise<void> {
    // A headset that was unplugged: the system's own is better than silence.
    await this.#audio.setSinkId?.(deviceId === 'default' ? '' : deviceId).catch(() => this.#audio.setSinkId?.(''));
  }

  /** Changes the microphone during the call, without a gap for the signalling. */
  async useMicrophone(stream: MediaStream): Promise<void> {
    const track = stream.getAudioTracks()[0];
    const sender = this.#peer?.getSenders().find((candidate) => candidate.track?.kind === 'audio');
    const local = this.#handler?.localMediaStream;
    if (track === undefined || sender === undefined || local === undefined) return;
    const old = sender.track;
    await sender.replaceTrack(track);
    track.enabled = !this.muted;
    if (old !== null) {
      local.removeTrack(old);
      old.stop();
    }
    local.addTrack(track);
    this.#startMeters();
  }

  /** Gives up this browser's part of the call; the customer stays with the server. */
  drop(): void {
    const { state } = this.#invitation;
    const gone = (): undefined => undefined; // it ended by itself in the same instant
    if (state === SessionState.Established) this.#invitation.bye().catch(gone);
    else if (state === SessionState.Initial || state === SessionState.Establishing) this.#invitation.reject({ statusCode: 480 }).catch(gone);
  }

  #ended(): void {
    if (this.state === 'ended') return;
    this.state = 'ended';
    clearInterval(this.#watch);
    for (const stop of this.#stopMeters) stop();
    this.#audio.srcObject = null;
    this.#onEnd(this);
  }
}
