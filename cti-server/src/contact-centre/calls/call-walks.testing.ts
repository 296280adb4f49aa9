import { expect } from 'vitest';
import type { Surroundings } from './call-step.ts';
import { type Agent, type AgentEvent, newAgent, nextAgent } from '../agents/index.ts';
import { dueAtMs, nextCall } from './call-machine.ts';
import { type Call, type CallEffect, type CallEvent, type LedgerEntry, legsOf, newCall, type QueueRules, type TransferTarget } from './call-types.ts';

/** A switch, agents and one call, as far as the machine's promises need them: who is alive, in the room, in the music. */
export class Walk {
  call: Call;
  now = 1_000_000;
  readonly rules: QueueRules;
  readonly ledger: LedgerEntry[] = [];
  readonly agents = new Map<string, Agent>();
  readonly alive = new Map<string, 'ringing' | 'up'>();
  readonly inRoom = new Set<string>();
  readonly inMusic = new Set<string>();
  readonly playing = new Map<string, string>();

  constructor(rules: QueueRules, kind: 'inbound' | 'outbound' | 'internal') {
    this.rules = rules;
    for (const id of people) this.agents.set(id, { ...newAgent(id, this.now), status: ready(this.now) });
    const id = '018f0000-0000-7000-8000-000000000001';
    this.call = newCall({
      id,
      lineId: 'main',
      customerLegId: kind === 'inbound' ? 'customer' : `${id}-c`,
      direction: kind,
      fromRaw: '+34600111222',
      fromName: '',
      fromE164: '+34600111222',
      country: 'ES',
      dialledNumber: '900',
      startedAtMs: this.now,
      answeredLeg: false,
    });
    if (kind === 'inbound') {
      this.alive.set('customer', 'up');
      this.apply({ kind: 'routed', queueId: 'q', atMs: this.now });
    } else {
      const peer = kind === 'internal' ? { agentId: 'bruno', endpoint: 'e-bruno' } : null;
      this.apply({ kind: 'dialled', agentId: 'ana', device: 'browser', endpoint: 'e-ana', queueId: null, park: null, peer, atMs: this.now });
    }
  }

  /** Lets the machine decide, does at the switch what it says, and checks what must hold after every step. */
  apply(event: CallEvent): void {
    const before = this.call;
    const step = nextCall(before, event, houseOf(this.rules));
    if (!step) return;
    const agents = new Map(this.agents);
    for (const consequence of step.agents) {
      const agent = agents.get(consequence.agentId) ?? newAgent(consequence.agentId, this.now);
      const next = nextAgent(agent, { ...consequence, callId: before.id, atMs: event.atMs } as AgentEvent);
      // who is needed and not free: nothing of the whole happens, as the board sees to
      if (next === agent && (consequence.kind === 'offered' || consequence.kind === 'dialled')) return;
      expect(next, `${event.kind} in ${before.status.state}: ${consequence.kind} fits ${consequence.agentId} who is ${agent.status.state}`).not.toBe(agent);
      agents.set(consequence.agentId, next);
    }
    for (const [id, agent] of agents) this.agents.set(id, agent);
    expect(step.call.version).toBe(before.version + 1);
    if (before.status.state === 'ended') expect(step.call.status.state).toBe('ended');
    this.call = step.call;
    this.ledger.push(...step.ledger);
    for (const effect of step.effects) this.#perform(effect, event.kind);
    this.#check(`${event.kind} in ${before.status.state}${before.consult ? `/${before.consult.state}` : ''}`);
  }

  #perform(effect: CallEffect, why: string): void {
    switch (effect.kind) {
      case 'placeAgentLeg':
      case 'placeNumberLeg':
        expect(this.alive.has(effect.legId), 'each leg has a name of its own').toBe(false);
        this.alive.set(effect.legId, 'ringing');
        return;
      case 'hangUp':
        this.gone(effect.legId);
        return;
      case 'join':
        for (const legId of effect.legIds) {
          if (!this.alive.has(legId)) continue;
          expect(this.alive.get(legId), `${why}: only who answered joins the room`).toBe('up');
          expect(this.inMusic.has(legId), `${why}: ${legId} comes out of the music before the room`).toBe(false);
          this.inRoom.add(legId);
        }
        return;
      case 'leave':
        this.inRoom.delete(effect.legId);
        return;
      case 'startMusic':
        expect(this.inRoom.has(effect.legId), `${why}: no music into the room`).toBe(false);
        if (this.alive.has(effect.legId)) this.inMusic.add(effect.legId);
        return;
      case 'stopMusic':
        this.inMusic.delete(effect.legId);
        return;
      case 'playRinging':
        expect(this.inRoom.has(effect.legId), `${why}: a tone is heard outside the room only`).toBe(false);
        this.playing.set(effect.playbackId, effect.legId);
        return;
      case 'stopPlaying':
        this.playing.delete(effect.playbackId);
        return;
      default:
    }
  }

  /** The leg is no more. */
  gone(legId: string): void {
    this.alive.delete(legId);
    this.inRoom.delete(legId);
    this.inMusic.delete(legId);
    for (const [playbackId, owner] of this.playing) if (owner === legId) this.playing.delete(playbackId);
  }

  #check(why: string): void {
    const { call } = this;
    const { status, consult } = call;
    const mine = status.state === 'ended' ? [] : legsOf(call);
    for (const legId of this.alive.keys()) expect(mine, `${why}: ${legId} is nobody’s, call is ${status.state}`).toContain(legId);
    const waitsForNews = ['greeting', 'ringing', 'dialling', 'rejoining', 'transferring', 'refusing'].includes(status.state) || consult?.state === 'ringing';
    if (waitsForNews) expect(dueAtMs(call, this.rules), `${why}: ${status.state} ends by itself`).not.toBeNull();
    const customer = call.customerLegId;
    if (status.state === 'talking' || status.state === 'onward') {
      for (const legId of [customer, status.legId]) expect(this.inRoom.has(legId) || !this.alive.has(legId), `${why}: ${legId} is in the room`).toBe(true);
      expect([...this.playing.values()], `${why}: nobody who talks hears a tone`).not.toContain(status.legId);
    }
    if (status.state === 'held' || status.state === 'parked' || status.state === 'transferring') expect(this.inMusic.has(customer) || !this.alive.has(customer), `${why}: who is on hold hears music`).toBe(true);
    if (consult !== null && consult.state !== 'queued' && consult.state !== 'ringing' && this.alive.has(consult.legId)) {
      expect(this.inRoom.has(consult.legId), `${why}: the third party (${consult.state}) talks or not`).toBe(consult.state !== 'aside');
      expect(this.inMusic.has(consult.legId), `${why}: the third party (${consult.state}) hears music or not`).toBe(consult.state === 'aside');
    }
    if (consult?.state === 'private' && 'legId' in status && status.legId !== null && this.alive.has(status.legId)) {
      expect(this.inRoom.has(status.legId), `${why}: the agent talks with the third party`).toBe(true);
      expect(this.inRoom.has(customer), `${why}: the customer does not hear it`).toBe(false);
    }
    if (status.state === 'ended') expect(this.playing.size, `${why}: nothing plays on`).toBe(0);
  }
}

/** A house with one kind of queue, whose longest wait ends in an announcement. */
export const houseOf = (rules: QueueRules | null): Surroundings => ({
  rulesOf: () => rules,
  overflow(_, __, queuedAtMs, nowMs) {
    const giveUpAtMs = queuedAtMs === null || rules?.maxWaitSeconds == null ? null : queuedAtMs + rules.maxWaitSeconds * 1000;
    const flowsOut = giveUpAtMs !== null && giveUpAtMs <= nowMs ? { action: { to: 'announcement', announcement: 'callLater' } as const, reason: 'waitedTooLong' as const } : null;
    return { flowsOut, lookAgainAtMs: flowsOut ? null : giveUpAtMs };
  },
  publishedFlow: () => null,
  flowVersion: () => null,
  isOpen: () => true,
  reach: () => null,
});

const ready = (atMs: number): Agent['status'] => ({ state: 'ready', sinceMs: atMs, idleSinceMs: atMs });
export const people = ['ana', 'bruno', 'carla'] as const;

/** Something that may happen now: sensible, late, repeated or impossible, chosen by a number. */
export function someEvent(walk: Walk, pick: number): CallEvent {
  const { call, now: atMs } = walk;
  const at = <T>(list: readonly T[], salt = 0): T => list[(pick + salt) % list.length] as T;
  const legId = at([...legsOf(call), `${call.id}-a${String(pick % 5)}`, 'strange'], pick >> 3);
  const owner = 'agentId' in call.status ? call.status.agentId : 'ana';
  const agentId = pick % 5 === 0 ? at(people, pick >> 2) : owner;
  const third = at(people, pick >> 4);
  const device = pick % 6 === 0 ? 'deskPhone' : 'browser';
  const cause = at(['normal', 'busy', 'noAnswer', 'refused', 'unreachable', 'unknown', 'congestion'] as const, pick >> 5);
  const agent: TransferTarget = { kind: 'agent', agentId: third, device, endpoint: `e-${third}` };
  const number: TransferTarget = { kind: 'number', number: '+34911222333', callerNumber: '900' };
  const to = at([agent, agent, number, { kind: 'queue', queueId: 'q2' } as const], pick >> 6);
  const fallbackQueueId = pick % 3 === 0 ? null : 'q3';
  const ringing = [...walk.alive].filter(([, state]) => state === 'ringing').map(([id]) => id);
  const answering = pick % 8 === 0 || ringing.length === 0 ? legId : at(ringing, pick >> 9);
  // what ends everything comes seldom, or no walk would ever get far
  const rarely = <T>(event: T, otherwise: T): T => ((pick >> 10) % 12 === 0 ? event : otherwise);
  const quiet: CallEvent = { kind: 'timePassed', atMs };
  const upLegs = [...walk.alive].filter(([, state]) => state === 'up').map(([id]) => id);
  return at<CallEvent>(
    [
      { kind: 'agentAssigned', agentId: third, device, endpoint: 'e', atMs },
      { kind: 'agentAssigned', agentId: third, device, endpoint: 'e', atMs },
      { kind: 'legRinging', legId, atMs },
      ...Array.from({ length: 6 }, (): CallEvent => ({ kind: 'legAnswered', legId: answering, atMs })),
      legId === call.customerLegId ? rarely<CallEvent>({ kind: 'legEnded', legId, cause, atMs }, quiet) : { kind: 'legEnded', legId, cause, atMs },
      { kind: 'playbackEnded', playbackId: 'playbackId' in call.status && call.status.playbackId !== null ? call.status.playbackId : 'p', completed: pick % 4 !== 0, atMs },
      { kind: 'agentRefused', agentId: pick % 2 === 0 ? third : agentId, atMs },
      rarely<CallEvent>({ kind: 'agentHungUp', agentId: pick % 4 === 0 ? third : agentId, atMs }, quiet),
      { kind: 'agentHeld', agentId, atMs },
      { kind: 'agentResumed', agentId, atMs },
      { kind: 'agentRejoins', agentId, device, endpoint: 'e2', atMs },
      rarely<CallEvent>({ kind: 'agentParked', agentId, atMs }, { kind: 'consultSwapped', agentId, atMs }),
      { kind: 'agentGone', agentId, atMs },
      rarely<CallEvent>({ kind: 'transferred', agentId, to, fallbackQueueId, atMs }, { kind: 'consultJoined', agentId, atMs }),
      { kind: 'consultStarted', agentId, to, atMs },
      { kind: 'consultStarted', agentId, to, atMs },
      { kind: 'consultAssigned', to: agent, atMs },
      { kind: 'consultCancelled', agentId, atMs },
      { kind: 'consultSwapped', agentId, atMs },
      { kind: 'consultJoined', agentId, atMs },
      { kind: 'consultCompleted', agentId, fallbackQueueId, atMs },
      rarely<CallEvent>({ kind: 'released', endedBy: 'system', atMs }, quiet),
      { kind: 'timePassed', atMs: (pick >> 4) % 6 === 0 ? (dueAtMs(call, walk.rules) ?? atMs) : atMs },
      { kind: 'customerRecognised', customerId: pick % 2 === 0 ? 'c1' : 'c2', atMs },
      { kind: 'compared', aliveLegIds: new Set(walk.alive.keys()), answeredLegIds: new Set(upLegs), roomLegIds: new Set(walk.inRoom), atMs },
    ],
    pick >> 7,
  );
}
