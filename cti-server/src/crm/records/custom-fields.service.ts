import type { z } from 'zod';
import { changesBetween } from '../../access/index.ts';
import { type CustomField, type customFieldInput, type layoutInput, type PickOption } from '../../contracts/index.ts';
import { alreadyExists, brokenUnique, changedMeanwhile, forbidden, inUse, notFound, Refusal } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { inTransaction } from '../database.store.ts';
import { wrongField } from '../refusals.ts';
import { countUses, deleteCustomField, insertCustomField, listCustomFields, lockCustomField, retireColumn, saveLayout, updateCustomField } from './custom-fields.store.ts';
import { columnOf } from './field-columns.ts';
import { foldWithout } from './tables.store.ts';
import type { RecordsContext } from './records.context.ts';

type FieldInput = z.output<typeof customFieldInput>;
type Changeable = Omit<FieldInput, 'key' | 'kind' | 'encrypted' | 'linkTo'>;
export type FieldChange = { [K in keyof Changeable]?: Changeable[K] | undefined } & { version: number };

/** More fields than this would make forms that nobody fills in, and tables that are slow to read. */
const mostFields = 200;
/** How many of a pick list's uses are counted for the refusal. */
const countedUses = 1_000;

/** Fields that an administrator adds while everybody works. */
export function createCustomFields(context: RecordsContext & { reload(): Promise<void>; hasFieldKey: boolean }) {
  const { database, clock, audit } = context;

  const mayConfigure = (viewer: Viewer, type: string): void => {
    if (!context.types().has(type)) throw notFound('record type');
    if (context.scopeOf(viewer.recordRights, type, 'configure') === 'none') throw forbidden(`configure ${type}`);
  };

  function refuseNonsense(input: Pick<FieldInput, 'kind' | 'options' | 'linkTo' | 'unique' | 'encrypted' | 'searchable'>): void {
    const isPick = input.kind === 'pick' || input.kind === 'multiPick';
    if (isPick && input.options.length === 0) throw wrongField('options', 'a pick list needs at least one value');
    if (!isPick && input.options.length > 0) throw wrongField('options', 'only pick lists have values');
    if (new Set(input.options.map((option) => option.value)).size < input.options.length) throw wrongField('options', 'a value is there twice');
    if (input.kind === 'link' && (input.linkTo === null || !context.types().has(input.linkTo))) throw wrongField('linkTo', 'there is no such record type');
    if (input.unique && ['longText', 'multiPick', 'yesNo', 'file'].includes(input.kind)) throw wrongField('unique', 'such a field cannot be unique');
    if (input.unique && input.encrypted && !input.searchable) throw wrongField('unique', 'an encrypted field is unique only when it can be searched by its exact value');
    if (input.encrypted && !['text', 'longText', 'email'].includes(input.kind)) throw wrongField('encrypted', 'only texts are encrypted');
    if (input.encrypted && !context.hasFieldKey) throw new Refusal(409, 'noFieldKey', 'Set FIELD_KEY on the server before encrypted fields are made.', { field: 'encrypted' });
  }

  return {
    async list(viewer: Viewer, type: string): Promise<CustomField[]> {
      mayConfigure(viewer, type);
      return (await listCustomFields(database)).filter((field) => field.recordType === type);
    },

    async add(viewer: Viewer, type: string, input: FieldInput): Promise<CustomField> {
      mayConfigure(viewer, type);
      refuseNonsense(input);
      const live = context.types().get(type);
      if (live?.fields.has(input.key)) throw alreadyExists('key', 'This type has such a field.');
      if ([...(live?.fields.values() ?? [])].filter((field) => field.custom).length >= mostFields) throw wrongField('key', `a type may have ${String(mostFields)} fields of one’s own`);
      const field: CustomField = { ...input, id: newId(clock.now()), recordType: type, version: 0 };
      await inTransaction(database, async (tx) => {
        await insertCustomField(tx, field, new Date(clock.now()));
        await audit.record(tx, viewer, 'field.created', 'recordType', type, changesBetween(null, { key: input.key, kind: input.kind, label: input.label.en }));
      }).catch((error: unknown) => {
        throw brokenUnique(error) === 'custom_fields_key' ? alreadyExists('key', 'This type has such a field.') : error;
      });
      await context.reload();
      return field;
    },

    /** A value of a pick list that is in use cannot be taken away, only retired; a unique rule that the records break is refused. */
    async change(viewer: Viewer, id: string, { version, ...input }: FieldChange): Promise<CustomField> {
      const after = await inTransaction(database, async (tx) => {
        const before = await lockCustomField(tx, id);
        if (!before) throw notFound('field');
        mayConfigure(viewer, before.recordType);
        if (before.version !== version) throw changedMeanwhile(before);
        const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
        const next: CustomField = { ...before, ...given };
        refuseNonsense(next);
        const live = context.types().get(before.recordType);
        const column = columnOf(before.key, true);
        for (const gone of before.options.filter((option) => !next.options.some((one) => one.value === option.value))) {
          const uses = live ? await countUses(tx, live.declaration.table, column, gone.value, before.kind === 'multiPick', countedUses) : 0;
          if (uses > 0) throw new Refusal(409, 'inUse', `${String(uses)} records have the value ${gone.value}: retire it instead.`, { field: 'options', details: { value: gone.value, uses } });
        }
        if (next.unique && !before.unique) throw wrongField('unique', 'a field becomes unique only when it is made');
        await updateCustomField(tx, next);
        await audit.record(tx, viewer, 'field.changed', 'recordType', before.recordType, changesBetween(wordsOf(before), wordsOf(next)));
        return { ...next, version: version + 1 };
      });
      await context.reload();
      return after;
    },

    /** The values stay in the database under another name; the key is free again. */
    async remove(viewer: Viewer, id: string, version: number): Promise<void> {
      await inTransaction(database, async (tx) => {
        const before = await lockCustomField(tx, id);
        if (!before) throw notFound('field');
        mayConfigure(viewer, before.recordType);
        if (before.version !== version) throw changedMeanwhile(before);
        const live = context.types().get(before.recordType);
        for (const type of context.types().values())
          for (const field of type.fields.values()) if (field.kind === 'link' && field.customId === id && type !== live) throw inUse('Another type links to it.');
        await deleteCustomField(tx, id);
        if (live) await foldWithout(tx, live, before.key);
        if (live) await retireColumn(tx, live.declaration.table, columnOf(before.key, true), before.id.slice(-6));
        await audit.record(tx, viewer, 'field.deleted', 'recordType', before.recordType, changesBetween(wordsOf(before), null));
      });
      await context.reload();
    },

    async arrange(viewer: Viewer, type: string, layout: z.output<typeof layoutInput>): Promise<void> {
      mayConfigure(viewer, type);
      const live = context.types().get(type);
      const unknown = [...layout.listFields, ...layout.sections.flatMap((section) => section.fields)].find((key) => !live?.fields.has(key));
      if (unknown !== undefined) throw wrongField('sections', `there is no field ${unknown}`);
      await inTransaction(database, async (tx) => {
        await saveLayout(tx, type, layout);
        await audit.record(tx, viewer, 'layout.changed', 'recordType', type, {});
      });
      await context.reload();
    },
  };
}
export type CustomFields = ReturnType<typeof createCustomFields>;

const wordsOf = (field: CustomField): Record<string, unknown> => ({
  key: field.key,
  label: field.label.en,
  required: field.required,
  searchable: field.searchable,
  options: field.options.map((option: PickOption) => (option.retired ? `(${option.value})` : option.value)),
});
