import type { BulkAnswer, CrmRecord, HistoryEntry, Page, RecordType } from '@centralita/cti-server/contracts';
import { ApiError, get, patch, post, remove, wordError, wordFields } from '#lib/api/index.ts';
import { m } from '#lib/i18n/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

/** Somebody saved first. `who` is null where that cannot be read. */
export interface Conflict {
  current: CrmRecord;
  who: string | null;
}

/** What came of a change: the record as it is now, a conflict to decide, or words for what is wrong, by field where it has one. */
export type Saved = { record: CrmRecord } | { conflict: Conflict } | { faults: Record<string, string>; failure: string };

export const pathOf = (type: string, id?: string): string => `/api/records/${type}${id === undefined ? '' : `/${id}`}`;

export async function saveChange(type: string, record: Pick<CrmRecord, 'id' | 'version'>, change: Record<string, unknown>): Promise<Saved> {
  try {
    return { record: await patch<CrmRecord>(pathOf(type, record.id), { ...change, version: record.version }) };
  } catch (error) {
    const current = error instanceof ApiError && error.code === 'changedMeanwhile' ? (error.details['current'] as CrmRecord | undefined) : undefined;
    if (current !== undefined) return { conflict: { current, who: await lastToChange(type, record.id) } };
    return { faults: fieldFaults(error), failure: wordError(error) };
  }
}

/** The words at each field, by the field's key. */
export function fieldFaults(error: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(wordFields(error)).map(([field, word]) => [field.replace(/^fields\./, ''), word]));
}

async function lastToChange(type: string, id: string): Promise<string | null> {
  const page = await get<Page<HistoryEntry>>(`${pathOf(type, id)}/history`, { query: { limit: 5 } }).catch(() => null); // the conflict stands without the name
  return page?.items.find((entry) => entry.kind === 'changed')?.userName ?? null;
}

/** Puts a record into the trash and offers to take it back. */
export async function deleteRecord(type: RecordType, record: CrmRecord, onback: (record: CrmRecord) => void): Promise<boolean> {
  try {
    await remove(pathOf(type.name, record.id), { query: { version: record.version } });
  } catch (error) {
    toasts.say('bad', wordError(error));
    return false;
  }
  toasts.say('good', m.records_deleted({ title: record.title }), {
    label: m.records_undo(),
    run: () => void restoreRecord(type, record.id).then((restored) => restored && onback(restored)),
  });
  return true;
}

export async function restoreRecord(type: RecordType, id: string): Promise<CrmRecord | null> {
  try {
    const restored = await post<CrmRecord>(`${pathOf(type.name, id)}/restore`);
    toasts.say('good', m.records_restored({ title: restored.title }));
    return restored;
  } catch (error) {
    toasts.say('bad', wordError(error));
    return null;
  }
}

/** Says what a bulk change did, with a way back. */
export function sayBulk(answer: BulkAnswer, onundone: () => void): void {
  const text = answer.refused > 0 ? m.records_bulk_done_refused({ changed: answer.changed, refused: answer.refused }) : m.records_bulk_done({ changed: answer.changed });
  const { undoId } = answer;
  if (undoId === null) toasts.say('good', text);
  else toasts.say('good', text, { label: m.records_undo(), run: () => void undoBulk(undoId, onundone) });
}

async function undoBulk(undoId: string, onundone: () => void): Promise<void> {
  try {
    const answer = await post<{ restored: number; skipped: number }>(`/api/records/undo/${undoId}`);
    toasts.say('good', answer.skipped > 0 ? m.records_undone_skipped({ restored: answer.restored, skipped: answer.skipped }) : m.records_undone({ restored: answer.restored }));
    onundone();
  } catch (error) {
    toasts.say('bad', wordError(error));
  }
}
