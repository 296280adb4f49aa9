import { z } from 'zod';
import { type commentInput, type HistoryEntry, instant, type Page, type RecordFile } from '../../contracts/index.ts';
import { forbidden } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { insertComment, insertFile, listFiles, listHistory, readFile } from './history.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';

const position = z.tuple([instant, z.string().max(60)]);

/** What happened with a record, and what people add to it. Whoever may read a record may comment on it; files need the right to change it. */
export function createHistory(context: RecordsContext & { records: RecordsService }) {
  const { database, clock, audit, records } = context;
  return {
    async list(viewer: Viewer, type: string, id: string, query: { cursor?: string | undefined; limit: number }): Promise<Page<HistoryEntry>> {
      await records.get(viewer, type, id);
      const hidden = hiddenFrom(viewer, type);
      const entries = await listHistory(database, type, id, readCursor(query.cursor, position), query.limit + 1);
      const page = toPage(entries, query.limit, (entry) => [entry.at, entry.id]);
      return { ...page, items: page.items.map((entry) => ({ ...entry, changes: Object.fromEntries(Object.entries(entry.changes).filter(([key]) => !hidden.has(key))) })) };
    },

    async comment(viewer: Viewer, type: string, id: string, input: z.output<typeof commentInput>): Promise<HistoryEntry> {
      await records.get(viewer, type, id);
      const now = clock.now();
      const commentId = newId(now);
      const { text, mentions, toCustomer } = input;
      await inTransaction(database, async (tx) => {
        await insertComment(tx, { id: commentId, type, recordId: id, at: new Date(now), userId: viewer.userId, text, mentions, toCustomer });
        await context.types().get(type)?.declaration.hooks?.afterComment?.({ tx, id, nowMs: now, toCustomer });
      });
      return { id: `c${commentId}`, at: new Date(now).toISOString(), kind: 'comment', userId: viewer.userId, userName: viewer.name, text, changes: {}, data: { mentions, toCustomer } };
    },

    async attach(viewer: Viewer, type: string, id: string, file: { name: string; mediaType: string; content: Buffer }): Promise<RecordFile> {
      const record = await records.get(viewer, type, id);
      if (!record.mayChange) throw forbidden('attach a file to this record');
      const now = clock.now();
      const fileId = newId(now);
      await insertFile(database, { id: fileId, type, recordId: id, at: new Date(now), userId: viewer.userId, ...file });
      await audit.record(database, viewer, `${type}.fileAttached`, type, id, { file: { old: null, new: file.name } });
      return { id: fileId, name: file.name, mediaType: file.mediaType, bytes: file.content.length, at: new Date(now).toISOString(), userName: viewer.name };
    },

    async files(viewer: Viewer, type: string, id: string): Promise<RecordFile[]> {
      await records.get(viewer, type, id);
      return listFiles(database, type, id);
    },

    async readFile(viewer: Viewer, type: string, id: string, fileId: string): Promise<{ file: RecordFile; content: Buffer } | undefined> {
      await records.get(viewer, type, id);
      return readFile(database, type, id, fileId);
    },
  };

  /** Fields that the viewer may not read: their old values are no more for them than the present one. */
  function hiddenFrom(viewer: Viewer, type: string): Set<string> {
    const seen = records.typeFor(viewer, type).fields;
    return new Set([...(context.types().get(type)?.fields.keys() ?? [])].filter((key) => !seen.has(key)));
  }
}
export type History = ReturnType<typeof createHistory>;
