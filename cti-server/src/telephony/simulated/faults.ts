/** What can go wrong between a switch and us, by chance but the same way for the same seed. */
import type { Clock } from '../../platform/clock.ts';
import type { TelephonyEvent, TelephonyPort } from '../port.ts';

/** Chances lie between 0 and 1. */
export interface Faults {
  /** An event never comes. */
  dropEvent?: number;
  /** An event comes again, up to `delayEventMs` later. */
  repeatEvent?: number;
  /** An event comes late, up to `delayEventMs`, and lets later ones pass. */
  delayEvent?: number;
  delayEventMs?: number;
  /** An event changes places with the next one. */
  reorderEvent?: number;
  /** A request is refused by the switch. */
  rejectRequest?: number;
  /** A request does not leave. */
  loseRequest?: number;
  /** A request gets no answer; half of them were carried out all the same. */
  loseAnswer?: number;
}

export type RequestName = {
  [Name in keyof TelephonyPort]: TelephonyPort[Name] extends (...args: never[]) => Promise<{ outcome: string }> ? Name : never;
}[keyof TelephonyPort];

/** How one request is to fail. `unknown` says whether the switch carries it out. */
export type RequestFault = { outcome: 'rejected' } | { outcome: 'unavailable' } | { outcome: 'unknown'; happens: boolean };

/** Numbers between 0 and 1, the same row for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Decides for each request whether and how it fails: first those that were asked for by name, then by chance. */
export class RequestFaults {
  readonly #random: () => number;
  readonly #next = new Map<RequestName, RequestFault[]>();
  faults: Faults;

  constructor(faults: Faults, random: () => number) {
    this.faults = faults;
    this.#random = random;
  }

  failNext(request: RequestName, fault: RequestFault): void {
    this.#next.set(request, [...(this.#next.get(request) ?? []), fault]);
  }

  take(request: RequestName): RequestFault | null {
    const asked = this.#next.get(request)?.shift();
    if (asked !== undefined) return asked;
    const { rejectRequest = 0, loseRequest = 0, loseAnswer = 0 } = this.faults;
    if (rejectRequest + loseRequest + loseAnswer === 0) return null;
    const drawn = this.#random();
    if (drawn < rejectRequest) return { outcome: 'rejected' };
    if (drawn < rejectRequest + loseRequest) return { outcome: 'unavailable' };
    if (drawn < rejectRequest + loseRequest + loseAnswer) return { outcome: 'unknown', happens: this.#random() < 0.5 };
    return null;
  }
}

/** How long an event that waits to change places waits at most for a next one. */
const reorderPatienceMs = 500;

/** The way of events from the switch to the listeners, with what goes wrong on it. */
export class EventWire {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #tell: (event: TelephonyEvent) => void;
  #queue: TelephonyEvent[] = [];
  #telling = false;
  #held: TelephonyEvent | null = null;
  /** Raised when the socket is lost, so that what was under way does not arrive on the next one. */
  #socketNumber = 0;
  faults: Faults;

  constructor(clock: Clock, faults: Faults, random: () => number, tell: (event: TelephonyEvent) => void) {
    this.#clock = clock;
    this.faults = faults;
    this.#random = random;
    this.#tell = tell;
  }

  /** Events that are under way are lost. */
  cut(): void {
    this.#socketNumber += 1;
    this.#held = null;
    this.#queue = [];
  }

  send(event: TelephonyEvent): void {
    const { dropEvent = 0, repeatEvent = 0, delayEvent = 0, reorderEvent = 0 } = this.faults;
    if (dropEvent > 0 && this.#random() < dropEvent) return;
    if (repeatEvent > 0 && this.#random() < repeatEvent) this.#later(event);
    if (delayEvent > 0 && this.#random() < delayEvent) {
      this.#later(event);
      return;
    }
    if (reorderEvent > 0 && this.#held === null && this.#random() < reorderEvent) {
      this.#held = event;
      this.#after(reorderPatienceMs, () => this.#release(event));
      return;
    }
    this.#deliver(event);
    if (this.#held !== null) this.#release(this.#held);
  }

  /** One event at a time: what a listener causes is told after what it is being told. */
  #deliver(event: TelephonyEvent): void {
    this.#queue.push(event);
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#tell(next);
    } finally {
      this.#telling = false;
    }
  }

  #release(event: TelephonyEvent): void {
    if (this.#held !== event) return;
    this.#held = null;
    this.#deliver(event);
  }

  #later(event: TelephonyEvent): void {
    this.#after(Math.ceil(this.#random() * (this.faults.delayEventMs ?? 1_000)), () => this.#deliver(event));
  }

  #after(ms: number, run: () => void): void {
    const socketNumber = this.#socketNumber;
    this.#clock.setTimer(ms, () => {
      if (socketNumber === this.#socketNumber) run();
    });
  }
}
