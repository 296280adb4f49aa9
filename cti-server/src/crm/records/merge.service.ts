import type { z } from 'zod';
import type { CrmRecord, MergeAnswer, mergeInput } from '../../contracts/index.ts';
import { changedMeanwhile, forbidden, notFound, Refusal, wrongState } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { wrongField } from '../refusals.ts';
import { insertMerge, laterMerge, lockMerge, markMerged, markMergeUndone, moveBack, moveReferences, referencesTo } from './merge.store.ts';
import type { RecordsContext } from './records.context.ts';
import type { RecordsService } from './records.service.ts';
import { findRow } from './records.store.ts';

/** Two records made one in one step, which can be undone as long as one of them is not part of another merge. */
export function createMerging(context: RecordsContext & { records: RecordsService }) {
  const { database, clock, cipher, audit, records } = context;
  return {
    /** All calls, tickets, notes, numbers, comments and files of the other come along; the other goes into the trash and leads here. */
    merge: (viewer: Viewer, typeName: string, id: string, input: z.output<typeof mergeInput>): Promise<MergeAnswer> =>
      inTransaction(database, async (tx) => {
        const { otherId } = input;
        if (otherId === id) throw wrongField('otherId', 'a record cannot be merged with itself');
        const type = records.typeFor(viewer, typeName);
        const full = context.types().get(typeName) ?? type;
        for (const one of [id, otherId]) {
          await records.get(viewer, typeName, one);
          if (!(await records.reaches(tx, viewer, type, 'change', one))) throw forbidden(`merge this ${typeName}`);
        }
        // always in the same order, so that two who merge the same pair crosswise do not wait for each other for ever
        for (const one of [id, otherId].sort()) await findRow(tx, full, one, cipher, undefined, true);
        const [kept, gone] = [await findRow(tx, full, id, cipher), await findRow(tx, full, otherId, cipher)];
        if (!kept || !gone || kept.deletedAt !== null || gone.deletedAt !== null) throw notFound(typeName);
        if (kept.version !== input.version) throw changedMeanwhile(await records.get(viewer, typeName, id));
        if (gone.version !== input.otherVersion) throw changedMeanwhile(await records.get(viewer, typeName, otherId));
        const { values, faults } = records.check(viewer, type, input.fields, kept.fields);
        if (faults[0]) throw wrongField(faults[0].field, faults[0].message);

        const mergeId = newId(clock.now());
        // the other first: what must be unique may be the same in both
        await records.saveChange(tx, viewer, full, gone, { fields: {}, deletedAtMs: clock.now() });
        await markMerged(tx, full, otherId, id);
        const empty = Object.fromEntries([...full.fields.values()].filter((field) => !field.readOnly && isEmpty(kept.fields[field.key]) && !isEmpty(gone.fields[field.key])).map((field) => [field.key, gone.fields[field.key]]));
        const fields = { ...empty, ...values };
        const tags = [...new Set([...kept.tags, ...gone.tags])];
        await records.saveChange(tx, viewer, full, kept, { fields, tags });
        const moved = await moveReferences(tx, referencesTo(context.types(), full), otherId, id);
        const before = { fields: Object.fromEntries(Object.keys(fields).map((key) => [key, kept.fields[key] ?? null])), tags: kept.tags };
        await insertMerge(tx, { id: mergeId, at: new Date(clock.now()), userId: viewer.userId, recordType: typeName, keptId: id, goneId: otherId, before, after: { fields, tags } }, moved);
        await full.declaration.hooks?.afterMerge?.({ tx, mergeId, keptId: id, nowMs: clock.now(), before: [kept.fields, gone.fields], after: { ...kept.fields, ...fields } });
        await audit.record(tx, viewer, `${typeName}.merged`, typeName, id, { merged: { old: null, new: titleOf(gone.fields, full.declaration.titleField) } });
        const record = await records.getIn(tx, viewer, typeName, id);
        return { record, mergeId, moved: Object.fromEntries(moved.map((one) => [one.tableName, one.ids.length])) };
      }),

    /** Two again: what came along goes back, what came since stays, and fields that nobody changed since become what they were. */
    undo: (viewer: Viewer, mergeId: string): Promise<CrmRecord> =>
      inTransaction(database, async (tx) => {
        const found = await lockMerge(tx, mergeId);
        if (!found) throw notFound('merge');
        const { merge, moved } = found;
        const type = records.typeFor(viewer, merge.recordType);
        const full = context.types().get(merge.recordType) ?? type;
        if (!(await records.reaches(tx, viewer, type, 'change', merge.keptId))) throw forbidden('undo this merge');
        if (merge.undoneAt !== null) throw wrongState('This merge was undone already.');
        if (await laterMerge(tx, merge)) throw new Refusal(409, 'mergedAgain', 'One of the two was merged again since: undo that first.');
        const kept = await findRow(tx, full, merge.keptId, cipher, undefined, true);
        const gone = await findRow(tx, full, merge.goneId, cipher, undefined, true);
        if (!kept || !gone) throw notFound(merge.recordType);
        const before = merge.before as { fields: Record<string, unknown>; tags: string[] };
        const after = merge.after as { fields: Record<string, unknown>; tags: string[] };
        const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
        const fields = Object.fromEntries(Object.entries(before.fields).filter(([key]) => same(kept.fields[key], after.fields[key])));
        await records.saveChange(tx, viewer, full, kept, { fields, ...(same([...kept.tags].sort(), [...after.tags].sort()) ? { tags: before.tags } : {}) });
        await full.declaration.hooks?.afterMergeUndone?.(tx, mergeId);
        await moveBack(tx, referencesTo(context.types(), full), moved, merge.keptId, merge.goneId);
        await markMerged(tx, full, merge.goneId, null);
        await records.saveChange(tx, viewer, full, gone, { fields: {}, deletedAtMs: null });
        await markMergeUndone(tx, mergeId, new Date(clock.now()));
        await audit.record(tx, viewer, `${merge.recordType}.mergeUndone`, merge.recordType, merge.keptId, { merged: { old: titleOf(gone.fields, full.declaration.titleField), new: null } });
        return records.getIn(tx, viewer, merge.recordType, merge.goneId);
      }),
  };
}
export type Merging = ReturnType<typeof createMerging>;

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
const titleOf = (fields: Record<string, unknown>, key: string): string => String(fields[key] ?? '');
