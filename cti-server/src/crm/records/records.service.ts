import { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import type { CrmRecord, Page, RecordAction, RecordQuery, RecordScope, RecordType } from '../../contracts/index.ts';
import { recordActions } from '../../contracts/index.ts';
import { alreadyExists, brokenForeignKey, brokenUnique, changedMeanwhile, forbidden, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { normaliseNumber } from '../../platform/phone-numbers.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction, type Transaction } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { wrongField } from '../refusals.ts';
import { foldSearch } from '../text-search.store.ts';
import { usersWithin, withinReach } from './reach.store.ts';
import { checkValues, type FieldFault } from './record-value-rules.ts';
import type { RecordActor } from './record-type-types.ts';
import { countRows, listRows } from './list.store.ts';
import { refuseMerged } from './merged.store.ts';
import { findRow, insertRows, namesOf, type NewRow, type RecordRow, updateRow, withinReachOf } from './records.store.ts';
import type { RecordsContext } from './records.context.ts';
import { type LiveField, type LiveType, shownField } from './registry.ts';
import { replaceShares, sharesOf } from './shares.store.ts';

/** Who asks: a person with rights, or null for the product itself, which may do all. */
export type Asker = Viewer | null;

export interface RecordInput {
  fields: Record<string, unknown>;
  ownerId?: string | null | undefined;
  tags?: string[] | undefined;
}
export interface RecordChange {
  fields?: Record<string, unknown> | undefined;
  ownerId?: string | null | undefined;
  tags?: string[] | undefined;
  version: number;
}

/** Counting stops here: "more than" says enough, and every row counted costs. */
const countedAtMost = 10_000;
const place = z.tuple([z.string().max(4_000).nullable(), z.uuid()]);

/** The use cases of every record type. */
export function createRecordsService(context: RecordsContext) {
  const { database, clock, audit, cipher, config } = context;

  const scopeOf = (asker: Asker, type: LiveType, action: RecordAction): RecordScope => (asker === null ? 'all' : context.scopeOf(asker.recordRights, type.declaration.name, action));
  const reader = (asker: Asker) => asker ?? { userId: '00000000-0000-0000-0000-000000000000' };

  /** The type with the fields that the asker may see. Throws 404 for an unknown one, 403 when nothing of it may be done. */
  function typeFor(asker: Asker, name: string, action: RecordAction = 'read'): LiveType {
    const type = context.types().get(name);
    if (!type) throw notFound('record type');
    if (scopeOf(asker, type, action) === 'none') throw forbidden(`${action} ${name}`);
    if (asker === null || ![...type.fields.values()].some((field) => !mayRead(asker, field))) return type;
    return { ...type, fields: new Map([...type.fields].filter(([, field]) => mayRead(asker, field))) };
  }

  /** Whether the asker's right to `action` reaches this one. */
  async function reaches(tx: Transaction | typeof database, asker: Asker, type: LiveType, action: RecordAction, id: string): Promise<boolean> {
    const scope = scopeOf(asker, type, action);
    if (scope === 'none') return false;
    const users = await usersWithin(tx, reader(asker), scope);
    return users === null || (await withinReachOf(tx, type, [id], reader(asker), users)).has(id);
  }

  async function present(tx: Transaction | typeof database, asker: Asker, type: LiveType, rows: readonly RecordRow[]): Promise<CrmRecord[]> {
    const names = await namesOf(tx, context.types(), type, rows);
    const ids = rows.map((row) => row.id);
    const may = async (action: RecordAction): Promise<Set<string>> => {
      const scope = scopeOf(asker, type, action);
      if (scope === 'none') return new Set();
      const users = await usersWithin(tx, reader(asker), scope);
      return users === null ? new Set(ids) : withinReachOf(tx, type, ids, reader(asker), users);
    };
    const change = await may('change');
    const remove = scopeOf(asker, type, 'delete') === scopeOf(asker, type, 'change') ? change : await may('delete');
    return rows.map((row) => ({
      id: row.id,
      title: String(row.fields[type.declaration.titleField] ?? ''),
      fields: row.fields,
      names: Object.fromEntries(Object.values(row.fields).flatMap((value) => (typeof value === 'string' && names.has(value) ? [[value, names.get(value) ?? '']] : []))),
      ownerId: row.ownerId,
      ownerName: row.ownerName,
      tags: row.tags,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
      deletedAt: row.deletedAt,
      version: row.version,
      mayChange: change.has(row.id),
      mayDelete: remove.has(row.id),
    }));
  }

  async function whole(tx: Transaction | typeof database, asker: Asker, type: LiveType, id: string): Promise<CrmRecord> {
    const users = await usersWithin(tx, reader(asker), scopeOf(asker, type, 'read'));
    const row = await findRow(tx, type, id, cipher, withinReach(type, reader(asker), users));
    if (!row) throw notFound(type.declaration.name);
    const [record] = await present(tx, asker, type, [row]);
    if (!record) throw notFound(type.declaration.name);
    return { ...record, sharedWith: await sharesOf(tx, type.declaration.name, id) };
  }

  /** What somebody just made or changed; who gave it away beyond their own reach has still done it. */
  const shown = (tx: Transaction, asker: Asker, type: LiveType, id: string): Promise<CrmRecord> =>
    whole(tx, asker, type, id).catch(async (error: unknown) => {
      if (error instanceof Refusal && error.status === 404) return { ...(await whole(tx, null, type, id)), mayChange: false, mayDelete: false };
      throw error;
    });

  async function question(query: Pick<RecordQuery, 'filter' | 'search' | 'state'>) {
    const folded = query.search ? await foldSearch(database, query.search) : { words: [] };
    const digits = query.search?.replaceAll(/\D/g, '') ?? '';
    return { filters: query.filter ?? [], words: folded.words, digits: digits.length >= 4 ? digits : null, trash: query.state === 'trash' };
  }

  function check(asker: Asker, type: LiveType, given: Record<string, unknown>, before: Record<string, unknown> | null): { values: Record<string, unknown>; faults: FieldFault[] } {
    return checkValues(type.fields, given, {
      before,
      normalisePhone: (value) => normaliseNumber(value, config.defaultCountry).e164,
      mayWrite: (key) => asker === null || mayWrite(asker, type.fields.get(key)),
    });
  }

  async function refuseUnknownLinks(tx: Transaction, type: LiveType, values: Record<string, unknown>): Promise<void> {
    for (const [key, value] of Object.entries(values)) {
      const field = type.fields.get(key);
      if (field?.kind !== 'link' || typeof value !== 'string' || field.linkTo === null) continue;
      const linked = context.types().get(field.linkTo);
      if (linked && !(await findRow(tx, linked, value, cipher))) throw wrongField(`fields.${key}`, 'there is no such record');
    }
  }

  const service = {
    typeFor,
    scopeOf,

    /** The types that the viewer may read, as the console draws them. */
    listTypes(viewer: Viewer): RecordType[] {
      return [...context.types().values()].filter((type) => scopeOf(viewer, type, 'read') !== 'none').map((type) => service.describe(viewer, type.declaration.name));
    },
    describe(viewer: Viewer, name: string): RecordType {
      const type = typeFor(viewer, name);
      const { declaration } = type;
      const may = Object.fromEntries(recordActions.map((action) => [action, scopeOf(viewer, type, action)])) as RecordType['may'];
      return {
        name: declaration.name,
        label: declaration.label,
        plural: declaration.plural,
        icon: declaration.icon,
        fields: [...type.fields.values()].map((field) => shownField(field, may.change !== 'none' && mayWrite(viewer, field))),
        titleField: declaration.titleField,
        stageField: declaration.stageField ?? null,
        listFields: [...type.listFields],
        sections: type.sections,
        may,
        version: type.version,
      };
    },

    async list(asker: Asker, name: string, query: RecordQuery): Promise<Page<CrmRecord>> {
      const type = typeFor(asker, name);
      const users = await usersWithin(database, reader(asker), scopeOf(asker, type, 'read'));
      const keys = query.fields?.split(',').filter((key) => key !== '');
      for (const key of keys ?? []) if (!type.fields.has(key)) throw wrongField('fields', `there is no field ${key}`);
      const asked = { ...(await question(query)), sort: query.sort, after: readCursor(query.cursor, place), limit: query.limit + 1, keys };
      const page = toPage(await listRows(database, type, reader(asker), users, asked, cipher), query.limit, (found) => found.place);
      return { items: await present(database, asker, type, page.items.map((found) => found.row)), nextCursor: page.nextCursor };
    },

    async count(asker: Asker, name: string, query: Pick<RecordQuery, 'filter' | 'search' | 'state'>): Promise<{ count: number; exact: boolean }> {
      const type = typeFor(asker, name);
      const users = await usersWithin(database, reader(asker), scopeOf(asker, type, 'read'));
      const count = await countRows(database, type, reader(asker), users, await question(query), countedAtMost + 1, cipher);
      return { count: Math.min(count, countedAtMost), exact: count <= countedAtMost };
    },

    /** Throws 404, with code `mergedInto` and the other's id when it was made one with another. */
    async get(asker: Asker, name: string, id: string): Promise<CrmRecord> {
      const type = typeFor(asker, name);
      const record = await whole(database, asker, type, id);
      if (record.deletedAt !== null) await refuseMerged(database, type.declaration.table, id);
      return record;
    },
    /** As it is within a transaction that has not ended yet. */
    getIn: (tx: Transaction, asker: Asker, name: string, id: string): Promise<CrmRecord> => whole(tx, asker, typeFor(asker, name), id),

    /** Throws 400 `invalidBody` with the first field at fault and all faults in the details; 409 `alreadyExists`. */
    create: (asker: Asker, name: string, input: RecordInput): Promise<CrmRecord> =>
      saving(context.types().get(name), () =>
        inTransaction(database, async (tx) => {
          const type = typeFor(asker, name, 'create');
          const { values, faults } = check(asker, type, input.fields, null);
          refuseFaults(faults);
          await refuseUnknownLinks(tx, type, values);
          const id = newId(clock.now());
          const ownerId = input.ownerId === undefined ? (type.declaration.ownedByMaker === false ? null : (asker?.userId ?? null)) : input.ownerId;
          await service.insertMany(tx, type, asker, [{ id, fields: values, ownerId, tags: input.tags ?? [] }], null);
          return shown(tx, asker, type, id);
        }),
      ),

    /** New records that were checked already, each with its line in the audit; for imports and conversions. */
    async insertMany(tx: Transaction, type: LiveType, actor: RecordActor | null, rows: readonly Pick<NewRow, 'id' | 'fields' | 'ownerId' | 'tags'>[], importId: string | null): Promise<void> {
      const nowMs = clock.now();
      const { hooks, name } = type.declaration;
      const complete: NewRow[] = [];
      for (const row of rows) {
        const after = { fields: row.fields, ownerId: row.ownerId };
        await hooks?.beforeSave?.({ tx, actor, nowMs, id: row.id, before: null, after });
        complete.push({ ...row, ...after, createdById: actor?.userId ?? null, importId, nowMs });
      }
      await insertRows(tx, type, complete, cipher);
      for (const row of complete) {
        await audit.record(tx, actor, `${name}.created`, name, row.id, changesBetween(null, audited(type, { ...row.fields, ownerId: row.ownerId })));
        await hooks?.afterSave?.({ tx, actor, nowMs, id: row.id, before: null, after: row });
      }
    },

    /** Fields that are left out stay. Throws 404 outside reach, 403 when it may only be read, 409 `changedMeanwhile` with the present record. */
    change: (asker: Asker, name: string, id: string, input: RecordChange): Promise<CrmRecord> =>
      saving(context.types().get(name), () =>
        inTransaction(database, async (tx) => {
          const type = typeFor(asker, name);
          await service.changeIn(tx, asker, type, id, input);
          return shown(tx, asker, type, id);
        }),
      ),

    /** A change within a transaction of somebody else's. Answers the row as it was. A version of null changes whatever is there. */
    async changeIn(tx: Transaction, asker: Asker, type: LiveType, id: string, input: Omit<RecordChange, 'version'> & { version: number | null; deletedAtMs?: number | null }, action: RecordAction = 'change'): Promise<RecordRow> {
      const users = await usersWithin(tx, reader(asker), scopeOf(asker, type, 'read'));
      // with the fields that the asker does not see: they are kept, and found by, as before
      const full = context.types().get(type.declaration.name) ?? type;
      const before = await findRow(tx, full, id, cipher, withinReach(type, reader(asker), users), true);
      if (!before) throw notFound(type.declaration.name);
      if (!(await reaches(tx, asker, type, action, id))) throw forbidden(`${action} this ${type.declaration.name}`);
      if (input.version !== null && before.version !== input.version) throw changedMeanwhile(await whole(tx, asker, type, id));
      if (before.deletedAt !== null && input.deletedAtMs !== null) throw notFound(type.declaration.name);
      const { values, faults } = check(asker, type, input.fields ?? {}, before.fields);
      refuseFaults(faults);
      await refuseUnknownLinks(tx, type, values);
      await service.saveChange(tx, asker, full, before, { ...input, fields: values });
      return before;
    },

    /** Saves values that were checked already. Nothing is written when nothing differs. */
    async saveChange(tx: Transaction, actor: RecordActor | null, type: LiveType, before: RecordRow, input: { fields: Record<string, unknown>; ownerId?: string | null | undefined; tags?: string[] | undefined; deletedAtMs?: number | null }): Promise<boolean> {
      const { name, hooks } = type.declaration;
      const nowMs = clock.now();
      const after = { fields: { ...before.fields, ...input.fields }, ownerId: input.ownerId === undefined ? before.ownerId : input.ownerId };
      const move = { tx, actor, nowMs, id: before.id, before: { fields: before.fields, ownerId: before.ownerId }, after: input.deletedAtMs == null ? after : null };
      await hooks?.beforeSave?.(move);
      const was = { ...before.fields, ownerId: before.ownerId, tags: before.tags };
      const will = { ...after.fields, ownerId: after.ownerId, tags: input.tags ?? before.tags };
      const changes = changesBetween(audited(type, was), audited(type, will));
      const isEncryptedChanged = [...type.fields.values()].some((field) => field.encrypted && JSON.stringify(before.fields[field.key]) !== JSON.stringify(after.fields[field.key]));
      if (Object.keys(changes).length === 0 && !isEncryptedChanged && input.deletedAtMs === undefined) return false;
      const fields = Object.fromEntries(Object.entries(after.fields).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before.fields[key])));
      await updateRow(tx, type, before.id, {
        fields,
        allFields: after.fields,
        nowMs,
        ...(after.ownerId === before.ownerId ? {} : { ownerId: after.ownerId }),
        ...(input.tags === undefined ? {} : { tags: input.tags }),
        ...(input.deletedAtMs === undefined ? {} : { deletedAtMs: input.deletedAtMs }),
      }, cipher);
      const action = input.deletedAtMs === undefined ? 'changed' : input.deletedAtMs === null ? 'restored' : 'deleted';
      await audit.record(tx, actor, `${name}.${action}`, name, before.id, changes);
      await hooks?.afterSave?.(move);
      return true;
    },

    /** Into the trash, from where it can be restored. */
    remove: (asker: Asker, name: string, id: string, version: number | null): Promise<void> =>
      inTransaction(database, async (tx) => {
        await service.changeIn(tx, asker, typeFor(asker, name), id, { version, deletedAtMs: clock.now() }, 'delete');
      }),
    restore: (asker: Asker, name: string, id: string): Promise<CrmRecord> =>
      saving(context.types().get(name), () =>
        inTransaction(database, async (tx) => {
          const type = typeFor(asker, name);
          await service.changeIn(tx, asker, type, id, { version: null, deletedAtMs: null }, 'delete');
          return whole(tx, asker, type, id);
        }),
      ),

    share: (asker: Asker, name: string, id: string, userIds: readonly string[]): Promise<CrmRecord> =>
      inTransaction(database, async (tx) => {
        const type = typeFor(asker, name);
        const before = await whole(tx, asker, type, id);
        if (!(await reaches(tx, asker, type, 'change', id))) throw forbidden(`share this ${name}`);
        await replaceShares(tx, name, id, userIds).catch((error: unknown) => {
          throw brokenForeignKey(error) === undefined ? error : wrongField('userIds', 'there is no such user');
        });
        const after = await whole(tx, asker, type, id);
        const named = (of: CrmRecord): string[] => (of.sharedWith ?? []).map((user) => user.name).sort();
        const changes = changesBetween({ sharedWith: named(before) }, { sharedWith: named(after) });
        if (Object.keys(changes).length > 0) await audit.record(tx, asker, `${name}.shared`, name, id, changes);
        return after;
      }),

    /** For imports and forms: what would be kept, and every fault. */
    check,
    reaches,
  };
  return service;
}
export type RecordsService = ReturnType<typeof createRecordsService>;

const mayRead = (viewer: Viewer, field: LiveField): boolean => isNamed(viewer, field.readRoleIds);
const mayWrite = (viewer: Viewer, field: LiveField | undefined): boolean => field !== undefined && isNamed(viewer, field.changeRoleIds);
/** Whoever may arrange the fields may see them all. */
const isNamed = (viewer: Viewer, roleIds: readonly string[]): boolean =>
  roleIds.length === 0 || viewer.roleIds.some((id) => roleIds.includes(id)) || viewer.recordRights['*']?.configure === 'all';

function refuseFaults(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (first) throw new Refusal(400, 'invalidBody', `${first.field}: ${first.message}`, { field: first.field, details: { issues: faults } });
}

/** What the audit may show: that an encrypted value changed, never which it was. */
function audited(type: LiveType, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, type.fields.get(key)?.encrypted && value !== null && value !== undefined ? '•••' : value]));
}

async function saving<T>(type: LiveType | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const broken = brokenUnique(error);
    const field = broken === undefined || !type ? undefined : [...type.fields.values()].find((one) => broken.includes(`rec_f_${one.column}_`));
    if (field) throw alreadyExists(`fields.${field.key}`, 'Another record has this value already.');
    if (/owner|assignee/.test(brokenForeignKey(error) ?? '')) throw wrongField('ownerId', 'there is no such user');
    throw error;
  }
}
