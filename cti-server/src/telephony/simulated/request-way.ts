/** The way of requests to the simulated switch and of their answers back, with the time it takes and what goes wrong on it. */
import type { Clock } from '../../platform/clock.ts';
import type { Outcome } from '../port.ts';
import type { RequestFaults, RequestName } from './faults.ts';

export class RequestWay {
  readonly #clock: Clock;
  readonly #faults: RequestFaults;
  readonly #requestMs: number;
  readonly #underWay = new Set<() => void>();

  constructor(clock: Clock, faults: RequestFaults, requestMs: number) {
    this.#clock = clock;
    this.#faults = faults;
    this.#requestMs = requestMs;
  }

  /** Requests that are under way are lost; whoever asked does not know what became of them. */
  cut(): void {
    for (const abandon of [...this.#underWay]) abandon();
  }

  /** Lets the switch act, unless a fault comes between. `act` answers why it refused, or null. */
  async carry(name: RequestName, act: () => string | null): Promise<Outcome> {
    const fault = this.#faults.take(name);
    if (fault?.outcome === 'unavailable') return { outcome: 'unavailable', reason: 'simulated' };
    if ((await this.#travel()) === 'lost') return { outcome: 'unknown', reason: 'the connection was lost before an answer came' };
    if (fault?.outcome === 'rejected') return { outcome: 'rejected', reason: 'simulated' };
    if (fault?.outcome === 'unknown' && !fault.happens) return { outcome: 'unknown', reason: 'simulated' };
    const refusal = act();
    if (fault?.outcome === 'unknown') return { outcome: 'unknown', reason: 'simulated' };
    return refusal === null ? { outcome: 'ok', value: undefined } : { outcome: 'rejected', reason: refusal };
  }

  #travel(): Promise<'there' | 'lost'> {
    return new Promise((resolve) => {
      const settle = (what: 'there' | 'lost'): void => {
        this.#underWay.delete(abandon);
        timer?.cancel();
        resolve(what);
      };
      const abandon = (): void => settle('lost');
      this.#underWay.add(abandon);
      const timer = this.#requestMs > 0 ? this.#clock.setTimer(this.#requestMs, () => settle('there')) : null;
      if (timer === null) settle('there');
    });
  }
}
