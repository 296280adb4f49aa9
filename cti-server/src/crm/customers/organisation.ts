import type { RecordHooks } from '../records/index.ts';
import { wrongField } from '../refusals.ts';
import { wouldCircle } from './organisation.store.ts';

/** Nobody is above themselves, however many stand between: an organisation chart has a top. */
export const refusesCircles = (table: 'contacts' | 'customers', field: 'managerId' | 'parentId'): RecordHooks => ({
  async beforeSave({ tx, id, before, after }) {
    const above = after?.fields[field];
    if (typeof above !== 'string' || above === before?.fields[field]) return;
    if (await wouldCircle(tx, table, field === 'managerId' ? 'manager_id' : 'parent_id', id, above)) throw wrongField(`fields.${field}`, 'this would make a circle');
  },
});
