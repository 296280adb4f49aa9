import type { CrmRecord, ListDescription, RecordField, RecordType, SavedView } from '@centralita/cti-server/contracts';
import { get, patch, post, remove } from '#lib/api/index.ts';
import { PagedList } from '#lib/api/paged.svelte.ts';
import { mayWith } from './record-types.svelte.ts';
import { opsOf } from './filter-conditions.ts';
import { lookFrom, lookOf, plainLook, sameLook, addressOf, nextSort, type ListLook } from './list-look.ts';
import { ownFields } from './own-fields.ts';
import { pathOf } from './saving.ts';

/** One list of records: its views, what is looked at and how, what is chosen. */
export class RecordList {
  readonly type: RecordType;
  /** The list that it is when its lines are no records: they are only read. */
  readonly plain: ListDescription | null;
  readonly path: string;
  readonly page: PagedList<CrmRecord>;
  /** The type's fields and what every record has, by key. */
  readonly fields: ReadonlyMap<string, RecordField>;
  views = $state.raw<SavedView[]>([]);
  viewId = $state<string | null>(null);
  look = $state.raw<ListLook>({ look: 'list', columns: [], filter: [], sort: null });
  search = $state('');
  trash = $state(false);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  /** All that the filter finds, also what is not read yet. */
  allChosen = $state(false);
  count = $state.raw<{ count: number; exact: boolean } | null>(null);
  /** Grows when boards and counts should read anew. */
  round = $state(0);

  constructor(type: RecordType | ListDescription, address: URLSearchParams) {
    this.type = type;
    this.plain = 'sortable' in type ? type : null;
    this.path = this.plain === null ? pathOf(type.name) : `/api/lists/${type.name}`;
    this.page = new PagedList<CrmRecord>(this.path);
    this.fields = new Map([...type.fields, ...(this.plain === null ? ownFields(mayWith(type, 'change')) : [])].map((field) => [field.key, field]));
    this.viewId = address.get('view');
    this.look = lookFrom(address, plainLook(type));
    this.search = address.get('q') ?? '';
    this.trash = address.has('trash');
  }

  get view(): SavedView | undefined {
    return this.views.find((view) => view.id === this.viewId);
  }
  /** What the view says, before anybody changed it here. */
  get base(): ListLook {
    return this.view === undefined ? plainLook(this.type) : lookOf(this.view);
  }
  get changed(): boolean {
    return !sameLook(this.look, this.base);
  }
  get columns(): RecordField[] {
    const keys = this.look.columns.length === 0 ? this.type.listFields : this.look.columns;
    // The name comes first: it is what rows are known by, and leads to the card.
    const ordered = [this.type.titleField, ...keys.filter((key) => key !== this.type.titleField)];
    return ordered.map((key) => this.fields.get(key)).filter((field) => field !== undefined);
  }
  /** Whether a list may be narrowed by this. */
  filters(field: RecordField): boolean {
    return opsOf(field).length > 0 && (this.plain === null || this.plain.filterable.includes(field.key));
  }
  get query(): Record<string, string | null> {
    return {
      filter: this.look.filter.length === 0 ? null : JSON.stringify(this.look.filter),
      sort: this.look.sort,
      search: this.search.trim(),
      state: this.trash ? 'trash' : null,
    };
  }
  get address(): URLSearchParams {
    const address = addressOf(this.viewId, this.look, this.base, this.search);
    if (this.trash) address.set('trash', '1');
    return address;
  }

  /** Reads the saved views; the address may name one that only now is known. */
  async loadViews(address: URLSearchParams): Promise<void> {
    this.views = (await get<{ items: SavedView[] }>(`${this.path}/views`)).items;
    if (this.viewId !== null && this.view === undefined) this.viewId = null;
    else if (this.view !== undefined) this.look = lookFrom(address, this.base);
  }

  /** Reads the first page anew, and how many there are. */
  ask(): void {
    const query = this.query;
    this.page.ask(query);
    this.round++;
    if (this.trash) return void (this.count = null);
    get<{ count: number; exact: boolean }>(`${this.path}/count`, { query: { filter: query['filter'] ?? null, search: query['search'] ?? null } })
      .then((count) => (this.count = count))
      .catch(() => (this.count = null)); // the list stands without its figure
  }

  open(view: SavedView | null): void {
    this.viewId = view?.id ?? null;
    this.trash = false;
    this.look = this.base;
    this.choose([]);
  }
  change(look: Partial<ListLook>): void {
    this.look = { ...this.look, ...look };
    this.choose([]);
  }
  sortBy(key: string): void {
    this.change({ sort: nextSort(this.look.sort, key) });
  }
  choose(ids: Iterable<string>, all = false): void {
    this.chosen = new Set(ids);
    this.allChosen = all;
  }

  put(record: CrmRecord): void {
    this.page.rows = this.page.rows.map((row) => (row.id === record.id ? record : row));
  }
  add(record: CrmRecord): void {
    if (this.page.rows.some((row) => row.id === record.id)) return this.put(record);
    this.page.rows = [record, ...this.page.rows];
    if (this.page.phase !== 'there') this.page.phase = 'there';
    if (this.count !== null) this.count = { ...this.count, count: this.count.count + 1 };
  }
  drop(id: string): void {
    this.page.rows = this.page.rows.filter((row) => row.id !== id);
    this.choose([...this.chosen].filter((one) => one !== id));
    if (this.count !== null) this.count = { ...this.count, count: Math.max(0, this.count.count - 1) };
  }

  async saveAs(name: string, shared: boolean): Promise<void> {
    const view = await post<SavedView>(`${this.path}/views`, { ...this.look, name, shared });
    this.views = [...this.views, view];
    this.viewId = view.id;
  }
  async saveView(view: SavedView, change: Partial<Pick<SavedView, 'name' | 'shared'>> & Partial<ListLook>): Promise<void> {
    const saved = await patch<SavedView>(`/api/record-views/${view.id}`, { ...change, version: view.version });
    this.views = this.views.map((one) => (one.id === saved.id ? saved : one));
  }
  async deleteView(view: SavedView): Promise<void> {
    await remove(`/api/record-views/${view.id}`, { query: { version: view.version } });
    this.views = this.views.filter((one) => one.id !== view.id);
    if (this.viewId === view.id) this.open(null);
  }
}
