import type { CallView, ChosenState, Desk, QueuePulse } from '@centralita/cti-server/contracts';
import { get, post, remove } from '#lib/api/index.ts';
import { session } from '#lib/access/session.svelte.ts';
import { realtime } from '#lib/realtime/connection.svelte.ts';
import { mayReplace } from './desk-order.ts';

export type CallAction = 'answer' | 'refuse' | 'hang-up' | 'hold' | 'resume' | 'rejoin';

/** The agent's desk as the server tells it, and the wishes of the agent that the server has not answered yet. */
class AgentDesk {
  now = $state.raw<Desk | null>(null);
  seq = $state(0);
  pulses = $state.raw<QueuePulse[]>([]);
  /** Shown at once when a control is pressed; the server's answer clears it. */
  pendingAction = $state<CallAction | null>(null);
  pendingState = $state.raw<ChosenState | null>(null);
  #started = false;
  #watchers = new Set<(desk: Desk) => void>();

  get call(): CallView | null {
    return this.now?.call ?? null;
  }

  /** The call that is going on with the customer, whoever of us hears it. */
  get liveCall(): CallView | null {
    const call = this.call;
    return call !== null && ['ringing', 'dialling', 'talking', 'held', 'parked', 'rejoining', 'refusing'].includes(call.state) && call.endedAt === null ? call : null;
  }

  start(): void {
    if (this.#started || !session.may('calls.take')) return;
    this.#started = true;
    realtime.listen('desk', (event, _whole, seq) => {
      if (event.kind !== 'desk') return;
      this.#show(event.desk);
      this.seq = seq;
      document.documentElement.dataset['deskSeq'] = String(seq);
    });
    session.onSignedInAgain(() => void this.#comeBack());
    realtime.listen('queues', (event) => {
      if (event.kind === 'queues') this.pulses = event.queues;
    });
  }

  /** The end of a session during a call asks for "offline" after it. Who signs in again during the call wants to go on. */
  async #comeBack(): Promise<void> {
    const chosenBefore = this.now?.agent.nextState ?? null;
    try {
      await this.read();
      if (this.now?.agent.nextState?.state === 'offline' && chosenBefore?.state !== 'offline') await this.forgetNextState();
    } catch {
      // the state after the call stays on the screen, with the way to change it beside it
    }
  }

  #show(desk: Desk): void {
    const before = this.now;
    this.now = desk;
    if (before?.call?.state !== desk.call?.state || before?.call?.id !== desk.call?.id) this.pendingAction = null;
    if (before?.agent.version !== desk.agent.version) this.pendingState = null;
    for (const watch of this.#watchers) watch(desk);
  }

  /** Called with each new desk, outside of rendering: for the telephone, which must act whether or not a screen shows it. */
  watch(watcher: (desk: Desk) => void): () => void {
    this.#watchers.add(watcher);
    if (this.now !== null) watcher(this.now);
    return () => this.#watchers.delete(watcher);
  }

  take(answer: Desk): void {
    if (mayReplace(this.now, answer)) this.#show(answer);
  }

  async read(): Promise<void> {
    this.take(await get<Desk>('/api/desk'));
  }

  /** Moves the call. Repeating is harmless: the server refuses a move that the call has already left behind. */
  async act(action: Exclude<CallAction, 'answer'>, callId: string): Promise<void> {
    this.pendingAction = action;
    try {
      this.take(await post<Desk>(`/api/calls/${callId}/${action}`, {}, { repeatable: true }));
    } finally {
      if (this.pendingAction === action) this.pendingAction = null;
    }
  }

  async choose(state: ChosenState): Promise<void> {
    this.pendingState = state;
    try {
      this.take(await post<Desk>('/api/agent/state', state, { repeatable: true }));
    } finally {
      this.pendingState = null;
    }
  }

  async forgetNextState(): Promise<void> {
    this.take(await remove<Desk>('/api/agent/next-state'));
  }
}

export const desk = new AgentDesk();
