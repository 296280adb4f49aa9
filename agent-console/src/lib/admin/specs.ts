import type { Component } from 'svelte';
import type { Right } from '@centralita/cti-server/contracts';

/** One field of an administrator's form. The value's kind follows from `kind`. */
export interface FieldSpec {
  key: string;
  label: () => string;
  hint?: (isNew: boolean) => string;
  kind: 'text' | 'number' | 'optionalNumber' | 'switch' | 'choice' | 'optionalChoice' | 'many' | 'password' | 'skillLevels' | 'person' | 'recordRights';
  /** For a person: where the record has the name of who is chosen. */
  nameKey?: string;
  options?: () => { value: string; label: string }[];
  min?: number;
  max?: number;
  required?: boolean;
  wide?: boolean;
}

export interface RowWords {
  title: string;
  detail: string;
  badges: { text: string; tone: 'ready' | 'not-ready' | 'outline' | 'accent' | 'ringing' }[];
}

/** A kind of record that an administrator keeps: its list, its form and its rules, in one place. */
export interface RecordSpec {
  section: string;
  path: string;
  right: Right;
  title: () => string;
  lead: () => string;
  newTitle: () => string;
  fields: FieldSpec[];
  /** A form of its own in place of the one made from `fields`. */
  form?: Component<OwnFormProps>;
  blank: () => Record<string, unknown>;
  words: (row: AdminRecord) => RowWords;
  /** Lists that its form offers choices from. */
  needs: readonly Lookup[];
  canDelete: boolean;
  paged: boolean;
  /** True for a record that nobody may change. */
  fixed?: (row: AdminRecord) => boolean;
  /** Offers to begin a new record with the fields of this one. */
  canCopy?: boolean;
  /** Offers to give all that this user owns to others. */
  canHandOver?: boolean;
}

export type Lookup = 'queues' | 'skills' | 'roles' | 'teams' | 'calendars' | 'numbers' | 'flows';
export type AdminRecord = Record<string, unknown> & { id: string; version: number };

/** What a form of its own is given: null for a new record. */
export interface OwnFormProps {
  record: AdminRecord | null;
  onsaved: (record: AdminRecord) => void;
  onclose: () => void;
}
