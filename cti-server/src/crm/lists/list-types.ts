import type { SQL } from 'drizzle-orm';
import type { FieldKind, Labels, PickOption, Right, Scope } from '../../contracts/index.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Connection } from '../database.store.ts';
import type { SearchWord } from '../search-words.ts';

/** A field of a list. It is read from the column named after its key, unless `expression` says otherwise. */
export interface ListField {
  kind: FieldKind;
  label: Labels;
  /** SQL on `t`, the list's table. */
  expression?: SQL;
  /** Where the kind does not tell the column's type, for instance a pick of ids. */
  sqlType?: 'uuid' | 'numeric';
  /** Never null. */
  filled?: boolean;
  /** There is an index in its order; `byId`: the ids are in the same order. */
  sortable?: boolean | 'byId';
  /** A text that is compared as it is, with case and accents. */
  exact?: boolean;
  /** What it means to hold a part of a text, where an index answers that. */
  containing?(text: string): SQL;
  /** False: it is only shown. Comparing it would read every line of the table. */
  filterable?: false;
  /** True for lines with one of these values, where they lie in another table. */
  within?(values: SQL): SQL;
  options?: readonly PickOption[];
  /** What can be picked just now; instead of `options`. */
  readOptions?(connection: Connection): Promise<PickOption[]>;
  linkTo?: string;
  unit?: 'seconds';
}

/** How far somebody's right to a list goes. */
export interface ListReach {
  viewer: Viewer;
  scope: Scope;
  /** The people within the scope, oneself among them; null: everybody. */
  userIds: readonly string[] | null;
}

/**
 * A list that is only read, declared once, over a table that is nobody's record: calls, states of agents, the audit. From it come filters,
 * order, pages, rights in SQL, saved views and exports, as record types have them.
 */
export interface ListDeclaration {
  /** As in /api/lists/NAME; also what a right to export it is called. No record type has the same name. */
  name: string;
  label: Labels;
  plural: Labels;
  /** A name of lucide's icons, in kebab-case. */
  icon: string;
  /** The table, or SQL that stands for one; it is called `t`, and each of its lines has a unique `id`. */
  table: SQL;
  idType: 'uuid' | 'bigint';
  /** What of the table belongs to the list; all when left out. */
  only?: SQL;
  fields: Readonly<Record<string, ListField>>;
  /** The instant of a line. */
  atField: string;
  titleField: string;
  listFields: readonly string[];
  /** As `sort` in a question. */
  order: string;
  /** Fields with an index of their own in that order, what narrows most first: a page is looked for along it. */
  led?: readonly string[];
  /** Any of these opens it; how far says the role's scope. */
  access: readonly Right[];
  /**
   * Conditions on `t` that together are what may be seen, no line in two of them, each readable by an index. `inOrder`: the same cut so
   * small that an index gives each in the list's order, where that is possible.
   */
  reach(of: ListReach, connection: Connection): Promise<{ reaches: SQL[]; inOrder?: SQL[] | undefined }>;
  /** What the search box finds: words, or digits of a number in any spelling. */
  search?(words: readonly SearchWord[], digits: string | null): SQL;
}
