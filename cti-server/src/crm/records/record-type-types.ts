import type { FieldKind, Labels, PickOption } from '../../contracts/index.ts';
import type { Connection, Transaction } from '../database.store.ts';

/** A field as a declaration writes it. The column's name follows from the key. */
export interface FieldDeclaration {
  kind: FieldKind;
  label: Labels;
  required?: boolean;
  unique?: boolean;
  /** Set by the product; people only read it. */
  readOnly?: boolean;
  /** Encrypted at rest; found by its exact value only when `searchable`. */
  encrypted?: boolean;
  /** Found by the search box. */
  searchable?: boolean;
  options?: readonly PickOption[];
  /** The value of a new record that does not say. */
  initial?: unknown;
  linkTo?: string;
  max?: number;
  /** The column holds an empty text where there is no value. */
  emptyText?: boolean;
  /** Lists are filtered or sorted by it, so it gets an index. */
  indexed?: boolean;
}

/** What a type does beyond what every record does. All of it runs in the transaction of the change. */
export interface RecordHooks {
  /** Looks at what will be saved; may change `after`, and refuses by throwing. `before` is null for a new record. */
  beforeSave?(change: RecordMove): Promise<void>;
  /** Tells others what happened: a timeline, a counter. */
  afterSave?(change: RecordMove): Promise<void>;
  /** Keeps what one of two records that became one had in a field of which only the other's value stays. */
  afterMerge?(merge: RecordMergeMove): Promise<void>;
  /** Takes back what {@link afterMerge} kept. */
  afterMergeUndone?(tx: Transaction, mergeId: string): Promise<void>;
  /** Somebody commented on the record. */
  afterComment?(comment: { tx: Transaction; id: string; nowMs: number; toCustomer: boolean }): Promise<void>;
}

/** Two records that were just made one. */
export interface RecordMergeMove {
  tx: Transaction;
  mergeId: string;
  keptId: string;
  nowMs: number;
  /** As the two were. */
  before: readonly Readonly<Record<string, unknown>>[];
  /** As the kept one is now. */
  after: Readonly<Record<string, unknown>>;
}

/** Who does it: a person, or null for the product itself (a rule, an import is a person's). */
export interface RecordActor {
  userId: string;
  name: string;
}

export interface RecordMove {
  tx: Transaction;
  actor: RecordActor | null;
  nowMs: number;
  id: string;
  before: StoredValues | null;
  /** Null: the record is deleted. */
  after: StoredValues | null;
}

/** Field values by key, as the API speaks them, and who owns the record. */
export interface StoredValues {
  fields: Record<string, unknown>;
  ownerId: string | null;
}

/** Rows elsewhere that belong to a record: they come along when two records are made one. */
export interface RecordReference {
  table: string;
  column: string;
  /** Stays where it is when the other has a row with the same value here. */
  unlessTaken?: string;
  /** Only rows of which this SQL is true. */
  only?: string;
  /** SQL that is set besides, with `$to` for the id of the kept record. */
  alsoSet?: string;
}

/**
 * A record type, declared once. From it come table, validation, REST, OpenAPI, rights, audit, history, search, import, export, and the
 * console's list, card and form.
 */
export interface RecordDeclaration {
  /** As in /api/records/NAME. */
  name: string;
  table: string;
  /** Where a table that was there before the engine names what every record has otherwise. A named `findText` is filled by the table itself. */
  columns?: { ownerId?: string; createdAt?: string; updatedAt?: string; findText?: string };
  label: Labels;
  plural: Labels;
  /** A name of lucide's icons, in kebab-case. */
  icon: string;
  fields: Readonly<Record<string, FieldDeclaration>>;
  titleField: string;
  listFields: readonly string[];
  /** A pick field by which a kanban stands. */
  stageField?: string;
  sections?: readonly { label: Labels; fields: readonly string[] }[];
  /** Who makes a record without saying whose it is owns it. False: nobody does, as in a pool. */
  ownedByMaker?: boolean;
  /** What nobody owns may be seen by whoever may see any of this type: a public pool. Changing it takes the reach of everything. */
  unownedIsForAll?: boolean;
  /** A table of telephone numbers that belong to the records, where one field is not enough. */
  numbers?: { table: string; record: string; e164: string };
  references?: readonly RecordReference[];
  /** Pick lists that the company keeps elsewhere, by the field's key; read at each start and whenever the types are read anew. */
  picks?(connection: Connection): Promise<Record<string, Required<Pick<FieldDeclaration, 'options'>> & Pick<FieldDeclaration, 'initial'>>>;
  hooks?: RecordHooks;
}
