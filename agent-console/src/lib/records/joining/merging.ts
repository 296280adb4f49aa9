import type { CrmRecord, HistoryEntry, MergeAnswer, Page, RecordType } from '@centralita/cti-server/contracts';
import { goto } from '$app/navigation';
import { ApiError, get, post, wordError, wordFields } from '#lib/api/index.ts';
import { m, wholeNumber } from '#lib/i18n/index.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { pathOf } from '../saving.ts';
import { joined } from './joined.svelte.ts';
import { cardOf } from './paths.ts';

/** What came of it: one record, one of the two that somebody changed meanwhile, or why not. */
export type Outcome = { merged: MergeAnswer } | { changed: { title: string; who: string | null } } | { failure: string };

export async function merge(type: RecordType, stays: CrmRecord, goes: CrmRecord, fields: Record<string, unknown>): Promise<Outcome> {
  try {
    const merged = await post<MergeAnswer>(`${pathOf(type.name, stays.id)}/merge`, { otherId: goes.id, version: stays.version, otherVersion: goes.version, fields });
    joined.round++;
    return { merged };
  } catch (error) {
    const current = error instanceof ApiError && error.code === 'changedMeanwhile' ? (error.details['current'] as CrmRecord | undefined) : undefined;
    if (current !== undefined) return { changed: { title: current.title, who: await lastToChange(type.name, current.id) } };
    return { failure: [wordError(error), ...Object.values(wordFields(error))].join(' ') };
  }
}

async function lastToChange(type: string, id: string): Promise<string | null> {
  const page = await get<Page<HistoryEntry>>(`${pathOf(type, id)}/history`, { query: { limit: 5 } }).catch(() => null); // the notice stands without the name
  return page?.items.find((entry) => entry.kind === 'changed')?.userName ?? null;
}

/** Says what came along and offers the way back. */
export function sayMerged(type: RecordType, { record, mergeId, moved }: MergeAnswer, gone: string, onundone?: () => void): void {
  const count = Object.values(moved).reduce((sum, one) => sum + one, 0);
  toasts.say('good', m.joining_merged({ gone, kept: record.title, count: wholeNumber(count) }), { label: m.records_undo(), run: () => void undoMerge(type, mergeId, onundone) });
}

async function undoMerge(type: RecordType, mergeId: string, onundone?: () => void): Promise<void> {
  try {
    const back = await post<CrmRecord>(`/api/records/merges/${mergeId}/undo`);
    joined.round++;
    toasts.say('good', m.joining_two_again({ title: back.title }), { label: m.joining_open_it(), run: () => void goto(cardOf(type.name, back.id)) });
    onundone?.();
  } catch (error) {
    toasts.say('bad', error instanceof ApiError && error.code === 'mergedAgain' ? m.joining_merged_again() : wordError(error));
  }
}
