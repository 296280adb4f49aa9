import { existsSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { fastifyStatic } from '@fastify/static';
import type { FastifyRequest } from 'fastify';
import { Redis } from 'ioredis';
import { createAccess, ensureDemoUsers, sealAudit } from './access/index.ts';
import { callList, registerCallHistoryRoutes, stateList } from './contact-centre/call-history/index.ts';
import { createContactCentre, type ContactCentre } from './contact-centre/contact-centre.ts';
import { ensureDefaults, ensureDemoSetup } from './contact-centre/demo-setup.ts';
import { publishDemoFlow } from './contact-centre/ivr/index.ts';
import { competitors } from './crm/competitors/index.ts';
import { contactDeclaration, createCustomers, customerDeclaration } from './crm/customers/index.ts';
import { ensureDemoCustomers } from './crm/demo-customers.ts';
import { createExports } from './crm/exports/index.ts';
import { createImports } from './crm/imports/index.ts';
import { createLeads, ensureDemoLeads, leadDeclaration, leadReferences, openLeadsWith } from './crm/leads/index.ts';
import { auditList, createLists } from './crm/lists/index.ts';
import { createPhoneBook, sharedNumberDeclaration } from './crm/phone-book/index.ts';
import { createRecords } from './crm/records/index.ts';
import { createTickets, ticketDeclaration } from './crm/tickets/index.ts';
import { createTimeline } from './crm/timeline/index.ts';
import { migrateDatabase, openDatabase } from './db/index.ts';
import { registerDemoRoutes } from './demo.routes.ts';
import { createSocketBus } from './platform/bus-socket.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import type { Config } from './platform/config.ts';
import { createHttp } from './platform/http.ts';
import { newId } from './platform/ids.ts';
import { createJobs } from './platform/jobs.ts';
import { createLogger } from './platform/logger.ts';
import { Realtime } from './platform/realtime.ts';
import { createMetrics, createProcessesStore, registerSystemRoutes, SystemService } from './system/index.ts';
import { createAsteriskLine } from './telephony/asterisk/index.ts';
import type { TelephonyPort } from './telephony/port.ts';
import { createSimulatedLine } from './telephony/simulated/index.ts';

export interface AppOptions {
  config: Config;
  clock?: Clock;
  /** Given lines instead of those of the configuration: tests and simulations. */
  lines?: readonly { port: TelephonyPort; kind: string }[];
}

/** Calls that ended are their customer's; one in progress settles it itself. */
const callReferences = [
  { table: 'calls', column: 'customer_id', only: 'ended_at is not null', alsoSet: `state = jsonb_set(state, '{customerId}', to_jsonb($to::text))` },
  { table: 'callbacks', column: 'customer_id' },
  { table: 'voicemails', column: 'customer_id' },
];

/** A browser may be this long without an answered SIP round trip and still count as reachable. */
const freshSipMs = 12_000;

/**
 * The one place where real things are chosen and joined. Answers once everything listens; `close` stops in the opposite order and leaves
 * calls in progress to the switch.
 */
export async function startApp(options: AppOptions) {
  // the company's own country and zone, once it is set up, win over the settings
  const config: Config = { ...options.config };
  const clock = options.clock ?? systemClock;
  const logger = createLogger(config.logLevel);
  const serverId = newId(clock.now());
  await migrateDatabase(config.databaseUrl);
  const onError = (error: Error): void => logger.warn({ err: error }, 'database connection lost');
  const database = openDatabase(config.databaseUrl, { applicationName: 'cti-server', onError });
  // what a caller waits for never queues behind lists, sessions and reports
  const callsDatabase = openDatabase(config.databaseUrl, { applicationName: 'cti-server calls', max: 6, onError });
  const redis = config.redisUrl === undefined ? null : new Redis(config.redisUrl, { maxRetriesPerRequest: null });
  redis?.on('error', (error: Error) => logger.warn({ err: error }, 'redis'));

  const hasConsole = existsSync(resolve(config.consoleDir, 'index.html'));
  const access = createAccess({ database, clock, logger, config });
  const http = await createHttp({
    logger,
    trustProxy: config.trustProxy,
    publicUrl: config.publicUrl,
    connectSources: config.sipWebSocketUrl.startsWith('/') ? [] : [new URL(config.sipWebSocketUrl).origin],
    resolveViewer: access.resolveViewer,
    otherwise: (request, reply) => (isPage(request) && hasConsole ? reply.header('cache-control', 'no-cache').sendFile('index.html') : null),
  });

  const realtime: Realtime = new Realtime(http.server, {
    clock,
    logger,
    publicUrl: config.publicUrl,
    resolveViewer: access.resolveViewer,
    onLease: (viewer, lease) => {
      const { agents } = centre;
      const agent = agents.get(viewer.userId);
      if (agent.device !== 'browser' || agent.deviceTabId !== lease.tabId || !lease.hasMicrophone) return;
      const isAnswered = lease.registered && lease.sipRoundTripAgoMs !== null && lease.sipRoundTripAgoMs < freshSipMs;
      if (isAnswered) agents.renewLease(viewer.userId);
      else agents.dropLease(viewer.userId);
    },
    // its tab may have been one of several: those that are left answer for themselves at once
    onLeft: (viewer) => realtime.askLease(viewer.userId),
    onPopShown: (viewer, callId) => {
      const call = centre.board.find(callId);
      if (call && call.agentId === viewer.userId) metrics.popSeconds.observe((clock.now() - call.startedAtMs) / 1000);
    },
  });
  const bus = createSocketBus({ realtime, redis, pool: database.$client, clock, logger });
  const timeline = createTimeline({ database, clock });
  const usersWithSkills = (skillIds: readonly string[]): Promise<string[]> =>
    Promise.resolve([...centre.directory.agents()].filter((agent) => skillIds.some((skillId) => agent.skills.has(skillId))).map((agent) => agent.userId));
  const engine = await createRecords({
    ...{ database, clock, audit: access.audit, config, bus },
    declarations: [customerDeclaration({ timeline, references: [...callReferences, ...leadReferences] }), contactDeclaration, ticketDeclaration({ timeline, usersWithSkills }), leadDeclaration(config), competitors, sharedNumberDeclaration(config)],
  });
  const { records } = engine;
  const customers = createCustomers({ database, callsDatabase, clock, audit: access.audit, records, config, leadsWith: openLeadsWith });
  const tickets = createTickets({ database, clock, audit: access.audit, records, usersWithSkills, onRules: engine.reload });
  const phoneBook = createPhoneBook({ database, records, stateOf: (userId) => (centre.directory.agent(userId) ? centre.agents.get(userId).status.state : null) });
  const leads = await createLeads({
    ...{ database, clock, audit: access.audit, records, timeline, config, logger },
    usersWithSkills,
  });
  const filing = { ...{ database, clock, logger, audit: access.audit, records, config }, folder: join(tmpdir(), `centralita-files-${String(userInfo().uid)}`) };
  // the hooks of these say nothing to a new record
  const imports = createImports({ ...filing, types: engine.types, cipher: engine.cipher, loadedInSets: new Set(['customer', 'contact']) });
  const lists = createLists({ database, clock, cipher: engine.cipher, types: engine.types, views: engine.views, declarations: [callList, stateList, auditList] });
  const exports = createExports({ ...filing, lists });

  const system: SystemService = new SystemService({
    serverId,
    store: createProcessesStore(database),
    clock,
    logger,
    lines: () => centre.lines(),
    pingRedis: redis && (async () => void (await redis.ping())),
    movesWaitingSinceMs: () => centre.writer.awaySinceMs(),
    onPeers: (count) => bus.setPeers(count),
    onBeat: () => {
      if (realtime.hasListeners('system:all')) void system.status().then((status) => realtime.publish('system:all', 'system', { kind: 'system', status }));
    },
  });
  const centre: ContactCentre = createContactCentre({
    database,
    callsDatabase,
    config,
    clock,
    logger,
    bus,
    realtime,
    serverId,
    lines: options.lines ?? [configuredLine(config, clock, logger, (soundId) => centre.ivr.sounds.fileOf(soundId))],
    audit: access.audit,
    deadServers: () => system.deadServers(),
    lookUp: (number, customerId, callId) => customers.screenPop(number, { excludeCallId: callId, customerId }),
    customerExists: async (customerId) => (await customers.screenPop('', { customerId })).match === 'one',
    saveHistory: (entry) => timeline.recordCall(database, entry),
    noteConversation: (e164, atMs) => leads.noteConversation(e164, atMs),
    saveVoicemailInHistory: (told) => timeline.recordCall(database, { ...told, direction: 'inbound' }),
    onMoveSaved: () => metrics.moves.inc(),
  });
  const metrics = createMetrics({
    *queues() {
      for (const queue of centre.directory.queues()) yield { name: queue.name, counts: centre.floor.counts(queue.id), waiting: centre.floor.waitingNow(queue.id) };
    },
    *agents() {
      for (const agent of centre.agents.all()) yield { state: agent.status.state };
    },
    openCalls: () => [...centre.board.openCalls()].length,
    linesConnected: () => centre.lines().filter((line) => line.status.state === 'connected').length,
  });
  realtime.provide('system', {
    access: ['system.read'],
    rooms: () => ['system:all'],
    snapshot: async () => ({ kind: 'system', status: await system.status() }),
    replay: 0,
  });
  access.onSessionEnded(async (sessionId, userId, reason) => {
    const endpoint = await centre.sipAccounts.endpointOf(sessionId);
    realtime.endSession(sessionId, reason === 'userDeactivated' ? 'deactivated' : reason === 'expired' ? 'expired' : 'signedOut');
    if (endpoint !== null && centre.agents.get(userId).endpoint === endpoint) await centre.agents.apply(userId, { kind: 'left', atMs: clock.now() });
    await centre.sipAccounts.dropForSession(sessionId);
  });
  const followCompany = async (): Promise<void> => {
    const { country, timeZone, locale } = await access.getCompany();
    Object.assign(config, { defaultCountry: country, timeZone });
    if (!config.demoMode && !(await access.setupNeeded())) await ensureDefaults(database, clock, locale);
  };
  access.onViewersChanged(async () => {
    await followCompany();
    await centre.directory.changed();
  });

  access.registerRoutes(http);
  centre.registerRoutes(http);
  await centre.ivr.registerRoutes(http);
  customers.registerRoutes(http);
  await engine.registerRoutes(http);
  timeline.registerRoutes(http);
  tickets.registerRoutes(http);
  phoneBook.registerRoutes(http);
  leads.registerRoutes(http);
  await imports.registerRoutes(http);
  lists.registerRoutes(http);
  registerCallHistoryRoutes(http, { database, lists });
  exports.registerRoutes(http);
  registerSystemRoutes(http, system, metrics, config.metricsToken);
  if (config.demoMode) registerDemoRoutes(http, { database, centre, clock });
  if (hasConsole) await serveConsole(http, config.consoleDir);
  else logger.warn({ folder: config.consoleDir }, 'the console is not built: only the API is served');

  await access.firstStart();
  if (config.demoMode) {
    const { users } = await ensureDemoUsers({ database, clock });
    await ensureDemoSetup(database, clock);
    await ensureDemoCustomers(database, clock, [users.ana, users.bruno, users.lin]);
    await ensureDemoLeads(records, [users.ana, users.bruno, users.lin]);
  }
  await followCompany();

  await system.start();
  await centre.start();
  // spoken once; without a voice the draft waits for the next start
  if (config.demoMode) await publishDemoFlow(centre.ivr.flows).catch((error: unknown) => logger.warn({ err: error }, 'the demo call flow could not be published'));
  const jobs = createJobs({ redis, databaseUrl: config.databaseUrl, logger });
  await jobs.every('expireSessions', 60_000, async () => void (await access.expireSessions(clock.now())));
  await jobs.every('sealAudit', 1_000, async () => {
    while ((await sealAudit(database)) > 0);
  });
  await jobs.every('sweepSipAccounts', 60_000, async () => void (await centre.sipAccounts.sweep()));
  await jobs.every('circulateLeads', 60_000, async () => {
    const report = await leads.circulate();
    if (report.settled + Object.values(report.pooled).reduce((sum, count) => sum + count, 0) > 0) logger.info({ report }, 'leads went round');
  });
  await jobs.every('resumeImports', 60_000, () => imports.resume());
  await jobs.every('sweepFiles', 3_600_000, async () => void (await Promise.all([imports.sweep(), exports.sweep()])));
  await exports.resume();
  await imports.resume();
  const address = await http.listen({ host: config.httpHost, port: config.httpPort });
  logger.info({ address, serverId }, 'ready');

  return {
    address,
    centre,
    database,
    realtime,
    async close(): Promise<void> {
      await realtime.close();
      await http.close();
      await jobs.close();
      await Promise.all([imports.close(), exports.close()]);
      await centre.stop();
      await system.stop();
      redis?.disconnect();
      await callsDatabase.$client.end();
      await database.$client.end();
    },
  };
}
export type App = Awaited<ReturnType<typeof startApp>>;

function configuredLine(config: Config, clock: Clock, logger: ReturnType<typeof createLogger>, soundFile: (soundId: string) => Promise<string | null>): { port: TelephonyPort; kind: string } {
  if (config.telephony === 'simulated') return { kind: 'simulated', port: createSimulatedLine({ lineId: config.lineId, clock }) };
  return {
    kind: 'asterisk',
    port: createAsteriskLine({
      lineId: config.lineId,
      ariUrl: config.ariUrl,
      user: config.ariUser,
      password: config.ariPassword,
      clock,
      logger,
      soundFile,
      trunk: config.trunkDial,
      ...(config.sipMediaAddress === undefined ? {} : { mediaAddress: config.sipMediaAddress }),
    }),
  };
}

/** The files of the built console; names with a hash in them never change. */
async function serveConsole(http: Awaited<ReturnType<typeof createHttp>>, folder: string): Promise<void> {
  await http.register(fastifyStatic, {
    root: resolve(folder),
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes('/immutable/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

/** The console is one page: every path that is neither a file nor the API leads to it. */
const isPage = (request: FastifyRequest): boolean =>
  request.method === 'GET' && !/^\/(api|socket\.io)(\/|$)/.test(request.url) && !/\.\w{2,5}($|\?)/.test(request.url);
