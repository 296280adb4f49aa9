import type { SipAccount } from '@centralita/cti-server/contracts';
import { Registerer, RegistererState, TransportState, UserAgent, Web, type Invitation } from 'sip.js';
import { backOffMs } from '#lib/realtime/back-off.ts';

/** A host candidate is found at once; waiting longer for servers that do not answer would delay every answer. */
const iceGatheringTimeoutMs = 400;
const pingEveryMs = 4000;
/** A sign of life that takes longer is taken for lost, and the next one is asked for. */
const pingLostAfterMs = 6000;
/** So does a registration: a switch that is just starting takes the question and never answers it. */
const registrationLostAfterMs = 3000;
/** A connection on which nothing has come back for so long is dead, though the browser still believes in it: a laptop that slept, a network that changed. */
const deadAfterMs = 14_000;
/** Leaving the switch waits no longer for its answer. */
const closePatienceMs = 1500;

export interface ConnectionEvents {
  invite(invitation: Invitation): void;
  registered(registered: boolean): void;
  /** The switch answered a request after this time. */
  roundTrip(ms: number): void;
  /** The switch does not take this account (any more): a new one is needed. */
  accountRefused(): void;
}

/** Where the browser reaches the switch: the account names an address, or a path on the console's own origin. */
export function webSocketAddress(url: string, page: { protocol: string; host: string }): string {
  if (/^wss?:/.test(url)) return url;
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}${url.startsWith('/') ? '' : '/'}${url}`;
}

/**
 * The registration of this browser at the switch. Connects, registers, asks the switch for a sign of life every few seconds, and after any
 * loss begins again, for ever, until closed. Calls in progress stay: their sound travels on its own way.
 */
export class SipConnection {
  readonly #events: ConnectionEvents;
  readonly #agent: UserAgent;
  #registerer: Registerer | null = null;
  #closed = false;
  #attempt = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #registrationAskedAtMs: number | null = null;
  /** When the sign of life was asked for that has not come yet. */
  #pingAskedAtMs: number | null = null;
  /** Since when nothing has come back, though it was asked for. */
  #silentSinceMs: number | null = null;
  readonly #pingTimer: ReturnType<typeof setInterval>;
  #registered = false;

  constructor(account: SipAccount, openMicrophone: () => Promise<MediaStream>, events: ConnectionEvents) {
    this.#events = events;
    const uri = UserAgent.makeURI(`sip:${account.endpoint}@${account.domain}`);
    if (uri === undefined) throw new Error(`The server gave a SIP address that cannot be read: ${account.endpoint}@${account.domain}`);
    const iceServers = account.iceServers.map((server) => ({
      urls: server.urls,
      ...(server.username === undefined ? {} : { username: server.username }),
      ...(server.credential === undefined ? {} : { credential: server.credential }),
    }));
    this.#agent = new UserAgent({
      uri,
      authorizationUsername: account.endpoint,
      authorizationPassword: account.password,
      transportOptions: { server: webSocketAddress(account.webSocketUrl, location), connectionTimeout: 5 },
      sessionDescriptionHandlerFactory: Web.defaultSessionDescriptionHandlerFactory(openMicrophone),
      sessionDescriptionHandlerFactoryOptions: { iceGatheringTimeout: iceGatheringTimeoutMs, peerConnectionConfiguration: { iceServers, bundlePolicy: 'max-bundle' } },
      gracefulShutdown: false, // a reload must not unregister after the new page has registered
      noAnswerTimeout: 180, // the server decides how long it rings
      logBuiltinEnabled: false,
      delegate: {
        onInvite: (invitation) => events.invite(invitation),
        onConnect: () => this.#register(),
        onDisconnect: () => {
          this.#forgetQuestions();
          this.#setRegistered(false);
          this.#again();
        },
      },
    });
    this.#pingTimer = setInterval(() => this.ping(), pingEveryMs);
    this.#connect();
  }

  get registered(): boolean {
    return this.#registered;
  }

  #setRegistered(registered: boolean): void {
    if (this.#registered === registered || (this.#closed && registered)) return;
    this.#registered = registered;
    this.#events.registered(registered);
    if (registered) this.ping();
  }

  #connect(): void {
    if (this.#closed || this.#agent.transport.state === TransportState.Connecting) return;
    const started = this.#agent.state === 'Started' ? this.#agent.reconnect() : this.#agent.start();
    // `onDisconnect` is only told of a connection that was up once; one that never came up ends here.
    started.catch(() => this.#again());
  }

  /**
   * What was asked over a connection that is gone is never answered, but sip.js waits half a minute for it and registers nothing meanwhile:
   * the next connection begins with questions of its own.
   */
  #forgetQuestions(): void {
    this.#pingAskedAtMs = null;
    this.#silentSinceMs = null;
    this.#forgetRegistration();
  }

  #forgetRegistration(): void {
    this.#registrationAskedAtMs = null;
    void this.#registerer?.dispose();
    this.#registerer = null;
  }

  #newRegisterer(): Registerer {
    // Sixty seconds: a switch that was restarted and forgot us learns of us again within a minute at worst; the ping finds it sooner.
    const registerer = new Registerer(this.#agent, { expires: 60, refreshFrequency: 75 });
    registerer.stateChange.addListener((state) => {
      if (registerer === this.#registerer) this.#setRegistered(state === RegistererState.Registered);
    });
    return registerer;
  }

  #register(): void {
    if (this.#closed) return;
    const asked = performance.now();
    if (this.#registrationAskedAtMs !== null) {
      if (asked - this.#registrationAskedAtMs < registrationLostAfterMs) {
        this.#again();
        return;
      }
      this.#forgetRegistration();
    }
    this.#registrationAskedAtMs = asked;
    const registerer = (this.#registerer ??= this.#newRegisterer());
    registerer
      .register({
        requestDelegate: {
          onAccept: () => {
            if (registerer !== this.#registerer) return;
            this.#registrationAskedAtMs = null;
            this.#attempt = 0;
            this.#setRegistered(true);
          },
          onReject: (response) => {
            if (registerer !== this.#registerer) return;
            this.#registrationAskedAtMs = null;
            this.#setRegistered(false);
            const status = response.message.statusCode ?? 0;
            if (status === 401 || status === 403 || status === 404) this.#events.accountRefused();
            else this.#again();
          },
        },
      })
      .catch(() => this.#again()); // a refresh of its own is still on its way
  }

  #again(): void {
    if (this.#closed || this.#retry !== undefined) return; // whoever asks again must not put off what is to come
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      if (this.#agent.isConnected()) this.#register();
      else this.#connect();
    }, backOffMs(this.#attempt++, Math.random()));
  }

  /** Asks the switch for a sign of life. Any answer counts: it came from the switch. */
  ping(): void {
    if (this.#closed || !this.#agent.isConnected()) return;
    const asked = performance.now();
    if (this.#pingAskedAtMs !== null && asked - this.#pingAskedAtMs < pingLostAfterMs) return;
    if (this.#silentSinceMs !== null && asked - this.#silentSinceMs > deadAfterMs) {
      this.#silentSinceMs = null;
      this.#agent.transport.disconnect().catch(() => this.#again()); // `onDisconnect` connects again
      return;
    }
    this.#silentSinceMs ??= asked;
    this.#pingAskedAtMs = asked;
    const core = this.#agent.userAgentCore;
    const self = this.#agent.configuration.uri;
    const answered = (status: number | undefined, transportFailed: boolean): void => {
      if (this.#pingAskedAtMs === asked) this.#pingAskedAtMs = null;
      if (transportFailed) return;
      this.#silentSinceMs = null;
      this.#events.roundTrip(performance.now() - asked);
      // The switch is there, but does not know us any more: it was restarted.
      if (!this.#registered && status !== undefined) this.#again();
    };
    const target = self.clone();
    core.request(core.makeOutgoingRequestMessage('OPTIONS', target, self, self, {}), {
      onAccept: (response) => answered(response.message.statusCode, false),
      onRedirect: (response) => answered(response.message.statusCode, false),
      // sip.js itself makes up a 408 or 503 when nothing came back.
      onReject: (response) => answered(response.message.statusCode, response.message.statusCode === 408 || response.message.statusCode === 503),
    });
  }

  /** Looks at once: the network came back, the page is visible again. */
  hurry(): void {
    if (this.#closed) return;
    if (this.#agent.isConnected()) {
      this.ping();
      return;
    }
    this.#attempt = 0;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#connect();
  }

  /** Leaves the switch. Calls that are still up are ended by their owner before. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#pingTimer);
    const wasRegistered = this.#registered;
    this.#registered = false;
    if (wasRegistered) this.#events.registered(false);
    // Already gone is as good; and a switch that does not answer the farewell keeps nobody waiting.
    await Promise.race([this.#agent.stop().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, closePatienceMs))]);
  }
}
