import { scopeOf } from '../../access/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Bus } from '../../platform/bus.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { HttpApp } from '../../platform/http.ts';
import type { Audit } from '../audit.ts';
import type { Database } from '../database.store.ts';
import { createBulk } from './bulk.service.ts';
import { createCustomFields } from './custom-fields.service.ts';
import { listCustomFields, listLayouts } from './custom-fields.store.ts';
import { createFieldCipher } from './field-cipher.ts';
import { registerFileRoutes } from './files.routes.ts';
import { createDuplicates } from './duplicates.service.ts';
import { createHandOver } from './hand-over.ts';
import { createHistory } from './history.service.ts';
import { createMerging } from './merge.service.ts';
import { openApiOf } from './open-api.ts';
import { listPeople } from './people.store.ts';
import type { RecordDeclaration } from './record-type-types.ts';
import type { RecordsContext } from './records.context.ts';
import { registerJoiningRoutes } from './joining.routes.ts';
import { registerRecordRoutes } from './records.routes.ts';
import { createRecordsService } from './records.service.ts';
import { liveType, type LiveType } from './registry.ts';
import { createSearch } from './search.service.ts';
import { completeTables } from './tables.store.ts';
import { createViews } from './views.service.ts';

export type { FieldDeclaration, RecordActor, RecordDeclaration, RecordHooks, RecordMergeMove, RecordMove, RecordReference, StoredValues } from './record-type-types.ts';
export type { Asker, RecordChange, RecordInput, RecordsService } from './records.service.ts';
export type { RecordRow } from './records.store.ts';
export type { LiveField, LiveType } from './registry.ts';
export { findRow } from './records.store.ts';
export { refuseMerged } from './merged.store.ts';
export { usersWithin, withinReach, reachParts } from './reach.store.ts';
export { columnOf, fromColumn, selected } from './field-columns.ts';
export { conditionOn, type Filterable, type FilterField, type Order, orderOn, type Place } from './filters.store.ts';
export { pageIds, type PageSource } from './list.store.ts';
export { namesOf } from './records.store.ts';
export type { Views } from './views.service.ts';
export { createFieldCipher, type FieldCipher } from './field-cipher.ts';
export * as bulkLoad from './bulk-load.store.ts';
export * as bulkCompare from './bulk-compare.store.ts';
export type { Load, LoadedRow } from './bulk-load.store.ts';

export interface RecordsOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  config: Pick<Config, 'defaultCountry' | 'fieldKey'>;
  bus: Bus;
  declarations: readonly RecordDeclaration[];
}

/** The records engine with all declared types. Makes and completes their tables before it answers. */
export async function createRecords(options: RecordsOptions) {
  const { database, bus, declarations } = options;
  let types: ReadonlyMap<string, LiveType> = new Map();

  /** Reads added fields and layouts anew, and makes the columns that are missing. */
  async function load(): Promise<void> {
    const added = await listCustomFields(database);
    const layouts = await listLayouts(database);
    const current = await Promise.all(declarations.map(async (declaration) => withPicks(declaration, (await declaration.picks?.(database)) ?? {})));
    const next = new Map(current.map((declaration) => [declaration.name, liveType(declaration, added.filter((field) => field.recordType === declaration.name), layouts.get(declaration.name) ?? null)]));
    await completeTables(database, next.values());
    types = next;
  }
  await load();
  /** What types are made of changed: everybody reads them anew. */
  const reload = async (): Promise<void> => {
    await load();
    bus.tell('recordTypes', null);
  };
  bus.on('recordTypes', () => void load());
  bus.onCaughtSight(() => void load());

  const context: RecordsContext = { ...options, cipher: createFieldCipher(options.config.fieldKey ?? null), types: () => types, scopeOf };
  const records = createRecordsService(context);
  const withRecords = { ...context, records };
  const parts = {
    records,
    bulk: createBulk(withRecords),
    views: createViews(withRecords),
    history: createHistory(withRecords),
    search: createSearch(withRecords),
    merging: createMerging(withRecords),
    duplicates: createDuplicates(withRecords),
    handOver: createHandOver(withRecords),
    fields: createCustomFields({
      ...context,
      hasFieldKey: options.config.fieldKey !== undefined,
      reload,
    }),
    openApi: (viewer: Viewer) => openApiOf(records.listTypes(viewer).map((type) => records.typeFor(viewer, type.name))),
    people: (search: string | undefined) => listPeople(database, search),
    types: () => types,
    reload,
    cipher: context.cipher,
  };
  return {
    ...parts,
    async registerRoutes(app: HttpApp): Promise<void> {
      registerRecordRoutes(app, parts);
      registerJoiningRoutes(app, parts);
      await registerFileRoutes(app, parts);
    },
  };
}
export type Records = Awaited<ReturnType<typeof createRecords>>;
export type RecordsParts = Omit<Records, 'registerRoutes'>;

function withPicks(declaration: RecordDeclaration, picks: Awaited<ReturnType<NonNullable<RecordDeclaration['picks']>>>): RecordDeclaration {
  const fields = Object.entries(declaration.fields).map(([key, field]) => [key, picks[key] === undefined ? field : { ...field, ...picks[key] }] as const);
  return { ...declaration, fields: Object.fromEntries(fields) };
}
