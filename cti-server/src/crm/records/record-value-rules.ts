import { type RecordField, schemaOfField } from '../../contracts/index.ts';

/** What is wrong with one field. */
export interface FieldFault {
  field: string;
  message: string;
}

export interface RuledField {
  key: string;
  kind: RecordField['kind'];
  required: boolean;
  readOnly: boolean;
  options: RecordField['options'] | readonly RecordField['options'][number][];
  initial: unknown;
  max: number | null;
}

/**
 * The values as they will be kept, and every fault, so that a form can show them all at once. A new record gets the initial values of
 * fields that are left out; a change is only looked at where it says something. A value that a pick list retired may stay, not come back.
 * @param normalisePhone E.164 for a number in any spelling; null when it is none
 */
export function checkValues(
  fields: ReadonlyMap<string, RuledField>,
  given: Readonly<Record<string, unknown>>,
  how: { before: Readonly<Record<string, unknown>> | null; normalisePhone(value: string): string | null; mayWrite(key: string): boolean },
): { values: Record<string, unknown>; faults: FieldFault[] } {
  const values: Record<string, unknown> = {};
  const faults: FieldFault[] = [];
  for (const key of Object.keys(given)) {
    const field = fields.get(key);
    if (!field) faults.push({ field: `fields.${key}`, message: 'there is no such field' });
    else if (field.readOnly || !how.mayWrite(key)) faults.push({ field: `fields.${key}`, message: 'this field cannot be written' });
  }
  for (const field of fields.values()) {
    if (field.readOnly) continue;
    const isGiven = field.key in given;
    if (how.before && !isGiven) continue;
    const value = isGiven ? given[field.key] : field.initial;
    if (how.before && same(value, how.before[field.key])) continue;
    const checked = schemaFor(field).safeParse(value);
    if (!checked.success) {
      faults.push({ field: `fields.${field.key}`, message: wordOf(checked.error.issues[0]?.message, value, field) });
      continue;
    }
    let kept = checked.data;
    if (field.kind === 'phone' && typeof kept === 'string') {
      kept = how.normalisePhone(kept);
      if (kept === null) {
        faults.push({ field: `fields.${field.key}`, message: 'not a telephone number' });
        continue;
      }
    }
    values[field.key] = kept;
  }
  return { values, faults };
}

/** Made once for each field: an import asks for millions of values. */
const schemas = new WeakMap<RuledField, ReturnType<typeof schemaOfField>>();
function schemaFor(field: RuledField): ReturnType<typeof schemaOfField> {
  const known = schemas.get(field);
  if (known) return known;
  const made = schemaOfField({ kind: field.kind, required: field.required, options: [...field.options], max: field.max });
  schemas.set(field, made);
  return made;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const wordOf = (message: string | undefined, value: unknown, field: RuledField): string =>
  field.required && (value === null || value === undefined || value === '') ? 'this field must be filled in' : (message ?? 'not a value of this field');
