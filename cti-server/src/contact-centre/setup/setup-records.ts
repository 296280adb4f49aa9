import { type AuditChanges, changesBetween } from '../../access/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { changedMeanwhile, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import { withFields } from './setup-rules.ts';
import { type Connection, type Database, inTransaction, type Transaction } from './setup.store.ts';

/** Writes down who changed what, on the transaction of the change itself. */
export interface AuditTrail {
  record(
    connection: Connection,
    viewer: Viewer,
    action: string,
    recordType: string,
    recordId: string,
    changes: AuditChanges,
  ): Promise<void>;
}

/** What every part of the set-up needs to save a change. */
export interface SetupDependencies {
  database: Database;
  directory: Pick<Directory, 'changed'>;
  audit: AuditTrail;
  clock: Clock;
}

export interface SetupRecord {
  id: string;
  version: number;
}

/** The SQL of one kind of record. */
export interface SetupStore<Item extends SetupRecord> {
  /** In the audit, and in "There is no such …". */
  recordType: string;
  list(connection: Connection): Promise<Item[]>;
  /** Takes the record until the transaction ends. */
  lock(tx: Transaction, id: string): Promise<Item | undefined>;
  insert(tx: Transaction, item: Item): Promise<void>;
  update(tx: Transaction, item: Item): Promise<void>;
  remove(tx: Transaction, id: string): Promise<void>;
  /** Throws a refusal for what a single field cannot tell: an id that does not exist, a thing named twice. */
  check?(tx: Transaction, item: Item): Promise<void>;
  /** Throws 409 `inUse` when something depends on the record. */
  refuseWhileInUse(tx: Transaction, item: Item): Promise<void>;
  /** The refusal that a broken rule of the database means, if it means one. */
  refusalFor(error: unknown): Refusal | undefined;
}

export interface SetupRecords<Item extends SetupRecord> {
  list(): Promise<Item[]>;
  /** Throws 409 `alreadyExists`, 400 `invalidBody`. */
  create(viewer: Viewer, fields: Omit<Item, 'id' | 'version'>): Promise<Item>;
  /** Throws 404, 409 `changedMeanwhile` with the record as it is now, 409 `alreadyExists`, 400 `invalidBody`. A change that changes nothing is no new version. */
  change(viewer: Viewer, id: string, version: number, fields: object): Promise<Item>;
  /** Throws 404, 409 `inUse`. */
  remove(viewer: Viewer, id: string): Promise<void>;
}

/**
 * Keeps one kind of record: every change in one transaction with its line in the audit, then the directory is told. Two who change the
 * same record are told apart by its version.
 */
export function createSetupRecords<Item extends SetupRecord>(store: SetupStore<Item>, dependencies: SetupDependencies): SetupRecords<Item> {
  const { database, directory, audit, clock } = dependencies;
  const { recordType } = store;

  const save = async <T>(run: (tx: Transaction) => Promise<T>): Promise<T> => {
    let saved: T;
    try {
      saved = await inTransaction(database, run);
    } catch (error) {
      throw store.refusalFor(error) ?? error;
    }
    await directory.changed();
    return saved;
  };
  const lock = async (tx: Transaction, id: string): Promise<Item> => {
    const found = await store.lock(tx, id);
    if (!found) throw notFound(recordType);
    return found;
  };

  return {
    list: () => store.list(database),
    create: (viewer, fields) =>
      save(async (tx) => {
        const item = { ...fields, id: newId(clock.now()), version: 0 } as Item;
        await store.check?.(tx, item);
        await store.insert(tx, item);
        await audit.record(tx, viewer, 'created', recordType, item.id, changesBetween(null, content(item)));
        return item;
      }),
    change: (viewer, id, version, fields) =>
      save(async (tx) => {
        const before = await lock(tx, id);
        if (before.version !== version) throw changedMeanwhile(before);
        const after = withFields(before, fields);
        const changes = changesBetween(content(before), content(after));
        if (Object.keys(changes).length === 0) return before;
        const saved = { ...after, version: before.version + 1 };
        await store.check?.(tx, saved);
        await store.update(tx, saved);
        await audit.record(tx, viewer, 'changed', recordType, id, changes);
        return saved;
      }),
    remove: (viewer, id) =>
      save(async (tx) => {
        const before = await lock(tx, id);
        await store.refuseWhileInUse(tx, before);
        await store.remove(tx, id);
        await audit.record(tx, viewer, 'deleted', recordType, id, changesBetween(content(before), null));
      }),
  };
}

/** Id and version stand beside the changes in the audit, not among them. */
const content = ({ id: _id, version: _version, ...fields }: SetupRecord): Record<string, unknown> => fields;

/** 409: something depends on it. `by` says what, for the console's words. */
export const inUseBy = (by: string, message: string): Refusal => new Refusal(409, 'inUse', message, { details: { by } });
/** 400: an id in the body belongs to nothing. */
export const unknownId = (field: string, what: string): Refusal =>
  new Refusal(400, 'invalidBody', `${field}: there is no such ${what}`, { field });
/** 400: the same thing is named twice. */
export const namedTwice = (field: string): Refusal => new Refusal(400, 'invalidBody', `${field}: is named twice`, { field });
