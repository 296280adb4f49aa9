import { rights, type Right } from '@centralita/cti-server/contracts';
import { languageNames, m, shortInstant } from '#lib/i18n/index.ts';
import { lookups } from './lookups.svelte.ts';
import type { AdminRecord, RecordSpec } from './specs.ts';

const text = (row: AdminRecord, key: string): string => (typeof row[key] === 'string' ? row[key] : '');
const ids = (row: AdminRecord, key: string): string[] => (Array.isArray(row[key]) ? (row[key] as string[]) : []);

const rightWords: Record<Right, () => string> = {
  'calls.take': () => m.right_calls_take(),
  'calls.read': () => m.right_calls_read(),
  'floor.read': () => m.right_floor_read(),
  'floor.manage': () => m.right_floor_manage(),
  'customers.read': () => m.right_customers_read(),
  'customers.manage': () => m.right_customers_manage(),
  'tickets.read': () => m.right_tickets_read(),
  'tickets.manage': () => m.right_tickets_manage(),
  'queues.manage': () => m.right_queues_manage(),
  'users.manage': () => m.right_users_manage(),
  'roles.manage': () => m.right_roles_manage(),
  'audit.read': () => m.right_audit_read(),
  'system.read': () => m.right_system_read(),
};
const scopeWords: Record<string, () => string> = { own: () => m.scope_own(), team: () => m.scope_team(), all: () => m.scope_all() };

/** Who may be here, and what they may do. */
export const peopleRecords: RecordSpec[] = [
  {
    section: 'users',
    path: '/api/users',
    right: 'users.manage',
    title: () => m.admin_users(),
    lead: () => m.admin_users_lead(),
    newTitle: () => m.admin_user_new(),
    needs: ['roles', 'teams'],
    canDelete: false,
    canHandOver: true,
    paged: true,
    fields: [
      { key: 'name', label: () => m.customer_name(), kind: 'text', required: true, max: 120 },
      { key: 'login', label: () => m.field_login(), kind: 'text', required: true, max: 100 },
      { key: 'locale', label: () => m.language(), kind: 'choice', options: () => Object.entries(languageNames).map(([value, label]) => ({ value, label })) },
      { key: 'password', label: () => m.field_password(), hint: (isNew) => (isNew ? m.field_password_new_hint() : m.field_password_keep_hint()), kind: 'password' },
      { key: 'roleIds', label: () => m.field_roles(), kind: 'many', options: () => lookups.options('roles'), wide: true },
      { key: 'teamIds', label: () => m.field_teams(), kind: 'many', options: () => lookups.options('teams'), wide: true },
      { key: 'managerId', label: () => m.field_manager(), hint: () => m.field_manager_hint(), kind: 'person', nameKey: 'managerName', wide: true },
      { key: 'active', label: () => m.active(), hint: () => m.field_user_active_hint(), kind: 'switch', wide: true },
    ],
    blank: () => ({ name: '', login: '', locale: 'es', password: '', roleIds: [], teamIds: [], managerId: null, active: true }),
    words: (row) => ({
      title: text(row, 'name'),
      detail: `${text(row, 'login')} · ${m.field_last_sign_in({ time: row['lastSignInAt'] === null ? m.field_never() : shortInstant(text(row, 'lastSignInAt')) })}`,
      badges: [...ids(row, 'roleIds').map((id) => ({ text: lookups.nameOf('roles', id), tone: 'accent' as const })), ...(row['active'] === false ? [{ text: m.inactive(), tone: 'outline' as const }] : [])],
    }),
  },
  {
    section: 'roles',
    path: '/api/roles',
    right: 'roles.manage',
    title: () => m.admin_roles(),
    lead: () => m.admin_roles_lead(),
    newTitle: () => m.admin_role_new(),
    needs: [],
    canDelete: true,
    paged: false,
    canCopy: true,
    fixed: (row) => row['builtIn'] === true,
    fields: [
      { key: 'name', label: () => m.name(), kind: 'text', required: true, max: 80 },
      { key: 'scope', label: () => m.field_scope(), kind: 'choice', options: () => Object.entries(scopeWords).map(([value, word]) => ({ value, label: word() })) },
      { key: 'rights', label: () => m.field_rights(), kind: 'many', options: () => rights.map((value) => ({ value, label: rightWords[value]() })), wide: true },
      { key: 'recordRights', label: () => m.field_record_rights(), hint: () => m.field_record_rights_hint(), kind: 'recordRights', wide: true },
    ],
    blank: () => ({ name: '', scope: 'own', rights: [], recordRights: {} }),
    words: (row) => ({
      title: text(row, 'name'),
      detail: ids(row, 'rights').map((one) => rightWords[one as Right]?.() ?? one).join(' · '),
      badges: [{ text: scopeWords[text(row, 'scope')]?.() ?? '', tone: 'not-ready' }, ...(row['builtIn'] === true ? [{ text: m.field_built_in(), tone: 'outline' as const }] : [])],
    }),
  },
  {
    section: 'teams',
    path: '/api/teams',
    right: 'users.manage',
    title: () => m.admin_teams(),
    lead: () => m.admin_teams_lead(),
    newTitle: () => m.admin_team_new(),
    needs: ['teams'],
    canDelete: true,
    paged: false,
    fields: [
      { key: 'name', label: () => m.name(), kind: 'text', required: true, max: 80 },
      { key: 'parentId', label: () => m.field_parent_team(), hint: () => m.field_parent_team_hint(), kind: 'optionalChoice', options: () => [{ value: '', label: m.none() }, ...lookups.options('teams')] },
    ],
    blank: () => ({ name: '', parentId: null }),
    words: (row) => ({ title: text(row, 'name'), detail: typeof row['parentId'] === 'string' ? lookups.nameOf('teams', row['parentId']) : '', badges: [] }),
  },
];
