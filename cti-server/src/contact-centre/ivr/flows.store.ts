import { and, asc, desc, eq, isNull, max, sql } from 'drizzle-orm';
import { flowGraph, type FlowGraph, type FlowSounds, flowSounds, type FlowVersion, locale, type Locale } from '../../contracts/index.ts';
import { flows, flowVersions, numbers, queues, users } from '../../db/index.ts';
import type { Connection, Transaction } from '../setup/index.ts';

/** A flow as it is kept, with what callers hear now. */
export interface StoredFlow {
  id: string;
  name: string;
  language: Locale;
  draft: FlowGraph;
  version: number;
  published: { versionId: string; number: number; at: Date; language: Locale; graph: FlowGraph } | null;
  updatedAt: Date;
  updatedByName: string | null;
}

const stored = (connection: Connection) =>
  connection
    .select({ flow: flows, published: flowVersions, updatedByName: users.name })
    .from(flows)
    .leftJoin(flowVersions, eq(flowVersions.id, flows.publishedVersionId))
    .leftJoin(users, eq(users.id, flows.updatedBy));

type Row = Awaited<ReturnType<typeof stored>>[number];

const toFlow = ({ flow, published, updatedByName }: Row): StoredFlow => ({
  id: flow.id,
  name: flow.name,
  language: locale.parse(flow.language),
  draft: flowGraph.parse(flow.draft),
  version: flow.version,
  published: published && {
    ...{ versionId: published.id, number: published.number, at: published.publishedAt },
    ...{ language: locale.parse(published.language), graph: flowGraph.parse(published.graph) },
  },
  updatedAt: flow.updatedAt,
  updatedByName,
});

export const flowsStore = {
  list: async (connection: Connection): Promise<StoredFlow[]> =>
    (await stored(connection).where(isNull(flows.deletedAt)).orderBy(asc(flows.name), asc(flows.id))).map(toFlow),

  async find(connection: Connection, id: string): Promise<StoredFlow | undefined> {
    const [found] = await stored(connection).where(and(eq(flows.id, id), isNull(flows.deletedAt)));
    return found && toFlow(found);
  },

  /** Takes the flow until the transaction ends. */
  async lock(tx: Transaction, id: string): Promise<StoredFlow | undefined> {
    await tx.select({ id: flows.id }).from(flows).where(eq(flows.id, id)).for('update');
    return flowsStore.find(tx, id);
  },

  async insert(tx: Transaction, flow: { id: string; name: string; language: Locale; draft: FlowGraph; updatedAt: Date; updatedBy: string | null }): Promise<void> {
    await tx.insert(flows).values(flow);
  },

  async update(
    tx: Transaction,
    id: string,
    columns: Partial<{ name: string; language: Locale; draft: FlowGraph; version: number; publishedVersionId: string; updatedAt: Date; updatedBy: string | null; deletedAt: Date }>,
  ): Promise<void> {
    await tx.update(flows).set(columns).where(eq(flows.id, id));
  },

  /** Takes the next number of its flow, which must be locked. */
  async insertVersion(
    tx: Transaction,
    version: { id: string; flowId: string; language: Locale; graph: FlowGraph; sounds: FlowSounds; note: string; publishedAt: Date; publishedBy: string | null },
  ): Promise<number> {
    const [last] = await tx.select({ number: max(flowVersions.number) }).from(flowVersions).where(eq(flowVersions.flowId, version.flowId));
    const number = (last?.number ?? 0) + 1;
    await tx.insert(flowVersions).values({ ...version, number });
    return number;
  },

  async versions(connection: Connection, flowId: string): Promise<FlowVersion[]> {
    return (await versionRows(connection).where(eq(flowVersions.flowId, flowId)).orderBy(desc(flowVersions.number))).map(toVersion);
  },

  async version(connection: Connection, id: string): Promise<FlowVersion | undefined> {
    const [found] = await versionRows(connection).where(eq(flowVersions.id, id));
    return found && toVersion(found);
  },

  async isDialled(tx: Transaction, id: string): Promise<boolean> {
    return (await tx.select({ one: sql`1` }).from(numbers).where(eq(numbers.flowId, id)).limit(1)).length > 0;
  },

  /** Whether a queue sends calls here that it cannot take. */
  async isOverflow(tx: Transaction, id: string): Promise<boolean> {
    return (await tx.select({ one: sql`1` }).from(queues).where(sql`strpos(${queues.rules}::text, ${id}) > 0`).limit(1)).length > 0;
  },
};

const versionRows = (connection: Connection) =>
  connection.select({ version: flowVersions, name: users.name }).from(flowVersions).leftJoin(users, eq(users.id, flowVersions.publishedBy));

const toVersion = ({ version, name }: Awaited<ReturnType<typeof versionRows>>[number]): FlowVersion => ({
  ...{ id: version.id, flowId: version.flowId, number: version.number, note: version.note },
  language: locale.parse(version.language),
  graph: flowGraph.parse(version.graph),
  sounds: flowSounds.parse(version.sounds),
  publishedAt: version.publishedAt.toISOString(),
  publishedByName: name,
});
