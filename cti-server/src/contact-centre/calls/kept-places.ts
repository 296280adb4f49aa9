import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AgentsService } from '../agents/index.ts';
import type { Callbacks, KeptPlace } from '../callbacks/index.ts';
import { planPlaceCall } from '../callbacks/index.ts';
import type { Directory } from '../directory/index.ts';
import { compareCalls, type WaitingCall } from '../routing/index.ts';
import type { CallBoard } from './call-board.ts';
import type { NewCall } from './call-types.ts';
import type { createHouse } from './house.ts';
import { newCall } from './call-types.ts';

export interface PlacesOptions {
  board: CallBoard;
  agents: AgentsService;
  directory: Directory;
  callbacks: Pick<Callbacks, 'waitingPlaces' | 'onPlaces' | 'claimPlace' | 'releasePlace' | 'noteDialled'>;
  choose: ReturnType<typeof createHouse>['choose'];
  lineId: string;
  holdsLine(): boolean;
  clock: Clock;
  logger: Logger;
}

/**
 * Serves those who hung up and kept their place, as if they were still waiting: when an agent is free and nobody before them waits, they
 * are called. The claim in the database decides among servers; whoever loses it does nothing.
 */
export class PlaceServer {
  readonly #o: PlacesOptions;
  #isServing = false;
  #again = false;

  constructor(options: PlacesOptions) {
    this.#o = options;
    options.agents.onSomebodyFree(() => this.serve());
    options.callbacks.onPlaces(() => this.serve());
  }

  /** Looks once; a call meanwhile lets it look again. */
  serve(): void {
    if (this.#isServing) {
      this.#again = true;
      return;
    }
    this.#isServing = true;
    this.#serveAll()
      .catch((error: unknown) => this.#o.logger.warn({ err: error }, 'kept places could not be served; looked at again with the next free agent'))
      .finally(() => {
        this.#isServing = false;
        if (!this.#again) return;
        this.#again = false;
        this.serve();
      });
  }

  async #serveAll(): Promise<void> {
    const { callbacks, clock } = this.#o;
    if (!this.#o.holdsLine()) return;
    const now = clock.now();
    const places = callbacks.waitingPlaces().sort((a, b) => compareCalls(asWaiting(a), asWaiting(b), now));
    for (const place of places) await this.#serveOne(place);
  }

  async #serveOne(place: KeptPlace): Promise<void> {
    const { board, agents, directory, callbacks, clock, lineId } = this.#o;
    const queue = directory.queue(place.queueId);
    if (!queue?.active) return;
    const now = clock.now();
    const mine = asWaiting(place);
    // whoever waits on the line before them is served first
    if (board.waiting().some((other) => other.queueId === place.queueId && compareCalls(other, mine, now) < 0)) return;
    const id = newId(now);
    const facts: NewCall = {
      id,
      lineId,
      customerLegId: `${id}-c`,
      direction: 'outbound',
      fromRaw: place.number,
      fromName: place.contactName,
      fromE164: place.number,
      country: null,
      dialledNumber: directory.numberShownBy(queue.id) ?? directory.numbersToShow().find((number) => number.queueId === queue.id)?.number ?? directory.numbersToShow()[0]?.number ?? '',
      customerId: place.customerId,
      callbackId: place.callbackId,
      startedAtMs: now,
      answeredLeg: false,
    };
    const agent = this.#o.choose({ ...newCall(facts), queueId: queue.id, queuedAtMs: place.queuedAtMs }, queue, agents.routable());
    if (!agent || !(await callbacks.claimPlace(place.callbackId, agent.agentId))) return;
    const { device, endpoint } = agent;
    await callbacks.noteDialled({ callbackId: place.callbackId, callId: id, agentId: agent.agentId, atMs: now });
    const first = planPlaceCall(queue.callbackMode).first;
    const result =
      first === 'customer'
        ? await board.dial(facts, { kind: 'calledBack', queueId: queue.id, atMs: now })
        : await board.dial(facts, { kind: 'dialled', agentId: agent.agentId, device, endpoint, queueId: queue.id, park: null, peer: null, atMs: now });
    if (result !== 'done') await callbacks.releasePlace(place.callbackId);
  }
}

const asWaiting = (place: KeptPlace): WaitingCall => ({ callId: place.callbackId, queueId: place.queueId, priority: place.priority, returned: false, queuedAtMs: place.queuedAtMs });
