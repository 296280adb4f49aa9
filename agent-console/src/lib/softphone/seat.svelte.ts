import type { Desk } from '@centralita/cti-server/contracts';
import { post } from '#lib/api/index.ts';
import { desk } from '#lib/calls/desk.svelte.ts';
import { placeOfMicrophone, type MicrophonePlace } from './claim-rules.ts';
import { MicrophoneLock } from './microphone-lock.ts';
import { ownTabId } from './tab-id.ts';

/** A claim that failed is tried again after this; the server may be restarting. */
const claimPauseMs = 3000;

/** Which tab or device of the agent has the microphone, and how this tab gets it. */
export class Seat {
  place = $state<MicrophonePlace>('free');
  /** The agent works in this tab: it started the shift here, or came back to a running one. */
  wanted = $state(false);
  tabId = '';
  /** The tab of this browser that had the microphone when it last said so. */
  neighbourTabId: string | null = null;
  readonly #onPlace: (place: MicrophonePlace) => void;
  readonly #prepare: () => Promise<void>;
  readonly #lock = new MicrophoneLock(() => this.settle());
  #claiming: Promise<void> | null = null;
  #lastState: string | null = null;

  /** `prepare` runs before each claim: the server gives the microphone only to a session with an account at the switch,
   * and a registration that is there already makes the agent reachable at once. */
  constructor(onPlace: (place: MicrophonePlace) => void, prepare: () => Promise<void>) {
    this.#onPlace = onPlace;
    this.#prepare = prepare;
  }

  async start(): Promise<void> {
    this.tabId = await ownTabId();
    await this.#lock.look();
  }

  follow(now: Desk): void {
    const { state } = now.agent.status;
    if (state !== 'offline') this.wanted = true;
    else if (this.#lastState !== null && this.#lastState !== 'offline') this.wanted = false; // the shift ended
    this.#lastState = state;
    this.settle();
  }

  /** Compares where the microphone is with where it should be. */
  settle(): void {
    const agent = desk.now?.agent;
    if (agent === undefined || this.tabId === '') return;
    this.place = placeOfMicrophone(agent, this.tabId, this.#lock.state, this.neighbourTabId);
    if (this.#claiming !== null) return; // half-way, the place says what was, not what will be
    if (this.place === 'elsewhere' || this.place === 'deskPhone') this.#lock.release();
    if (this.place === 'free' && this.wanted) void this.claim(false);
    else this.#onPlace(this.place);
  }

  /** Tells the server that the calls ring in this tab. With `steal`, away from whichever tab or device has them now. */
  async claim(steal: boolean): Promise<void> {
    this.wanted = true;
    if (this.#claiming !== null) {
      await this.#claiming;
      if (!steal || this.place === 'here') return;
    }
    this.#claiming = this.#claimOnce(steal);
    await this.#claiming;
  }

  async #claimOnce(steal: boolean): Promise<void> {
    try {
      if (steal) await this.#lock.steal();
      else if (!(await this.#lock.takeIfFree())) return;
      await this.#prepare();
      desk.take(await post<Desk>('/api/agent/device', { device: 'browser', tabId: this.tabId }, { repeatable: true }));
    } catch {
      await new Promise((resolve) => setTimeout(resolve, claimPauseMs)); // the health of the connection is on the screen already
    } finally {
      this.#claiming = null;
      this.settle();
    }
  }

  /** This tab has the microphone, and the server knows. */
  get settled(): boolean {
    return this.place === 'here' && this.#claiming === null;
  }

  async useDeskPhone(): Promise<void> {
    this.wanted = true;
    desk.take(await post<Desk>('/api/agent/device', { device: 'deskPhone', tabId: this.tabId }, { repeatable: true }));
  }
}
