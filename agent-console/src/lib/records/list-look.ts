import type { RecordFilter, RecordType, SavedView } from '@centralita/cti-server/contracts';
import { filtersFrom, sameFilters } from './filter-conditions.ts';

/** How a list is looked at: what a saved view keeps. */
export interface ListLook {
  look: 'list' | 'kanban';
  columns: string[];
  filter: RecordFilter[];
  sort: string | null;
}

export const plainLook = (type: Pick<RecordType, 'listFields'>): ListLook => ({ look: 'list', columns: [...type.listFields], filter: [], sort: null });
export const lookOf = (view: SavedView): ListLook => ({ look: view.look, columns: [...view.columns], filter: [...view.filter], sort: view.sort });

export function sameLook(one: ListLook, other: ListLook): boolean {
  return one.look === other.look && one.sort === other.sort && sameFilters(one.filter, other.filter) && JSON.stringify(one.columns) === JSON.stringify(other.columns);
}

/** Up, down, as it was: what a click on a heading leads to. */
export function nextSort(sort: string | null, key: string): string | null {
  if (sort === key) return `-${key}`;
  return sort === `-${key}` ? null : key;
}

/** A list's state in its address, so that a link or going back opens the same one. Only what differs from the view is written. */
export function addressOf(viewId: string | null, look: ListLook, base: ListLook, search: string): URLSearchParams {
  const address = new URLSearchParams();
  if (viewId !== null) address.set('view', viewId);
  if (look.look !== base.look) address.set('look', look.look);
  if (!sameFilters(look.filter, base.filter)) address.set('filter', JSON.stringify(look.filter));
  if (look.sort !== base.sort) address.set('sort', look.sort ?? '');
  if (JSON.stringify(look.columns) !== JSON.stringify(base.columns)) address.set('columns', look.columns.join(','));
  if (search.trim() !== '') address.set('q', search.trim());
  return address;
}

export function lookFrom(address: URLSearchParams, base: ListLook): ListLook {
  const look = address.get('look');
  const sort = address.get('sort');
  const columns = address.get('columns');
  return {
    look: look === 'list' || look === 'kanban' ? look : base.look,
    filter: address.has('filter') ? filtersFrom(address.get('filter')) : base.filter,
    sort: sort === null ? base.sort : sort === '' ? null : sort,
    columns: columns === null ? base.columns : columns.split(',').filter((key) => key !== ''),
  };
}
