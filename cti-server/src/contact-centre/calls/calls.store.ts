import { and, asc, desc, eq, gte, inArray, isNotNull, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { callEvents, calls, customers, type Database, lines, queues, users } from '../../db/index.ts';
import type { CallOutcome } from '../../contracts/index.ts';
import { type Call, type CallDirection, withDefaults } from './call-types.ts';

export interface StoredCall {
  call: Call;
  queueName: string | null;
  agentName: string | null;
  customerName: string | null;
}

export interface CallFilter {
  customerId?: string | undefined;
  queueId?: string | undefined;
  agentId?: string | undefined;
  outcome?: CallOutcome | undefined;
  direction?: CallDirection | undefined;
  search?: string | undefined;
  /** Only calls of these agents, and those of these queues that no agent took; undefined: of everybody. */
  visible?: { agentIds: readonly string[]; queueIds: readonly string[] } | undefined;
  cursor?: { startedAtMs: number; id: string } | undefined;
  limit: number;
}

export interface LedgerRow {
  callId: string;
  seq: number;
  atMs: number;
  kind: string;
  queueId: string | null;
  agentId: string | null;
  data: Record<string, unknown>;
}

export interface CallsStore {
  /** Calls in progress, of one line or of all. */
  openCalls(lineId?: string): Promise<Call[]>;
  find(id: string): Promise<StoredCall | null>;
  /** The call that this leg of a customer belongs to, ended or not. */
  findByCustomerLeg(lineId: string, legId: string): Promise<boolean>;
  list(filter: CallFilter): Promise<StoredCall[]>;
  events(callId: string): Promise<LedgerRow[]>;
  /** The ledger since an instant, in pages, for folding. */
  ledgerSince(atMs: number): AsyncGenerator<LedgerRow[]>;
  /** Ended calls with a customer since an instant: to make up for history entries that a crash prevented. */
  endedWithCustomerSince(atMs: number): Promise<Call[]>;
  /**
   * Takes or keeps the line for this server until `untilMs`. False while another living server holds it.
   * @param deadOwnerIds servers known to be dead: their lease counts for nothing
   */
  holdLine(line: { id: string; kind: string; ownerId: string; nowMs: number; untilMs: number; deadOwnerIds: readonly string[] }): Promise<boolean>;
  releaseLine(id: string, ownerId: string): Promise<void>;
  /** When the line's switch had been started as we last knew; null when never seen. */
  switchStartedAt(lineId: string): Promise<number | null>;
  saveSwitchStartedAt(lineId: string, atMs: number): Promise<void>;
}

/** Rows read at once when the ledger is folded. */
const ledgerPage = 5_000;

export function createCallsStore(database: Database): CallsStore {
  const readCall = (row: { state: unknown; version: number }): Call => ({ ...withDefaults(row.state as Call), version: row.version });
  const withNames = () =>
    database
      .select({ state: calls.state, version: calls.version, queueName: queues.name, agentName: users.name, customerName: customers.name })
      .from(calls)
      .leftJoin(queues, eq(queues.id, calls.queueId))
      .leftJoin(users, eq(users.id, calls.agentId))
      .leftJoin(customers, eq(customers.id, calls.customerId));
  type Row = Awaited<ReturnType<typeof withNames>>[number];
  const named = (row: Row): StoredCall => ({ call: readCall(row), queueName: row.queueName, agentName: row.agentName, customerName: row.customerName });
  const toLedger = (row: typeof callEvents.$inferSelect): LedgerRow => ({
    callId: row.callId,
    seq: row.seq,
    atMs: row.at.getTime(),
    kind: row.kind,
    queueId: row.queueId,
    agentId: row.agentId,
    data: row.data as Record<string, unknown>,
  });

  return {
    openCalls: async (lineId) => (await database.select().from(calls).where(and(lineId === undefined ? undefined : eq(calls.lineId, lineId), isNull(calls.endedAt)))).map(readCall),
    find: async (id) => {
      const [row] = await withNames().where(eq(calls.id, id));
      return row ? named(row) : null;
    },
    findByCustomerLeg: async (lineId, legId) => {
      const since = sql`now() - interval '1 day'`;
      const found = await database
        .select({ id: calls.id })
        .from(calls)
        .where(and(eq(calls.lineId, lineId), gte(calls.startedAt, since), sql`${calls.state}->>'customerLegId' = ${legId}`))
        .limit(1);
      return found.length > 0;
    },
    list: async (filter) => {
      const where: (SQL | undefined)[] = [
        filter.customerId ? eq(calls.customerId, filter.customerId) : undefined,
        filter.queueId ? eq(calls.queueId, filter.queueId) : undefined,
        filter.agentId ? eq(calls.agentId, filter.agentId) : undefined,
        filter.outcome ? eq(calls.outcome, filter.outcome) : undefined,
        filter.direction ? eq(calls.direction, filter.direction) : undefined,
        filter.search ? sql`${calls.fromE164} like ${`${filter.search.replace(/[^+\d]/g, '')}%`}` : undefined,
        filter.visible
          ? or(inArray(calls.agentId, [...filter.visible.agentIds]), and(isNull(calls.agentId), inArray(calls.queueId, [...filter.visible.queueIds])))
          : undefined,
        filter.cursor
          ? or(
              lt(calls.startedAt, new Date(filter.cursor.startedAtMs)),
              and(eq(calls.startedAt, new Date(filter.cursor.startedAtMs)), lt(calls.id, filter.cursor.id)),
            )
          : undefined,
      ];
      const rows = await withNames()
        .where(and(...where))
        .orderBy(desc(calls.startedAt), desc(calls.id))
        .limit(filter.limit);
      return rows.map(named);
    },
    events: async (callId) => (await database.select().from(callEvents).where(eq(callEvents.callId, callId)).orderBy(asc(callEvents.seq))).map(toLedger),
    async *ledgerSince(atMs) {
      let after: LedgerRow | null = null;
      for (;;) {
        const rows: LedgerRow[] = (
          await database
            .select()
            .from(callEvents)
            .where(
              after === null
                ? gte(callEvents.at, new Date(atMs))
                : sql`(${callEvents.at}, ${callEvents.callId}, ${callEvents.seq}) > (${new Date(after.atMs).toISOString()}::timestamptz, ${after.callId}::uuid, ${after.seq}::int)`,
            )
            .orderBy(asc(callEvents.at), asc(callEvents.callId), asc(callEvents.seq))
            .limit(ledgerPage)
        ).map(toLedger);
        if (rows.length > 0) yield rows;
        after = rows.at(-1) ?? null;
        if (rows.length < ledgerPage) return;
      }
    },
    endedWithCustomerSince: async (atMs) =>
      (await database.select().from(calls).where(and(gte(calls.endedAt, new Date(atMs)), isNotNull(calls.customerId)))).map(readCall),
    holdLine: async (line) => {
      const held = await database
        .insert(lines)
        .values({ id: line.id, kind: line.kind, ownerId: line.ownerId, leaseUntil: new Date(line.untilMs) })
        .onConflictDoUpdate({
          target: lines.id,
          set: { ownerId: line.ownerId, leaseUntil: new Date(line.untilMs), kind: line.kind },
          setWhere: sql`${lines.ownerId} is null or ${lines.ownerId} = ${line.ownerId} or ${lines.leaseUntil} < ${new Date(line.nowMs).toISOString()}::timestamptz
            or ${lines.ownerId} = any(${sql.param([...line.deadOwnerIds])}::uuid[])`,
        })
        .returning({ id: lines.id });
      return held.length > 0;
    },
    releaseLine: async (id, ownerId) => {
      await database
        .update(lines)
        .set({ ownerId: null, leaseUntil: null })
        .where(and(eq(lines.id, id), eq(lines.ownerId, ownerId)));
    },
    switchStartedAt: async (lineId) => {
      const [row] = await database.select({ at: lines.switchStartedAt }).from(lines).where(eq(lines.id, lineId));
      return row?.at?.getTime() ?? null;
    },
    saveSwitchStartedAt: async (lineId, atMs) => {
      await database.update(lines).set({ switchStartedAt: new Date(atMs) }).where(eq(lines.id, lineId));
    },
  };
}
