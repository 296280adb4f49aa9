import type { CallTargets, Desk, TransferTargetInput } from '@centralita/cti-server/contracts';
import { goto } from '$app/navigation';
import { page } from '$app/state';
import { get, post, wordError } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { newCallId } from './call-id.ts';
import { desk } from './desk.svelte.ts';

export interface Wanted {
  number?: string;
  agentId?: string;
  customerId?: string;
  callbackId?: string;
  callerNumberId?: string;
}

/** Calls that the agent makes, and whom they hand customers on to. */
class Dialling {
  /** Which of the two questions is open: whom to call, or whom to hand the customer on to. */
  asks = $state<'call' | 'transfer' | null>(null);
  /** Set while a call is being asked for: a second click means the same call. */
  busy = $state(false);
  #wanted: { id: string; key: string } | null = null;

  /** Whether a call can be made at this moment; a call on the line is put on hold for it. */
  get possible(): boolean {
    const status = desk.now?.agent.status;
    if (status === undefined || desk.now?.agent.reachable !== true) return false;
    if (status.state === 'onCall') return desk.call !== null && ['talking', 'held', 'parked'].includes(desk.call.state) && desk.call.consult === null && desk.now.role === 'agent';
    return ['ready', 'notReady', 'missed', 'wrapUp'].includes(status.state);
  }

  get mayTransfer(): boolean {
    const call = desk.liveCall;
    return call !== null && desk.now?.role === 'agent' && call.direction !== 'internal' && call.consult === null && (call.state === 'talking' || call.state === 'held');
  }

  async dial(wanted: Wanted): Promise<boolean> {
    const key = `${wanted.number ?? ''} ${wanted.agentId ?? ''}`;
    if (this.busy) return false;
    // an answer that did not come is asked for again under the same name
    if (this.#wanted?.key !== key) this.#wanted = { id: newCallId(Date.now()), key };
    this.busy = true;
    try {
      desk.take(await post<Desk>('/api/calls', { id: this.#wanted.id, ...wanted }, { repeatable: true }));
      this.#wanted = null;
      this.asks = null;
      if (page.url.pathname !== '/desk') void goto('/desk');
      return true;
    } catch (error) {
      if (!isUncertain(error)) this.#wanted = null;
      toasts.say('bad', wordError(error));
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #move(path: string, body: unknown): Promise<boolean> {
    const call = desk.liveCall;
    if (call === null || this.busy) return false;
    this.busy = true;
    try {
      desk.take(await post<Desk>(`/api/calls/${call.id}/${path}`, body));
      this.asks = null;
      return true;
    } catch (error) {
      toasts.say('bad', wordError(error));
      return false;
    } finally {
      this.busy = false;
    }
  }

  ask(to: TransferTargetInput): Promise<boolean> {
    return this.#move('consult', { to });
  }
  async handOver(to: TransferTargetInput, name: string): Promise<void> {
    if (await this.#move('transfer', { to })) toasts.say('good', m.transfer_done({ name }));
  }
  async complete(name: string): Promise<void> {
    if (await this.#move('consult/complete', {})) toasts.say('good', m.transfer_done({ name }));
  }
  swap(): Promise<boolean> {
    return this.#move('consult/swap', {});
  }
  join(): Promise<boolean> {
    return this.#move('consult/join', {});
  }
  cancel(): Promise<boolean> {
    return this.#move('consult/cancel', {});
  }

  async switchTo(callId: string): Promise<void> {
    try {
      desk.take(await post<Desk>(`/api/calls/${callId}/switch`, {}, { repeatable: true }));
    } catch (error) {
      toasts.say('bad', wordError(error));
    }
  }

  targets(search: string, signal: AbortSignal): Promise<CallTargets> {
    return get<CallTargets>('/api/call-targets', { query: search === '' ? {} : { search }, signal });
  }
}

/** Whether it may have happened all the same. */
const isUncertain = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'offline' || error.code === 'unavailable');

export const dialling = new Dialling();
