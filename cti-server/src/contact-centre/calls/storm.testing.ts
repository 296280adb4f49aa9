import type { Caller, House } from '../../app.testing.ts';
import { Console } from '../../console.testing.ts';
import type { OnRing } from '../../telephony/simulated/index.ts';

/** A row of chances that is the same for the same seed. */
export interface Chance {
  /** A whole number from `least` to `most`. */
  between(least: number, most: number): number;
  happens(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
}

export function chanceOf(random: () => number): Chance {
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1));
  return {
    between,
    happens: (probability) => random() < probability,
    pick: (choices) => {
      const picked = choices[between(0, choices.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
}

const onRing = (chance: Chance): OnRing =>
  chance.pick<OnRing>([
    { kind: 'answers', afterMs: chance.between(1, 60) },
    { kind: 'answers', afterMs: chance.between(50, 900) },
    { kind: 'answers', afterMs: chance.between(50, 2_500) },
    { kind: 'refuses', afterMs: chance.between(1, 1_500) },
    { kind: 'never' },
    { kind: 'busy' },
  ]);

/** Whoever acts at random is told no at times, and presses again. Anything but a plain refusal is not expected. */
async function tries(console: Console, path: string, body?: unknown): Promise<boolean> {
  const answer = await console.ask('POST', path, body);
  if (answer.status >= 500 && answer.status !== 503) throw new Error(`${path} was answered with ${String(answer.status)}`);
  return answer.status < 300;
}

/**
 * An agent who does anything at any time: answers, refuses, lets ring, holds, hangs up, closes the page and comes back, leaves after-call
 * work open for a while. `settles` makes them finish what they have and go home.
 */
export class RandomAgent {
  readonly console: Console;
  readonly #house: House;
  readonly #chance: Chance;
  #isLeaving = false;
  readonly done: Promise<void>;

  constructor(house: House, console: Console, chance: Chance) {
    this.#house = house;
    this.console = console;
    this.#chance = chance;
    this.done = this.#live();
  }

  settles(): void {
    this.#isLeaving = true;
  }

  async #live(): Promise<void> {
    for (;;) {
      await this.#after(this.#chance.between(20, 300));
      const state = this.console.desk?.agent.status.state;
      if (this.#isLeaving && state === 'offline') return;
      await this.#acts(state);
    }
  }

  async #acts(state: string | undefined): Promise<void> {
    const { console } = this;
    const chance = this.#chance;
    switch (state) {
      case 'offline':
        await this.#comesBack();
        return;
      case 'ready':
        if (this.#isLeaving || chance.happens(0.01)) await tries(console, '/api/agent/state', { state: 'offline' });
        else if (!console.desk?.agent.reachable && chance.happens(0.1)) await this.#comesBack();
        else if (chance.happens(0.2)) console.device(onRing(chance));
        return;
      case 'ringing':
        if (chance.happens(0.05)) await tries(console, `/api/calls/${console.callId}/refuse`);
        else if (chance.happens(0.03)) await this.#reloads();
        return;
      case 'onCall':
        if (this.#isLeaving || chance.happens(0.12)) await tries(console, `/api/calls/${console.callId}/hang-up`);
        else if (chance.happens(0.05)) await tries(console, `/api/calls/${console.callId}/hold`);
        else if (chance.happens(0.3)) await tries(console, `/api/calls/${console.callId}/resume`);
        else if (chance.happens(0.03)) await this.#reloads();
        return;
      case 'wrapUp':
        if (this.#isLeaving || chance.happens(0.5)) await tries(console, `/api/calls/${console.callId}/wrap-up/complete`, { dispositionId: await console.anyDisposition() });
        return;
      default:
        await tries(console, '/api/agent/state', { state: this.#isLeaving ? 'offline' : 'ready' });
    }
  }

  async #reloads(): Promise<void> {
    this.console.closesPage();
    await this.#after(this.#chance.between(0, 3_000));
    await this.#comesBack();
  }

  /** Opens a page again and again until the switch takes its account, as people do. */
  async #comesBack(): Promise<void> {
    const { console } = this;
    console.closesPage();
    for (;;) {
      try {
        await console.registers(onRing(this.#chance));
        break;
      } catch {
        await this.#after(200); // the line does not take the account now
      }
    }
    await console.opensPage();
    await console.claims();
    const status = console.desk?.agent.status;
    if (status?.state === 'onCall') await tries(console, `/api/calls/${status.callId}/rejoin`);
    else if (!this.#isLeaving) await tries(console, '/api/agent/state', { state: 'ready' });
  }

  #after(ms: number): Promise<void> {
    return new Promise((resolve) => this.#house.clock.setTimer(ms, resolve));
  }
}

/** Callers who come one after the other and hang up whenever they like. Answers all of them once the last has come. */
export async function randomCallers(house: House, chance: Chance, count: number, numbers: readonly string[]): Promise<Caller[]> {
  const callers: Caller[] = [];
  const after = (ms: number): Promise<void> => new Promise((resolve) => house.clock.setTimer(ms, resolve));
  for (let n = 0; n < count; n++) {
    await after(chance.between(0, 350));
    const caller = house.rings(chance.pick(numbers), `+346${String(chance.between(0, 99_999_999)).padStart(8, '0')}`);
    callers.push(caller);
    const patienceMs = chance.pick([chance.between(0, 150), chance.between(100, 3_000), chance.between(1_000, 12_000), chance.between(5_000, 40_000)]);
    house.clock.setTimer(patienceMs, () => caller.hangsUp());
  }
  return callers;
}
