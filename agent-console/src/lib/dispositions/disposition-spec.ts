import type { NextAction } from '@centralita/cti-server/contracts';
import { lookups } from '#lib/admin/lookups.svelte.ts';
import type { RecordSpec } from '#lib/admin/specs.ts';
import { m } from '#lib/i18n/index.ts';
import type { Branch } from './tree.ts';

const nextWords: Record<NextAction, () => string> = {
  none: () => m.dispositions_next_none(),
  ticket: () => m.dispositions_next_ticket(),
  callback: () => m.dispositions_next_callback(),
  doNotCall: () => m.dispositions_next_doNotCall(),
};

/** In a word what must be made before the call is closed; null for nothing. */
export function nextActionBadge(action: NextAction): string | null {
  if (action === 'ticket') return m.dispositions_badge_ticket();
  if (action === 'callback') return m.dispositions_badge_callback();
  return action === 'doNotCall' ? m.dispositions_badge_doNotCall() : null;
}

/** The form of a disposition; its list is a tree of its own. */
export const dispositionSpec = (branches: readonly Branch[]): RecordSpec => ({
  section: 'dispositions',
  path: '/api/dispositions',
  right: 'queues.manage',
  title: () => m.admin_dispositions(),
  lead: () => m.dispositions_tree_lead(),
  newTitle: () => m.admin_disposition_new(),
  needs: ['queues'],
  canDelete: true,
  paged: false,
  fields: [
    { key: 'name', label: () => m.name(), kind: 'text', required: true, max: 60, wide: true },
    {
      key: 'parentId',
      label: () => m.dispositions_parent(),
      kind: 'optionalChoice',
      options: () => [{ value: '', label: m.dispositions_top() }, ...branches.filter((branch) => branch.depth < 3).map(({ item, depth }) => ({ value: item.id, label: `${'\u2003'.repeat(depth)}${item.name}` }))],
    },
    { key: 'nextAction', label: () => m.dispositions_next(), kind: 'choice', options: () => Object.entries(nextWords).map(([value, word]) => ({ value, label: word() })) },
    { key: 'sortOrder', label: () => m.field_sort_order(), hint: () => m.field_sort_order_hint(), kind: 'number', min: 0, max: 9999 },
    { key: 'queueIds', label: () => m.field_queues(), hint: () => m.field_disposition_queues_hint(), kind: 'many', options: () => lookups.options('queues'), wide: true },
    { key: 'active', label: () => m.active(), kind: 'switch' },
  ],
  blank: () => ({ name: '', parentId: null, nextAction: 'none', sortOrder: 0, queueIds: [], active: true }),
  words: (row) => ({ title: String(row['name']), detail: '', badges: [] }),
});
