import type { Desk, LeaseAnswer } from '@centralita/cti-server/contracts';
import type { Invitation } from 'sip.js';
import { session } from '#lib/access/session.svelte.ts';
import { desk } from '#lib/calls/desk.svelte.ts';
import { realtime } from '#lib/realtime/connection.svelte.ts';
import type { MicrophonePlace } from './claim-rules.ts';
import { devices } from './devices.svelte.ts';
import { receive } from './invite-rules.ts';
import { shouldRejoin } from './rejoin-rules.ts';
import { RemoteControl, type RemoteCommand } from './remote-control.ts';
import { Ringer } from './ringer.ts';
import { Seat } from './seat.svelte.ts';
import { SipCall } from './sip-call.svelte.ts';
import { SwitchLine } from './switch-line.svelte.ts';

/** The ring waits for the screen-pop, but not longer than this. */
const ringAtLatestMs = 500;
/** An INVITE whose call the desk does not know by then is not ours. */
const unknownInviteMs = 6000;
/** With the way of the sound broken for so long, the browser asks to be called back into the call. Silence alone is no reason: some trunks send nothing while nobody speaks. */
const brokenUntilRejoinMs = 4000;

export const ringer = new Ringer();

/** The telephone in this tab: decides who has the microphone, keeps the registration, answers and comes back into calls. */
class Softphone {
  call = $state.raw<SipCall | null>(null);
  /** The microphone's tab, as it told us; only where this tab is a remote control. */
  remote = $state.raw<{ muted: boolean; registered: boolean; liveCallIds: string[] } | null>(null);
  soundBlocked = $state(false);

  readonly #seat = new Seat(
    (place) => this.#sit(place),
    () => this.#line.connect(),
  );
  readonly #line = new SwitchLine({
    openMicrophone: () => this.#microphone(),
    invited: (invitation) => this.#invited(invitation),
    changed: () => {
      this.#tell();
      this.#tend();
    },
    accountRefused: () => void this.#renewAccount(),
    failed: (pauseMs) => setTimeout(() => this.#seat.settle(), pauseMs),
  });
  #remoteControl = new RemoteControl((command) => this.#obey(command));
  #lostAtMs: number | null = null;
  #rejoinAskedAtMs: number | null = null;
  #rejoinAsked = 0;
  #rejoinCallId: string | null = null;
  #renderedCallId: string | null = null;
  #renewalWaits = false;
  /** Answered before the switch's call had reached this browser. */
  #answerAsSoonAs: string | null = null;
  #prepared: MediaStream | null = null;

  async start(): Promise<void> {
    await this.#seat.start();
    realtime.answerLease(() => this.#lease());
    session.onSignedInAgain(() => void this.#renewAccount());
    desk.watch((now) => this.#follow(now));
    this.#remoteControl.send({ kind: 'ask' });
    setInterval(() => this.#tend(), 500);
    window.addEventListener('online', () => this.#line.hurry());
    document.addEventListener('visibilitychange', () => this.#line.hurry());
    window.addEventListener('beforeunload', (event) => {
      if (this.call?.state === 'up') event.preventDefault(); // the browser asks in its own words
    });
    // Told at once, the customer hears music while the page loads again instead of silence.
    window.addEventListener('pagehide', () => this.call?.drop());
    window.addEventListener('pointerdown', () => void this.unlockSound(), { once: true });
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.call?.useSpeaker(devices.choice.speakerId));
  }

  get place(): MicrophonePlace {
    return this.#seat.place;
  }

  get registered(): boolean {
    return this.#line.registered;
  }

  get roundTripMs(): number | null {
    return this.#line.roundTripMs;
  }

  get wanted(): boolean {
    return this.#seat.wanted;
  }

  get hasMicrophone(): boolean {
    return this.place === 'here';
  }

  /** This tab, or the tab that it controls, hears the call. */
  hears(callId: string): boolean {
    return this.call?.callId === callId && this.call.state === 'up' ? true : this.place === 'otherTab' && (this.remote?.liveCallIds.includes(callId) ?? false);
  }

  get muted(): boolean {
    return this.place === 'otherTab' ? (this.remote?.muted ?? false) : (this.call?.muted ?? false);
  }

  #follow(now: Desk): void {
    const live = desk.liveCall;
    if (this.#rejoinCallId !== (live?.id ?? null)) {
      this.#rejoinCallId = live?.id ?? null;
      this.#rejoinAsked = 0;
      this.#rejoinAskedAtMs = null;
      this.#lostAtMs = null;
    }
    this.#seat.follow(now);
    this.#judgeInvite();
    this.#tend();
  }

  #sit(place: MicrophonePlace): void {
    if (place === 'here') {
      void this.#line.connect().then(() => this.#tell());
      if (!ringer.unlocked) void this.unlockSound(); // a page that was only reloaded may have lost the right to make a sound
    }
    if (place === 'otherTab' || place === 'elsewhere' || place === 'deskPhone') void this.#letGo();
  }

  /** Begins to take calls in this tab. */
  async startShift(): Promise<void> {
    await this.#seat.claim(this.place === 'otherTab' || this.place === 'elsewhere');
  }

  /** Moves the microphone, and a call in progress with it, to this tab. */
  takeOver(): Promise<void> {
    return this.#seat.claim(true);
  }

  useDeskPhone(): Promise<void> {
    return this.#seat.useDeskPhone();
  }

  /** Takes a new account and tells the server. Not while somebody talks over the old one: the call would be cut, and it needs no account. */
  async #renewAccount(): Promise<void> {
    this.#renewalWaits = this.call?.state === 'up';
    if (this.#renewalWaits || !this.#line.open) return;
    await this.#line.close();
    setTimeout(() => void this.#seat.claim(false), this.#line.nextPauseMs());
  }

  async #letGo(): Promise<void> {
    if (!this.#line.open) return;
    this.call?.drop();
    ringer.stop();
    await this.#line.close();
  }

  #invited(invitation: Invitation): void {
    const callId = invitation.request.getHeader('X-Centralita-Call') ?? null;
    const asksToPickUp = invitation.request.getHeader('X-Centralita-Auto-Answer') === 'yes';
    if (callId === null) {
      invitation.reject({ statusCode: 403 }).catch(() => undefined); // gone already
      return;
    }
    this.call?.drop(); // an older leg of the same call, or one that is being replaced
    const call = new SipCall(callId, asksToPickUp, invitation, (ended) => this.#callEnded(ended));
    this.call = call;
    this.#judgeInvite();
    setTimeout(() => this.#ring(call), ringAtLatestMs);
    setTimeout(() => {
      if (call.state === 'ringing' && receive(call, desk.now) === 'wait') call.drop();
    }, unknownInviteMs);
  }

  #judgeInvite(): void {
    const { call } = this;
    if (call === null || call.state !== 'ringing') return;
    const reception = receive(call, desk.now);
    if (reception === 'decline') call.drop();
    if (reception === 'pickUp' || (reception === 'ring' && this.#answerAsSoonAs === call.callId)) void this.#pickUp(call).catch(() => undefined); // `devices` shows what is wrong with the microphone
    else if (reception === 'ring' && this.#renderedCallId === call.callId) this.#ring(call);
  }

  /** The screen-pop of this call is on the screen: the ring may sound. */
  popRendered(callId: string): void {
    this.#renderedCallId = callId;
    this.#judgeInvite();
  }

  #ring(call: SipCall): void {
    if (this.call !== call || call.state !== 'ringing' || call.asksToPickUp) return;
    void ringer.useDevice(devices.choice.ringId);
    ringer.start();
    void this.unlockSound();
  }

  async unlockSound(): Promise<void> {
    this.soundBlocked = !(await ringer.unlock());
    await this.call?.play();
  }

  /** Picks up here, or in the tab that has the microphone. Throws when the microphone cannot be opened. */
  async answer(callId: string): Promise<void> {
    if (this.place === 'otherTab') {
      this.#remoteControl.send({ kind: 'answer', callId });
      return;
    }
    ringer.stop();
    const { call } = this;
    if (call?.callId === callId) await this.#pickUp(call);
    else this.#answerAsSoonAs = callId; // the screen was faster than the switch
  }

  async #pickUp(call: SipCall): Promise<void> {
    if (call.state !== 'ringing' || call.pickingUp) return;
    call.pickingUp = true;
    this.#answerAsSoonAs = null;
    try {
      // The microphone first: once the switch is told, there is no way back to ringing.
      this.#prepared = await devices.open();
      await call.accept(devices.choice.speakerId);
    } finally {
      call.pickingUp = false;
      for (const track of this.#prepared?.getTracks() ?? []) track.stop(); // the caller hung up meanwhile
      this.#prepared = null;
    }
    this.#tell();
  }

  #microphone(): Promise<MediaStream> {
    const prepared = this.#prepared;
    this.#prepared = null;
    return prepared === null ? devices.open() : Promise.resolve(prepared);
  }

  /** Gives up this leg of the call; the same rule as after a reload asks the server for a fresh one. */
  reconnectSound(): void {
    this.call?.drop();
  }

  silenceRing(): void {
    ringer.stop();
  }

  toggleMute(): void {
    this.#obey({ kind: 'mute', muted: !this.muted });
    if (this.place === 'otherTab') this.#remoteControl.send({ kind: 'mute', muted: !this.muted });
  }

  sendDigit(digit: string): void {
    if (this.place === 'otherTab') this.#remoteControl.send({ kind: 'digit', digit });
    else this.call?.sendDigit(digit);
  }

  async changeDevices(): Promise<void> {
    const { call } = this;
    await ringer.useDevice(devices.choice.ringId);
    if (call?.state !== 'up') return;
    await call.useSpeaker(devices.choice.speakerId);
    await call.useMicrophone(await devices.open());
  }

  #callEnded(call: SipCall): void {
    if (this.call !== call) return;
    this.call = null;
    this.#lostAtMs = performance.now();
    // answered, and gone before the server knew: it rings again, and can be answered again
    if (desk.pendingAction === 'answer') desk.pendingAction = null;
    ringer.stop();
    this.#tell();
    if (this.#renewalWaits) void this.#renewAccount();
  }

  /** Twice a second: what no event will tell. */
  #tend(): void {
    const now = desk.now;
    const { call } = this;
    if (call !== null && call.state !== 'ringing') ringer.stop();
    const live = desk.liveCall;
    // The server ended the call, but the switch could not tell this browser: nobody is on the line any more.
    if (call !== null && now !== null && call.state === 'up' && realtime.connected && live?.id !== call.callId) {
      if (call.deskForgotAtMs === null) call.deskForgotAtMs = performance.now();
      else if (performance.now() - call.deskForgotAtMs > 3000) call.drop();
    }
    if (call?.state === 'up' && live?.id === call.callId) {
      call.deskForgotAtMs = null;
      if (live.state !== 'talking') call.forgetSilence();
      else if ((call.report?.brokenMs ?? 0) > brokenUntilRejoinMs) this.reconnectSound();
    }
    const here = call === null ? [] : [call.callId];
    const facts = { desk: now, tabId: this.#seat.tabId, hasMicrophone: this.#seat.settled, registered: this.registered, hereCallIds: here };
    if (shouldRejoin({ ...facts, lostAtMs: this.#lostAtMs, lastAskedAtMs: this.#rejoinAskedAtMs, asked: this.#rejoinAsked, nowMs: performance.now() }) && live !== null) {
      this.#rejoinAskedAtMs = performance.now();
      this.#rejoinAsked++;
      void desk.act('rejoin', live.id).catch(() => undefined); // asked again by the same rule while the call goes on without us
    }
  }

  #lease(): LeaseAnswer {
    // A hidden tab's timers sleep; the server's question wakes us, so the sign of life is asked for here as well.
    this.#line.ping();
    const liveCallIds = this.call?.state === 'up' ? [this.call.callId] : [];
    return { tabId: this.#seat.tabId, hasMicrophone: this.hasMicrophone, registered: this.registered, sipRoundTripAgoMs: this.#line.answeredAgoMs, liveCallIds };
  }

  #obey(command: RemoteCommand): void {
    if (command.kind === 'state') {
      this.#seat.neighbourTabId = command.tabId;
      if (!this.hasMicrophone) this.remote = command;
      return;
    }
    if (!this.hasMicrophone) return;
    if (command.kind === 'answer') void this.answer(command.callId).catch(() => undefined); // this tab shows the microphone's fault
    else if (command.kind === 'mute') this.call?.mute(command.muted);
    else if (command.kind === 'digit') this.call?.sendDigit(command.digit);
    this.#tell();
  }

  #tell(): void {
    if (!this.hasMicrophone) return;
    this.#remoteControl.send({ kind: 'state', tabId: this.#seat.tabId, muted: this.call?.muted ?? false, registered: this.registered, liveCallIds: this.call?.state === 'up' ? [this.call.callId] : [] });
  }
}

export const softphone = new Softphone();
