import type { Clock, Timer } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Alive, TelephonyEvent, TelephonyPort } from '../../telephony/port.ts';
import type { AgentsService } from '../agents/index.ts';
import type { Directory } from '../directory/index.ts';
import type { CallBoard } from './call-board.ts';
import { type Call, legOfAgent, legsOf } from './call-types.ts';
import type { CallsStore } from './calls.store.ts';

export interface LineKeeperOptions {
  line: TelephonyPort;
  kind: string;
  serverId: string;
  board: CallBoard;
  agents: AgentsService;
  directory: Directory;
  store: CallsStore;
  clock: Clock;
  logger: Logger;
  /** Country of numbers that come without one. */
  defaultCountry(): string;
  /** The line came into this server's hands: what its former owner did last may not have been told to anybody. */
  onHeld(): void;
  /** Servers that are known to be dead: their lease on a line counts for nothing. */
  deadServers(): Promise<readonly string[]>;
}

const leaseMs = 8_000;
const renewMs = 2_500;
/** Ghosts and lost ends are looked for this often, besides after every gap. */
const compareEveryMs = 20_000;
/** Something that is just being made is not yet a ghost. */
const youngMs = 5_000;
/** A browser that reloads is back within this; only then its old leg is given up. */
const goneGraceMs = 1_500;

/**
 * Owns one line: holds its lease, brings the line's events to the calls, and after every gap compares what the switch really holds with
 * what the ledger says, until both agree.
 */
export class LineKeeper {
  readonly #o: LineKeeperOptions;
  readonly #restartListeners: (() => void)[] = [];
  #timers = new Set<Timer>();
  #isStopped = false;
  #isHeld = false;
  #isComparing = false;
  #compareAgain = false;
  #isAfterGap = true;
  /** Calls of before a gap that were not compared yet: the end of what was playing may have been missed. */
  readonly #unsettled = new Set<string>();

  constructor(options: LineKeeperOptions) {
    this.#o = options;
    options.line.onEvent((event) => this.#handle(event));
    options.line.onGap(() => {
      this.#isAfterGap = true;
      void this.compare();
    });
  }

  /** Takes the line as soon as it is free, takes its open calls back, connects, and keeps it. Returns once it has tried once. */
  async start(): Promise<void> {
    await this.#hold();
    this.#after(compareEveryMs, () => this.#compareRegularly());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    await this.#o.line.stop();
    if (this.#isHeld) await this.#o.store.releaseLine(this.#o.line.lineId, this.#o.serverId);
  }

  get lineId(): string {
    return this.#o.line.lineId;
  }
  isHeld(): boolean {
    return this.#isHeld;
  }

  async #hold(): Promise<void> {
    const { store, clock, line, kind, serverId, logger } = this.#o;
    try {
      const now = clock.now();
      const held = await store.holdLine({
        id: line.lineId,
        kind,
        ownerId: serverId,
        nowMs: now,
        untilMs: now + leaseMs,
        deadOwnerIds: this.#isHeld ? [] : await this.#o.deadServers(),
      });
      if (held && !this.#isHeld) {
        for (const call of await store.openCalls(line.lineId)) this.#o.board.adopt(call);
        this.#isHeld = true;
        logger.info({ lineId: line.lineId }, 'holding the line');
        line.start();
        this.#o.onHeld();
      } else if (!held && this.#isHeld) {
        this.#isHeld = false;
        logger.error({ lineId: line.lineId }, 'another server took the line over');
        await line.stop();
        this.#o.board.dropLine(line.lineId);
      }
    } catch (error) {
      // the database is away: calls go on, the switch itself fences a second owner off
      logger.warn({ err: error, lineId: line.lineId }, 'the lease of the line could not be renewed');
    }
    this.#after(renewMs, () => void this.#hold());
  }

  #handle(event: TelephonyEvent): void {
    const { board, agents, clock } = this.#o;
    switch (event.kind) {
      case 'legArrived':
        this.#arrived(event);
        return;
      case 'legRinging':
      case 'digitPressed':
      case 'recordingEnded':
      case 'legAnswered':
      case 'legEnded': {
        const callId = board.callOfLeg(event.legId);
        if (callId !== null) board.deliver(callId, event);
        return;
      }
      case 'playbackEnded': {
        const callId = board.callOfLeg(event.playbackId);
        if (callId !== null) board.deliver(callId, event);
        return;
      }
      case 'endpointPresent':
        if (this.#isDeskPhone(event.endpoint)) agents.setDeskPhonePresent(event.endpoint, true);
        return;
      case 'endpointGone':
        if (this.#isDeskPhone(event.endpoint)) agents.setDeskPhonePresent(event.endpoint, false);
        else {
          // a page that loads again: no call may be offered to it on the strength of what it answered before
          for (const agent of agents.all()) if (agent.endpoint === event.endpoint) agents.dropLease(agent.id);
          this.#after(goneGraceMs, () => void this.#browserGone(event.endpoint, clock.now()));
        }
        return;
    }
  }

  #arrived(leg: { legId: string; fromNumber: string; fromName: string; toNumber: string; answered: boolean; atMs: number }): void {
    const { board, directory, clock, line, logger } = this.#o;
    const number = directory.numberFor(leg.toNumber);
    const queue = number?.queueId == null ? undefined : directory.queue(number.queueId);
    const queueId = queue?.active ? queue.id : null;
    const flowId = number?.flowId == null || directory.publishedFlow(number.flowId) === undefined ? null : number.flowId;
    if (queueId === null && flowId === null) logger.warn({ lineId: line.lineId, dialled: leg.toNumber }, 'a call came in on a number that no queue answers');
    const from = normaliseNumber(leg.fromNumber, this.#o.defaultCountry());
    board.open(
      {
        id: newId(clock.now()),
        lineId: line.lineId,
        customerLegId: leg.legId,
        fromRaw: leg.fromNumber.slice(0, 64),
        fromName: leg.fromName.slice(0, 120),
        fromE164: from.e164,
        country: from.country,
        dialledNumber: leg.toNumber.slice(0, 64),
        startedAtMs: leg.atMs,
        answeredLeg: leg.answered,
      },
      { queueId, flowId, priorityBonus: number?.priorityBonus ?? 0 },
    );
  }

  #isDeskPhone(endpoint: string): boolean {
    return this.#o.directory.agentByEndpoint(endpoint)?.deskPhoneEndpoint === endpoint;
  }

  /** The browser's socket to the switch is gone. If it did not come back meanwhile, its leg is silent: end it, the customer hears music. */
  async #browserGone(endpoint: string, goneAtMs: number): Promise<void> {
    const { agents, board, line } = this.#o;
    const alive = await line.alive();
    if (alive.outcome !== 'ok' || alive.value.presentEndpoints.includes(endpoint)) return;
    for (const agent of agents.all()) {
      if (agent.endpoint !== endpoint || !('callId' in agent.status)) continue;
      agents.dropLease(agent.id);
      const call = board.find(agent.status.callId);
      if (!call || call.lineId !== line.lineId) continue;
      const legId = legOfAgent(call, agent.id);
      if (legId !== null && agent.status.sinceMs < goneAtMs) await line.hangUp(legId, 'normal');
    }
  }

  #compareRegularly(): void {
    if (this.#o.line.status().state === 'connected') void this.compare();
    this.#after(compareEveryMs, () => this.#compareRegularly());
  }

  /** Looks again shortly: something did not go as asked. */
  compareSoon(): void {
    this.#after(300, () => void this.compare());
  }

  /** Asks the switch what is alive and settles each difference with an event. One comparison at a time; a request meanwhile follows it. */
  async compare(): Promise<void> {
    if (this.#isComparing) {
      this.#compareAgain = true;
      return;
    }
    this.#isComparing = true;
    try {
      if (this.#isAfterGap) for (const call of this.#o.board.openCalls()) this.#unsettled.add(call.id);
      this.#isAfterGap = false;
      // what a call has just decided may not have reached the switch yet: such a call is not compared
      const versions = new Map([...this.#o.board.openCalls()].filter((call) => this.#o.board.isQuiet(call.id)).map((call) => [call.id, call.version]));
      const answer = await this.#o.line.alive();
      if (answer.outcome !== 'ok') {
        if (this.#o.line.status().state === 'connected') this.compareSoon();
        return;
      }
      await this.#settle(answer.value, versions);
    } catch (error) {
      this.#o.logger.error({ err: error, lineId: this.#o.line.lineId }, 'comparing with the switch failed');
      this.compareSoon();
    } finally {
      this.#isComparing = false;
      if (this.#compareAgain) {
        this.#compareAgain = false;
        void this.compare();
      }
    }
  }

  async #settle(alive: Alive, versions: ReadonlyMap<string, number>): Promise<void> {
    const { board, agents, store, line, clock, directory, logger } = this.#o;
    const atMs = clock.now();
    const aliveLegIds = new Set(alive.legs.map((leg) => leg.legId));
    const answeredLegIds = new Set(alive.legs.filter((leg) => leg.state === 'up').map((leg) => leg.legId));
    const rooms = new Map(alive.rooms.map((room) => [room.roomId, new Set(room.legIds)]));
    const known = new Set<string>();
    const unsettled = new Set(this.#unsettled);
    this.#unsettled.clear();
    for (const call of board.openCalls()) {
      known.add(call.roomId);
      if (call.lineId !== line.lineId) continue;
      if (versions.get(call.id) !== call.version || !board.isQuiet(call.id)) {
        if (unsettled.has(call.id)) this.#unsettled.add(call.id);
        continue;
      }
      const mayHaveMissed = unsettled.has(call.id) && 'playbackId' in call.status && call.status.playbackId !== null;
      if (!mayHaveMissed && isAsExpected(call, aliveLegIds, answeredLegIds, rooms.get(call.roomId))) continue;
      board.deliver(call.id, { kind: 'compared', aliveLegIds, answeredLegIds, roomLegIds: rooms.get(call.roomId) ?? new Set(), atMs });
    }
    if (this.#unsettled.size > 0) this.compareSoon();
    for (const leg of alive.legs) {
      if (atMs - leg.createdAtMs < youngMs) continue;
      const call = board.find(board.callOfLeg(leg.legId) ?? '');
      // a call has its customer's leg and at most one of an agent; an earlier one whose hang-up got lost is nobody's
      // its hang-up is on the way; should that get lost, a later comparison finds the leg
      if (call?.endedAtMs != null && atMs - call.endedAtMs < youngMs) continue;
      if (call && call.status.state !== 'ended' && (legsOf(call).includes(leg.legId) || !board.isQuiet(call.id))) continue;
      if (leg.arrived && board.callOfLeg(leg.legId) === null && !(await store.findByCustomerLeg(line.lineId, leg.legId))) {
        this.#arrived({ ...leg, answered: leg.state === 'up', atMs });
      } else {
        logger.warn({ lineId: line.lineId, legId: leg.legId }, 'a leg that no call knows is hung up');
        await line.hangUp(leg.legId, 'normal');
        // the room it was in can go once it is empty
        if (leg.roomId !== null) this.compareSoon();
      }
    }
    for (const room of alive.rooms) {
      if (!known.has(room.roomId) && room.roomId.startsWith('room-') && room.legIds.length === 0) await line.destroyRoom(room.roomId);
    }
    for (const agent of directory.agents()) {
      if (agent.deskPhoneEndpoint) agents.setDeskPhonePresent(agent.deskPhoneEndpoint, alive.presentEndpoints.includes(agent.deskPhoneEndpoint));
    }
    await this.#noteSwitchStart(alive.switchStartedAtMs);
  }

  async #noteSwitchStart(startedAtMs: number): Promise<void> {
    const { store, line, logger } = this.#o;
    const before = await store.switchStartedAt(line.lineId);
    if (before === startedAtMs) return;
    if (before !== null) {
      logger.warn({ lineId: line.lineId }, 'the switch was restarted: its earlier calls are gone');
      for (const listener of this.#restartListeners) listener();
    }
    await store.saveSwitchStartedAt(line.lineId, startedAtMs);
  }
  /** The switch lost what it held in memory: calls, and perhaps its SIP accounts. */
  onSwitchRestart(listener: () => void): void {
    this.#restartListeners.push(listener);
  }

  #after(ms: number, run: () => void): void {
    if (this.#isStopped) return;
    const timer: Timer = this.#o.clock.setTimer(ms, () => {
      this.#timers.delete(timer);
      if (!this.#isStopped) run();
    });
    this.#timers.add(timer);
  }
}

/** A call whose legs are where they should be needs no comparison event. */
function isAsExpected(
  call: Call,
  alive: ReadonlySet<string>,
  answered: ReadonlySet<string>,
  room: ReadonlySet<string> | undefined,
): boolean {
  if (!alive.has(call.customerLegId)) return false;
  // with more parties than two the machine itself looks
  if (call.consult !== null) return false;
  const legId = 'legId' in call.status ? call.status.legId : null;
  switch (call.status.state) {
    case 'waiting':
    case 'greeting':
    case 'refusing':
    case 'parked':
      return true;
    case 'ringing':
      return legId !== null && alive.has(legId) && !answered.has(legId);
    case 'talking':
      return legId !== null && room !== undefined && room.has(legId) && room.has(call.customerLegId);
    case 'held':
      return legId !== null && room !== undefined && room.has(legId);
    case 'rejoining':
      return legId === null || (alive.has(legId) && !answered.has(legId));
    default:
      return false;
  }
}
