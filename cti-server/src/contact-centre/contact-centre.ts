import type { Database } from '../db/index.ts';
import { attemptOutcome, type Queue, type RealtimeEvent, type ScreenPop } from '../contracts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { HttpApp } from '../platform/http.ts';
import type { Logger } from '../platform/logger.ts';
import type { Realtime } from '../platform/realtime.ts';
import type { TelephonyPort } from '../telephony/port.ts';
import {
  agentSettingsRoutes,
  AgentsService,
  callOf,
  createAgentsStore,
  createDeskPhones,
  createLineSwitches,
  createSipAccounts,
  leaseEveryMs,
  sipAccountRoutes,
} from './agents/index.ts';
import {
  type Call,
  CallBoard,
  CallsService,
  createCallers,
  createHouse,
  createCallsStore,
  createEffects,
  createWrapUpsStore,
  Desks,
  History,
  type HistoryEntry,
  LineKeeper,
  type Moved,
  Outgoing,
  participantsOf,
  PlaceServer,
  registerCallRoutes,
  viewOfAgent,
} from './calls/index.ts';
import { createDirectory } from './directory/index.ts';
import { createFollowUps } from './follow-ups.ts';
import { createIvr } from './ivr/index.ts';
import { createMoveWriter } from './ledger/index.ts';
import { calendarRoutes } from './hours/index.ts';
import { numberRoutes } from './numbers/index.ts';
import { pickRoutes } from './picks/index.ts';
import { queueRoutes } from './queues/index.ts';
import type { AuditTrail } from './setup/index.ts';
import { AgentTallies, ExpectedWaits, promptsForWait, readTallies } from './routing/index.ts';
import { dayStartMs, Floor, registerFloorRoutes } from './supervision/index.ts';

export interface ContactCentreOptions {
  database: Database;
  /** Connections of its own for saving moves: a call must not wait behind lists and reports. The same database. */
  callsDatabase?: Database;
  config: Config;
  clock: Clock;
  logger: Logger;
  bus: Bus;
  realtime: Realtime;
  serverId: string;
  lines: readonly { port: TelephonyPort; kind: string }[];
  audit: AuditTrail;
  deadServers(): Promise<readonly string[]>;
  /** What the CRM knows of a caller. */
  lookUp(number: string, customerId: string | null, callId: string | null): Promise<ScreenPop>;
  customerExists(customerId: string): Promise<boolean>;
  saveHistory(entry: HistoryEntry): Promise<void>;
  /** Somebody talked with this number, whoever rang whom. */
  noteConversation?(e164: string, atMs: number): Promise<void>;
  /** The customer's history says that they left a voicemail in this call. */
  saveVoicemailInHistory(told: { callId: string; customerId: string; atMs: number; queueName: string; voicemailId: string }): Promise<void>;
  onMoveSaved(): void;
}

const sweepEveryMs = 1_000;
const catchUpAgainMs = 1_000;
const followUpsSweepMs = 60_000;

/** Joins the slices of the contact centre. Holds no state of its own: many may live in one process, each with its own lines. */
export function createContactCentre(options: ContactCentreOptions) {
  const { database, config, clock, logger, bus, realtime, serverId } = options;
  const writer = createMoveWriter({ database: options.callsDatabase ?? database, clock, logger });
  const directory = createDirectory({ database, bus, logger, clock });
  const agents = new AgentsService({ store: createAgentsStore(database), writer, directory, bus, clock, logger });
  const store = createCallsStore(database);
  const wrapUps = createWrapUpsStore(database);
  const ports = new Map(options.lines.map(({ port }) => [port.lineId, port]));
  const lookUp = (call: Call): Promise<ScreenPop> =>
    options.lookUp(call.fromE164 ?? call.fromRaw, call.customerId, call.id);

  const compareSoon = (call: Call): void => keepers.find((keeper) => keeper.lineId === call.lineId)?.compareSoon();
  const tallies = new AgentTallies();
  const expectedWaits = new ExpectedWaits();
  const callers = createCallers({ database, lookUp, popOf: (callId) => board.popOf(callId), logger, agents });
  const house = createHouse({ directory, agents, clock, tallies, board: () => board, factsOf: (call) => callers.factsOf(call) });
  const board: CallBoard = new CallBoard({
    house: house.surroundings,
    choose: house.choose,
    place: house.place,
    writer,
    agents,
    directory,
    clock,
    logger,
    lookUp: async (call) => {
      const pop = await lookUp(call);
      // read only where some queue asks for it: the screen-pop waits for this
      if (pop.match === 'one' && pop.customer && directory.queues().some(asksForCaller)) await callers.learn(call.id, pop.customer.id);
      return pop;
    },
    perform: (call, effects) => perform(call, effects),
    onMoved: (moved) => onMoved(moved),
    compareSoon: (call) => compareSoon(call),
  });
  const perform = createEffects({
    line: (lineId) => ports.get(lineId),
    directory,
    clock,
    logger,
    defaultLanguage: 'es',
    positionOf: (callId) => board.positionOf(callId),
    deliver: (callId, event) => board.deliver(callId, event),
    compareSoon: (call) => compareSoon(call),
    callerFacts: (call) => callers.forFlow(call),
    keepPlace: async (call, queueId) => {
      const queue = directory.queue(queueId);
      const kept = await followUps.callbacks.takePlace({
        callId: call.id,
        queueId,
        number: call.fromE164,
        customerId: call.customerId,
        contactName: call.fromName,
        queuedAtMs: call.queuedAtMs ?? clock.now(),
        priority: (queue?.priority ?? 0) + call.priorityBonus,
        atMs: clock.now(),
      });
      return kept !== null;
    },
    expectedWait: (call, position) =>
      call.queueId !== null && directory.queue(call.queueId)?.announceExpectedWait ? promptsForWait(expectedWaits.of(call.queueId, position)) : [],
  });
  const keepers: LineKeeper[] = options.lines.map(
    ({ port, kind }) =>
      new LineKeeper({ line: port, kind, serverId, board, agents, directory, store, clock, logger, defaultCountry: () => config.defaultCountry, deadServers: options.deadServers, onHeld: () => void (isStarted && catchUp()) }),
  );
  /** What routing and announcements learn from the ledger of all servers. */
  const hearLedger = (event: { callId: string; kind: string; queueId: string | null; agentId: string | null; atMs: number }): void => {
    tallies.fold(event);
    expectedWaits.fold(event);
  };
  const desks = new Desks({ agents, board, directory, store, wrapUps, lookUp });
  const history = new History({ board, store, wrapUps, directory, clock, logger, save: options.saveHistory });
  const floor = new Floor({ agents, directory, store, bus, realtime, clock, logger, timeZone: () => config.timeZone, onEvent: (event) => hearLedger(event) });

  const holds = (lineId: string): boolean => keepers.some((keeper) => keeper.lineId === lineId && keeper.isHeld());
  const mainLineId = (ports.get(config.lineId) ?? options.lines[0]?.port)?.lineId;
  if (mainLineId === undefined) throw new Error('A contact centre needs a phone line.');
  const telephonyOf = createLineSwitches({
    bus,
    heldLine: (lineId) => (holds(lineId) ? ports.get(lineId) : undefined),
    sipRealm: config.sipDomain,
  });
  const mainLine = telephonyOf(mainLineId);
  const dependencies = { database, directory, audit: options.audit, clock };
  const ivr = createIvr({ ...dependencies, logger, speechCommand: config.speechCommand, soundsDir: config.soundsDir });
  const deskPhones = createDeskPhones({
    ...dependencies,
    telephony: mainLine,
    telephonyOf,
    sipRealm: config.sipDomain,
    sipServer: `${config.publicUrl.hostname}:${String(config.sipPort)}`,
    logger,
  });
  const sipAccounts = createSipAccounts({
    database,
    telephonyOf,
    config,
    directory,
    deskPhones,
    clock,
    logger,
    isInUse: (endpoint) => {
      for (const agent of agents.all()) if (agent.endpoint === endpoint && callOf(agent) !== null) return true;
      return false;
    },
  });

  /** Desks are pushed whole, the newest last. A change while one is being put together is pushed right after it, once. */
  const pushing = new Map<string, { again: boolean }>();
  const newDevices = new Set<string>();
  const pushDesk = async (agentId: string): Promise<void> => {
    const mine = { again: false };
    pushing.set(agentId, mine);
    try {
      do {
        mine.again = false;
        const event: RealtimeEvent = { kind: 'desk', desk: await desks.build(agentId) };
        if (!mine.again) realtime.publish(`desk:${agentId}`, 'desk', event);
      } while (mine.again);
      // the tab has just been told that the microphone is its own: it can be reached as soon as it says so, not only at the next round
      if (newDevices.delete(agentId)) realtime.askLease(agentId);
    } catch (error) {
      logger.error({ err: error, agentId }, 'a desk could not be pushed');
    } finally {
      pushing.delete(agentId);
    }
  };
  const showDesk = (agentId: string, isLocalOnly = false): void => {
    if (!isLocalOnly && bus.hasPeers()) bus.tell('desk', agentId);
    if (!realtime.hasListeners(`desk:${agentId}`)) return;
    const running = pushing.get(agentId);
    if (running) running.again = true;
    else void pushDesk(agentId);
  };

  const onMoved = (moved: Moved): void => {
    options.onMoveSaved();
    const { call, wrapUp } = moved;
    if (wrapUp) {
      desks.keep({
        agentId: wrapUp.agentId,
        callId: call.id,
        queueId: wrapUp.queueId,
        customerId: call.customerId,
        customerName: board.popOf(call.id)?.customer?.name ?? null,
        from: { raw: call.fromRaw, e164: call.fromE164, country: call.country },
        startedAt: new Date(wrapUp.startedAtMs).toISOString(),
        dispositionId: null,
        notes: '',
        completedAt: null,
        revision: 0,
      });
      if (bus.hasPeers()) bus.tell('wrapUps', wrapUp.agentId);
    }
    const shown = new Set(moved.agents.map((move) => move.after.id));
    for (const agentId of [...participantsOf(call), ...(moved.before ? participantsOf(moved.before) : [])]) shown.add(agentId);
    for (const agentId of shown) showDesk(agentId);
    floor.moved(call, moved.ledger);
    for (const entry of moved.ledger) {
      if (entry.kind === 'voicemailLeft') keepVoicemail(call, entry.atMs, Number(entry.data['seconds'] ?? 0));
    }
    if (call.status.state === 'ended') callers.forget(call.id);
    if (call.callbackId !== null) noteCallback(call);
    if (call.status.state === 'ended' && call.customerId !== null) history.record(call.id);
    if (call.status.state === 'ended' && moved.before?.status.state !== 'ended' && call.answeredAtMs !== null && call.fromE164 !== null) {
      options.noteConversation?.(call.fromE164, call.answeredAtMs).catch((error: unknown) => logger.warn({ err: error, callId: call.id }, 'a conversation is not noted with the leads'));
    }
  };
  const keepVoicemail = (call: Call, recordedAtMs: number, seconds: number): void => {
    if (call.queueId === null) return;
    const { id: callId, lineId, queueId, customerId } = call;
    followUps.voicemail
      .keep({ callId, lineId, queueId, from: { raw: call.fromRaw, e164: call.fromE164 }, customerId, recordedAtMs, seconds })
      .catch((error: unknown) => logger.warn({ err: error, callId }, 'a voicemail could not be kept yet; the switch holds it and it is looked for again'));
  };
  /** A callback learns how its call went. */
  const noteCallback = (call: Call): void => {
    const { callbackId, id: callId, agentId } = call;
    if (callbackId === null) return;
    const failed = (error: unknown): void => logger.warn({ err: error, callId, callbackId }, 'a callback could not be told of its call');
    if (call.status.state !== 'ended' || call.outcome === null) return;
    const outcome = attemptOutcome.safeParse(call.outcome);
    followUps.callbacks.noteAttempt({ callbackId, callId, outcome: outcome.success ? outcome.data : 'failed', agentId, atMs: call.endedAtMs ?? clock.now() }).catch(failed);
  };
  let talliesSinceMs = 0;
  const readDay = async (): Promise<void> => {
    const startMs = dayStartMs(clock.now(), config.timeZone);
    if (startMs === talliesSinceMs) return;
    tallies.take(await readTallies(database, startMs));
    talliesSinceMs = startMs;
  };
  const countAtWork = async (): Promise<void> => {
    const nowMs = clock.now();
    await readDay();
    const atWork = new Map<string, number>();
    for (const agent of agents.all()) {
      if (agent.status.state === 'offline' || agent.status.state === 'notReady') continue;
      for (const queueId of directory.agent(agent.id)?.queueIds ?? []) atWork.set(queueId, (atWork.get(queueId) ?? 0) + 1);
    }
    for (const { id } of directory.queues()) expectedWaits.agentsAre(id, atWork.get(id) ?? 0, nowMs);
  };
  agents.onChange(({ agent, before }) => {
    if (agent.deviceTabId !== before.deviceTabId || agent.endpoint !== before.endpoint) newDevices.add(agent.id);
    showDesk(agent.id, true);
  });
  // a queue renamed, an agent given another one: the desks say so at once
  directory.onChange(() => {
    for (const setup of directory.agents()) showDesk(setup.userId, true);
  });
  bus.on('desk', (agentId) => showDesk(String(agentId), true));
  bus.on('wrapUps', (agentId) => desks.forget(String(agentId)));
  realtime.provide('desk', {
    access: ['calls.take'],
    rooms: (viewer) => [`desk:${viewer.userId}`],
    snapshot: async (viewer) => ({ kind: 'desk', desk: await desks.build(viewer.userId) }),
    replay: 0,
  });

  const calls = new CallsService({
    board,
    agents,
    desks,
    store,
    wrapUps,
    directory,
    bus,
    clock,
    endpointOfSession: (sessionId) => sipAccounts.endpointOf(sessionId),
    customerExists: options.customerExists,
    recordHistory: (callId) => history.record(callId),
    showDesk: (agentId) => showDesk(agentId),
  });

  const outgoing = new Outgoing({
    board,
    calls,
    agents,
    directory,
    store,
    bus,
    clock,
    lineId: mainLineId,
    holdsLine: () => holds(mainLineId),
    reach: house.surroundings.reach,
    rules: { defaultCountry: config.defaultCountry, barred: config.barredNumbers, emergency: config.emergencyNumbers },
    customerExists: options.customerExists,
    claimCallback: (told) => followUps.callbacks.noteDialled(told),
  });

  const followUps = createFollowUps({
    ...dependencies,
    ...{ directory, logger, bus, realtime, config },
    heldLines: () => keepers.filter((keeper) => keeper.isHeld()).flatMap(({ lineId }) => ports.get(lineId) ?? []).map((port) => ({ lineId: port.lineId, port })),
    customerExists: options.customerExists,
    recognise: async (number) => {
      const { match, customer } = await options.lookUp(number, null, null);
      return match === 'one' && customer ? { customerId: customer.id, name: customer.name } : null;
    },
    tellHistory: options.saveVoicemailInHistory,
  });

  const places = new PlaceServer({
    ...{ board, agents, directory, clock, logger },
    callbacks: followUps.callbacks,
    choose: house.choose,
    lineId: mainLineId,
    holdsLine: () => isStarted && holds(mainLineId),
  });

  const timers: Timer[] = [];
  let isStarted = false;
  let wasCaughtStarting = false;
  let isStopped = false;
  /** A server that died may have taken its last messages with it; one that did not know of us told us nothing. */
  const catchUp = async (): Promise<void> => {
    try {
      await directory.load();
      await agents.load();
      await floor.load();
      await followUps.callbacks.load();
    } catch (error) {
      logger.warn({ err: error }, 'what another server did last could not be read; tried again');
      if (!isStopped) timers.push(clock.setTimer(catchUpAgainMs, () => void catchUp()));
    }
  };
  const every = (ms: number, run: () => Promise<void> | void): void => {
    const timer = clock.setTimer(ms, () => {
      timers.splice(timers.indexOf(timer), 1);
      if (isStopped) return;
      Promise.resolve(run())
        .catch((error: unknown) => logger.error({ err: error }, 'a regular task failed'))
        .finally(() => !isStopped && every(ms, run));
    });
    timers.push(timer);
  };

  bus.onCaughtSight(() => {
    if (isStarted) void catchUp();
    else wasCaughtStarting = true;
  });
  for (const keeper of keepers) keeper.onSwitchRestart(() => void sipAccounts.afterSwitchRestart().catch((error: unknown) => logger.error({ err: error }, 'desk phones')));

  return {
    agents,
    board,
    calls,
    directory,
    floor,
    callbacks: followUps.callbacks,
    voicemail: followUps.voicemail,
    sipAccounts,
    ivr,
    writer,
    mainLine,
    lines: (): { lineId: string; status: ReturnType<TelephonyPort['status']>; isHeld: boolean }[] =>
      keepers.map((keeper) => ({ lineId: keeper.lineId, status: ports.get(keeper.lineId)?.status() ?? { state: 'connecting', sinceMs: 0, reason: '' }, isHeld: keeper.isHeld() })),

    registerRoutes(app: HttpApp): void {
      queueRoutes(app, dependencies);
      calendarRoutes(app, dependencies);
      numberRoutes(app, dependencies);
      pickRoutes(app, dependencies);
      agentSettingsRoutes(app, { ...dependencies, presence: agents, deskPhones });
      sipAccountRoutes(app, { sipAccounts });
      registerCallRoutes(app, calls, outgoing, (agentId) => viewOfAgent(agents.get(agentId), directory, agents.isReachable(agentId)));
      registerFloorRoutes(app, floor);
      followUps.registerRoutes(app);
    },

    /** Reads everything, takes the lines, and begins. */
    async start(): Promise<void> {
      await directory.load();
      await agents.load();
      for (const keeper of keepers) await keeper.start();
      await floor.load();
      await followUps.callbacks.load();
      await readDay();
      expectedWaits.settle(board.waiting().map(({ callId, queueId, queuedAtMs }) => ({ callId, queueId, sinceMs: queuedAtMs })), clock.now());
      isStarted = true;
      if (wasCaughtStarting) await catchUp();
      every(sweepEveryMs, () => agents.sweep());
      every(sweepEveryMs, () => board.sweep());
      every(sweepEveryMs, countAtWork);
      every(followUpsSweepMs, () => places.serve());
      every(leaseEveryMs, () => realtime.askLeases());
      every(followUpsSweepMs, () => followUps.sweep());
      history.makeUp().catch((error: unknown) => logger.warn({ err: error }, 'history could not be made up'));
    },

    /** Lets go of the lines; calls in progress live on in the switch. */
    async stop(): Promise<void> {
      isStopped = true;
      for (const timer of timers) timer.cancel();
      followUps.callbacks.stop();
      for (const keeper of keepers) await keeper.stop();
      await writer.drain();
    },
  };
}
export type ContactCentre = ReturnType<typeof createContactCentre>;

/** Whether the queue's rules look at who calls. */
const asksForCaller = ({ tierBonus, ownerFirst, lastAgentDays }: Queue): boolean => ownerFirst || lastAgentDays > 0 || Object.values(tierBonus).some((bonus) => bonus !== 0);
