import { type Calendar, type FlowVersion, flowVersion, nextAction, type Queue } from '../../contracts/index.ts';
import type { Bus } from '../../platform/bus.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AgentSetup, Directory, DispositionPick, NamedPick, NumberSetup, OwnNumber } from './directory.ts';
import { type Database, type DirectoryRows, readDirectory } from './directory.store.ts';
import { canonicalNumber, withoutDecoration } from './number-spelling.ts';
import { queueFromRow } from './queue-row.ts';

/** A reading that failed is tried again after this long, until one succeeds: what was read before stays in force meanwhile. */
export const retryAfterMs = 2_000;

const topics = { changed: 'directoryChanged', endpoint: 'sipEndpointChanged' } as const;

interface Snapshot {
  queues: ReadonlyMap<string, Queue>;
  queueList: readonly Queue[];
  calendars: ReadonlyMap<string, Calendar>;
  flowVersions: ReadonlyMap<string, FlowVersion>;
  /** By flow. */
  publishedFlows: ReadonlyMap<string, FlowVersion>;
  /** By canonical spelling. */
  numbers: ReadonlyMap<string, NumberSetup>;
  /** The number itself, by its id. */
  ownNumbers: ReadonlyMap<string, string>;
  numbersToShow: readonly OwnNumber[];
  agents: ReadonlyMap<string, AgentSetup>;
  /** User by SIP account, of browsers and of desk phones. Browsers' accounts come and go between two readings. */
  endpoints: Map<string, string>;
  reasonCodes: ReadonlyMap<string, NamedPick>;
  dispositions: ReadonlyMap<string, DispositionPick>;
}

/** Name of a desk phone's account at the switch. */
export const deskPhoneEndpoint = (extension: string): string => `desk-${extension}`;

/**
 * The set-up in memory. `load` throws when the database cannot be read; later readings that fail are logged and repeated, and the last
 * good set-up stays in force. Each reading is of one instant and replaces the one before as a whole.
 */
export function createDirectory(options: { database: Database; bus: Bus; logger: Logger; clock?: Clock }): Directory {
  const { database, bus, logger, clock = systemClock } = options;
  const listeners: (() => void)[] = [];
  let present: Snapshot = emptySnapshot();
  let running: Promise<void> | null = null;
  let following: Promise<void> | null = null;
  let isRetryPlanned = false;

  const read = async (): Promise<void> => {
    present = snapshotOf(await readDirectory(database));
    for (const listener of listeners) listener();
  };

  /** Who asks during a reading gets the one after it: the running one may have looked before the change. Many who ask share one. */
  const reload = (): Promise<void> => {
    if (running) {
      following ??= running
        .catch(() => {
          // told to who asked for that reading
        })
        .then(() => {
          following = null;
          return reload();
        });
      return following;
    }
    running = read().finally(() => (running = null));
    return running;
  };

  const reloadOrRetry = async (): Promise<void> => {
    try {
      await reload();
    } catch (error) {
      logger.warn({ err: error, retryAfterMs }, 'the directory could not be read again; the last one stays in force');
      if (isRetryPlanned) return;
      isRetryPlanned = true;
      clock.setTimer(retryAfterMs, () => {
        isRetryPlanned = false;
        void reloadOrRetry();
      });
    }
  };

  const applyEndpoint = (endpoint: string, userId: string | null): void => {
    if (userId === null) present.endpoints.delete(endpoint);
    else present.endpoints.set(endpoint, userId);
    // a reading that began before this change would bring back the old
    if (running) void reloadOrRetry();
  };

  bus.on(topics.changed, () => void reloadOrRetry());
  bus.on(topics.endpoint, (message) => {
    const { endpoint, userId } = message as { endpoint: string; userId: string | null };
    applyEndpoint(endpoint, userId);
  });

  return {
    load: reload,
    async changed() {
      bus.tell(topics.changed, null);
      await reloadOrRetry();
    },
    endpointChanged(endpoint, userId) {
      bus.tell(topics.endpoint, { endpoint, userId });
      applyEndpoint(endpoint, userId);
    },
    onChange: (listener) => void listeners.push(listener),
    queue: (id) => present.queues.get(id),
    queues: () => present.queueList,
    calendar: (id) => present.calendars.get(id),
    publishedFlow: (flowId) => present.publishedFlows.get(flowId),
    flowVersion: (versionId) => present.flowVersions.get(versionId),
    numberFor: (dialled) => present.numbers.get(canonicalNumber(withoutDecoration(dialled))),
    numberShownBy(queueId) {
      const numberId = present.queues.get(queueId)?.outboundNumberId ?? null;
      return numberId === null ? null : (present.ownNumbers.get(numberId) ?? null);
    },
    numbersToShow: () => present.numbersToShow,
    agent: (userId) => present.agents.get(userId),
    agents: () => present.agents.values(),
    agentByEndpoint(endpoint) {
      const userId = present.endpoints.get(endpoint);
      return userId === undefined ? undefined : present.agents.get(userId);
    },
    reasonCode: (id) => present.reasonCodes.get(id),
    disposition: (id) => present.dispositions.get(id),
  };
}

const emptySnapshot = (): Snapshot => ({
  queues: new Map(),
  queueList: [],
  calendars: new Map(),
  flowVersions: new Map(),
  publishedFlows: new Map(),
  numbers: new Map(),
  numbersToShow: [],
  ownNumbers: new Map(),
  agents: new Map(),
  endpoints: new Map(),
  reasonCodes: new Map(),
  dispositions: new Map(),
});

function snapshotOf(rows: DirectoryRows): Snapshot {
  const skillsOfQueue = Map.groupBy(rows.queueSkills, (row) => row.queueId);
  const queueList = rows.queues.map((row) =>
    queueFromRow(
      row,
      (skillsOfQueue.get(row.id) ?? []).map(({ skillId, minLevel }) => ({ skillId, minLevel })),
    ),
  );
  const versions = rows.flowVersions.map(({ version, isInForce }) => ({ version: versionOf(version), isInForce }));
  const ownNumbers = new Map(rows.numbers.map((row) => [row.id, row.number]));
  const queuesOfAgent = Map.groupBy(rows.queueAgents, (row) => row.userId);
  const skillsOfAgent = Map.groupBy(rows.agentSkills, (row) => row.userId);
  const agents = rows.agents.map((row): AgentSetup => ({
    ...row,
    deskPhoneEndpoint: row.extension === null ? null : deskPhoneEndpoint(row.extension),
    queueIds: new Set((queuesOfAgent.get(row.userId) ?? []).map(({ queueId }) => queueId)),
    skills: new Map((skillsOfAgent.get(row.userId) ?? []).map(({ skillId, level }) => [skillId, level])),
  }));
  const endpoints = new Map(rows.endpoints.map((row) => [row.endpoint, row.userId]));
  for (const agent of agents) if (agent.deskPhoneEndpoint !== null) endpoints.set(agent.deskPhoneEndpoint, agent.userId);
  return {
    queues: new Map(queueList.map((queue) => [queue.id, queue])),
    queueList,
    calendars: new Map(rows.calendars.map((row) => [row.id, row])),
    flowVersions: new Map(versions.map(({ version }) => [version.id, version])),
    publishedFlows: new Map(versions.filter(({ isInForce }) => isInForce).map(({ version }) => [version.flowId, version])),
    numbers: new Map(rows.numbers.map((row) => [canonicalNumber(row.number), numberOf(row, ownNumbers)])),
    ownNumbers,
    numbersToShow: rows.numbers.map(({ id, number, label, queueId }) => ({ id, number, label, queueId })).sort((a, b) => a.label.localeCompare(b.label) || (a.number < b.number ? -1 : 1)),
    agents: new Map(agents.map((agent) => [agent.userId, agent])),
    endpoints,
    reasonCodes: new Map(rows.reasonCodes.map((row) => [row.id, pickOf(row)])),
    dispositions: dispositionsOf(rows),
  };
}

/** Who published it is for the history, not for calls. */
const versionOf = ({ publishedBy: _by, ...row }: DirectoryRows['flowVersions'][number]['version']): FlowVersion =>
  flowVersion.parse({ ...row, publishedAt: row.publishedAt.toISOString(), publishedByName: null });

const pickOf = ({ id, name, active, sortOrder }: NamedPick): NamedPick => ({ id, name, active, sortOrder });

/** What is shown instead may have been switched off: then the number shows itself. */
const numberOf = (row: DirectoryRows['numbers'][number], ownNumbers: ReadonlyMap<string, string>): NumberSetup => ({
  id: row.id,
  queueId: row.queueId,
  flowId: row.flowId,
  priorityBonus: row.priorityBonus,
  shownNumber: ownNumbers.get(row.outboundNumberId ?? row.id) ?? row.number,
  country: row.country,
});

function dispositionsOf(rows: DirectoryRows): ReadonlyMap<string, DispositionPick> {
  const byId = new Map(rows.dispositions.map((row) => [row.id, row]));
  const groups = new Set(rows.dispositions.filter((row) => row.active).map((row) => row.parentId));
  const isOn = (row: DirectoryRows['dispositions'][number]): boolean => {
    for (let here: typeof row | undefined = row; here; here = here.parentId === null ? undefined : byId.get(here.parentId)) {
      if (!here.active) return false;
    }
    return true;
  };
  return new Map(
    rows.dispositions.map((row) => [
      row.id,
      {
        ...pickOf(row),
        queueIds: row.queueIds,
        parentId: row.parentId,
        nextAction: nextAction.parse(row.nextAction),
        canBeChosen: !groups.has(row.id) && isOn(row),
      },
    ]),
  );
}
