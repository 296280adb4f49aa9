import { sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import type { ListDescription, ListLine, ListQuery, Page, PickOption, RecordField, RecordScope, SavedView, savedViewInput, Scope } from '../../contracts/index.ts';
import { forbidden, notFound } from '../../platform/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Database } from '../database.store.ts';
import { readCursor, toPage } from '../page-cursor.ts';
import { conditionOn, columnOf, type FieldCipher, type Filterable, type FilterField, type LiveType, namesOf, type Order, orderOn, type PageSource, usersWithin, type Views } from '../records/index.ts';
import { scopeOf } from '../../access/index.ts';
import { foldSearch } from '../text-search.store.ts';
import type { ListDeclaration } from './list-types.ts';
import { countLines, readLines, readVisible } from './lists.store.ts';

export interface ListsContext {
  database: Database;
  clock: Clock;
  cipher: FieldCipher;
  /** The record types that fields may link to. */
  types(): ReadonlyMap<string, LiveType>;
  views: Views;
  declarations: readonly ListDeclaration[];
}
type Question = Pick<ListQuery, 'filter' | 'search'>;

/** Counting stops here, as for records. */
const countedAtMost = 10_000;
/** Lines are short: more of them are looked through in order than of records. */
const walkedAtMost = 6_000;
const place = z.tuple([z.string().max(4_000).nullable(), z.string().regex(/^[0-9a-f-]{1,36}$/)]);

/** The use cases of every list that is only read. */
export function createListsService(context: ListsContext) {
  const { database, cipher, views } = context;
  const declared = new Map(context.declarations.map((declaration) => [declaration.name, withFields(declaration)]));

  /** Throws 404 for an unknown list, 403 for one that is not the viewer's to see. */
  function listFor(viewer: Viewer, name: string): LiveList {
    const list = declared.get(name);
    if (!list) throw notFound('list');
    if (!list.declaration.access.some((right) => viewer.rights.has(right))) throw forbidden(`read ${name}`);
    return list;
  }
  /** How far an export reaches: no further than reading, nor than the right to export. */
  function exportScope(viewer: Viewer, name: string): Scope | null {
    const right = scopeOf(viewer.recordRights, name, 'export');
    return right === 'none' ? null : narrower(viewer.scope, scopeOfRight[right]);
  }

  async function sourceFor(viewer: Viewer, { declaration }: LiveList, scope: Scope): Promise<PageSource & { reachesAll: boolean }> {
    const userIds = await usersWithin(database, viewer, scope);
    return { table: declaration.table, idType: declaration.idType, alive: declaration.only ?? sql`true`, ...(await declaration.reach({ viewer, scope, userIds }, database)), reachesAll: scope === 'all' };
  }

  async function wantedBy(list: LiveList, query: Question) {
    const filters = query.filter ?? [];
    const { search } = list.declaration;
    if (filters.length === 0 && (!query.search || !search)) return null;
    const condition = conditionOn(list, filters, cipher);
    if (!query.search || !search) return condition;
    const digits = query.search.replaceAll(/\D/g, '');
    return sql`${condition} and ${search((await foldSearch(database, query.search)).words, digits.length >= 4 ? digits : null)}`;
  }

  /** The filter along whose index the page is looked for, and from where to where in it. */
  function ledBy(list: LiveList, order: Order, { filter = [] }: Question) {
    const { led = [], order: standard } = list.declaration;
    if (order.field !== orderOn(list, standard).field) return undefined;
    const single = filter.filter(({ op, value }) => op === 'eq' || (op === 'in' && Array.isArray(value) && value.length === 1));
    const best = led.map((key) => single.find(({ field, value }) => field === key && value !== false)).find((one) => one !== undefined);
    const within = filter.filter(({ field, op }) => field === order.field.key && ['lt', 'lte', 'gt', 'gte'].includes(op));
    return best === undefined && within.length === 0 ? undefined : conditionOn(list, best === undefined ? within : [best, ...within], cipher);
  }

  async function toLines(list: LiveList, found: readonly { id: string; fields: Record<string, unknown> }[]): Promise<ListLine[]> {
    const names = await namesOf(database, context.types(), { fields: list.shown }, found);
    return found.map(({ id, fields }) => {
      const at = String(fields[list.declaration.atField]);
      const known = Object.values(fields).flatMap((value) => (typeof value === 'string' && names.has(value) ? [[value, names.get(value) ?? ''] as const] : []));
      const title = fields[list.declaration.titleField];
      return {
        ...{ id, fields, names: Object.fromEntries(known), title: typeof title === 'string' ? (names.get(title) ?? title) : '' },
        ...{ ownerId: null, ownerName: null, tags: [], createdAt: at, updatedAt: at, deletedAt: null, version: 0, mayChange: false, mayDelete: false },
      };
    });
  }

  /** A page as far as this scope reaches. */
  async function pageWithin(viewer: Viewer, list: LiveList, scope: Scope, query: ListQuery): Promise<Page<ListLine>> {
    const { reachesAll, inOrder, ...source } = await sourceFor(viewer, list, scope);
    const order = orderOn(list, query.sort);
    const isStandard = order.field === orderOn(list, list.declaration.order).field;
    const asked = { source: { ...source, inOrder: isStandard ? inOrder : undefined }, reachesAll, walked: walkedAtMost, order, cipher, fields: [...list.shown.values()], after: readCursor(query.cursor, place), wanted: await wantedBy(list, query), led: ledBy(list, order, query), limit: query.limit + 1 };
    const page = toPage(await readLines(database, asked), query.limit, (line) => line.place);
    return { items: await toLines(list, page.items), nextCursor: page.nextCursor };
  }
  async function countWithin(viewer: Viewer, list: LiveList, scope: Scope, query: Question): Promise<{ count: number; exact: boolean }> {
    const count = await countLines(database, await sourceFor(viewer, list, scope), await wantedBy(list, query), countedAtMost + 1);
    return { count: Math.min(count, countedAtMost), exact: count <= countedAtMost };
  }

  const service = {
    has: (name: string): boolean => declared.has(name),

    async describeAll(viewer: Viewer): Promise<ListDescription[]> {
      const open = [...declared.values()].filter(({ declaration }) => declaration.access.some((right) => viewer.rights.has(right)));
      return Promise.all(open.map(({ declaration }) => service.describe(viewer, declaration.name)));
    },
    async describe(viewer: Viewer, name: string): Promise<ListDescription> {
      const list = listFor(viewer, name);
      const { declaration } = list;
      return {
        ...{ name, label: declaration.label, plural: declaration.plural, icon: declaration.icon, titleField: declaration.titleField, stageField: null },
        ...{ listFields: [...declaration.listFields], sections: [], version: 0, order: declaration.order, searchable: declaration.search !== undefined },
        fields: await Promise.all([...list.shown.values()].map(async (field) => shownField(field, (await field.readOptions?.(database)) ?? field.options))),
        sortable: [...list.shown.values()].filter((field) => field.sortable).map((field) => field.key),
        filterable: [...list.shown.keys()].filter((key) => list.field(key) !== undefined),
        may: { read: viewer.scope, create: 'none', change: 'none', delete: 'none', import: 'none', export: exportScope(viewer, name) ?? 'none', configure: scopeOf(viewer.recordRights, name, 'configure') },
      };
    },

    page: (viewer: Viewer, name: string, query: ListQuery): Promise<Page<ListLine>> => pageWithin(viewer, listFor(viewer, name), viewer.scope, query),
    count: (viewer: Viewer, name: string, query: Question): Promise<{ count: number; exact: boolean }> => countWithin(viewer, listFor(viewer, name), viewer.scope, query),
    /** One line; throws 404 for one that is not there, and for one that may not be seen. */
    async get(viewer: Viewer, name: string, id: string): Promise<ListLine> {
      const list = listFor(viewer, name);
      const [line] = await toLines(list, await readVisible(database, { source: await sourceFor(viewer, list, viewer.scope), fields: [...list.shown.values()], cipher }, [id]));
      if (!line) throw notFound(name);
      return line;
    },

    /** What an export reads. Throws 403 for whoever may not export it. */
    async exporting(viewer: Viewer, name: string) {
      const list = listFor(viewer, name);
      const scope = exportScope(viewer, name);
      if (scope === null) throw forbidden(`export ${name}`);
      return {
        plural: list.declaration.plural,
        fields: new Map((await service.describe(viewer, name)).fields.map((field) => [field.key, field])),
        count: (query: Question) => countWithin(viewer, list, scope, query),
        page: (query: ListQuery) => pageWithin(viewer, list, scope, query),
      };
    },

    async listViews(viewer: Viewer, name: string): Promise<SavedView[]> {
      listFor(viewer, name);
      return views.of(viewer, name);
    },
    async createView(viewer: Viewer, name: string, input: z.output<typeof savedViewInput>): Promise<SavedView> {
      listFor(viewer, name);
      return views.add(viewer, name, input);
    },
  };
  return service;
}
export type ListsService = ReturnType<typeof createListsService>;

interface ShownListField extends FilterField {
  label: RecordField['label'];
  options: readonly PickOption[];
  readOptions: ListDeclaration['fields'][string]['readOptions'];
  linkTo: string | null;
  unit: RecordField['unit'];
}
interface LiveList extends Filterable {
  declaration: ListDeclaration;
  shown: ReadonlyMap<string, ShownListField>;
}

function withFields(declaration: ListDeclaration): LiveList {
  const shown = new Map(
    Object.entries(declaration.fields).map(([key, field]): [string, ShownListField] => [
      key,
      {
        ...{ key, column: columnOf(key, false), kind: field.kind, encrypted: false, label: field.label, options: field.options ?? [], readOptions: field.readOptions, linkTo: field.linkTo ?? null, unit: field.unit },
        ...{ filled: field.filled ?? false, sortable: (field.sortable ?? false) !== false, exact: field.exact ?? false },
        ...(field.expression === undefined ? {} : { expression: field.expression }),
        ...(field.sqlType === undefined ? {} : { sqlType: field.sqlType }),
        ...(field.containing === undefined ? {} : { containing: (text: string) => field.containing?.(text) ?? sql`false` }),
        ...(field.within === undefined ? {} : { within: (values: SQL) => field.within?.(values) ?? sql`false` }),
      },
    ]),
  );
  const id: FilterField = { key: 'id', column: 'id', kind: declaration.idType === 'uuid' ? 'link' : 'number', sqlType: declaration.idType, encrypted: false, filled: true };
  return { declaration, shown, order: declaration.order, field: (key) => (declaration.fields[key]?.filterable === false ? undefined : shown.get(key)), orderField: (key) => (declaration.fields[key]?.sortable === 'byId' ? id : shown.get(key)) };
}

const shownField = ({ key, kind, label, linkTo, unit }: ShownListField, options: readonly PickOption[]): RecordField => ({
  ...{ key, kind, label, linkTo, options: [...options], required: false, unique: false, custom: false, readOnly: false, encrypted: false, searchable: false, max: null, writable: false },
  ...(unit === undefined ? {} : { unit }),
});

/** Scopes of records are finer; what lies between is read as the narrower one. */
const scopeOfRight: Readonly<Record<Exclude<RecordScope, 'none'>, Scope>> = { own: 'own', subordinates: 'own', team: 'team', department: 'team', all: 'all' };
const scopes: readonly Scope[] = ['own', 'team', 'all'];
const narrower = (a: Scope, b: Scope): Scope => (scopes.indexOf(a) <= scopes.indexOf(b) ? a : b);
