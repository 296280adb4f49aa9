import { sipAccount } from '@centralita/cti-server/contracts';
import type { Invitation } from 'sip.js';
import { post } from '#lib/api/index.ts';
import { backOffMs } from '#lib/realtime/back-off.ts';
import { SipConnection } from './sip-connection.ts';

/** Whoever waits for the registration waits no longer than this. */
const registerPatienceMs = 3000;

export interface LineEvents {
  openMicrophone(): Promise<MediaStream>;
  invited(invitation: Invitation): void;
  /** Registered or not any more, or the switch has just answered. */
  changed(): void;
  /** The switch does not take the account: a new one is needed. */
  accountRefused(): void;
  /** No account could be had; to be tried again after the given pause. */
  failed(pauseMs: number): void;
}

/** This session's account at the switch and the connection that uses it. */
export class SwitchLine {
  registered = $state(false);
  /** The last answer of the switch took this long. */
  roundTripMs = $state<number | null>(null);
  readonly #events: LineEvents;
  #connection: SipConnection | null = null;
  #connecting: Promise<void> | null = null;
  #answeredAtMs: number | null = null;
  #attempt = 0;

  constructor(events: LineEvents) {
    this.#events = events;
  }

  get open(): boolean {
    return this.#connection !== null;
  }

  /** How long ago the switch answered; null: never. */
  get answeredAgoMs(): number | null {
    return this.#answeredAtMs === null ? null : performance.now() - this.#answeredAtMs;
  }

  /** The pause before the next attempt; longer with each one that failed. */
  nextPauseMs(): number {
    return backOffMs(this.#attempt++, Math.random(), 300, 10_000);
  }

  /** Connects to the switch. Resolves when registered, or when it takes so long that there is no point in waiting. */
  connect(): Promise<void> {
    if (this.#connection !== null) return Promise.resolve();
    this.#connecting ??= this.#connectOnce().finally(() => (this.#connecting = null));
    return this.#connecting;
  }

  async #connectOnce(): Promise<void> {
    try {
      const account = await post('/api/agent/sip-account', {}, { schema: sipAccount, repeatable: true });
      await new Promise<void>((resolve) => {
        setTimeout(resolve, registerPatienceMs);
        this.#connection = new SipConnection(account, () => this.#events.openMicrophone(), {
          invite: (invitation) => this.#events.invited(invitation),
          registered: (registered) => {
            this.registered = registered;
            if (registered) this.#attempt = 0;
            this.#events.changed();
          },
          roundTrip: (ms) => {
            this.#answeredAtMs = performance.now();
            this.roundTripMs = Math.round(ms);
            resolve();
            this.#events.changed();
          },
          accountRefused: () => this.#events.accountRefused(),
        });
      });
    } catch {
      this.#events.failed(this.nextPauseMs());
    }
  }

  /** Leaves the switch. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close();
  }

  ping(): void {
    this.#connection?.ping();
  }

  /** Looks at once: the network came back, the page is visible again. */
  hurry(): void {
    this.#connection?.hurry();
  }
}
