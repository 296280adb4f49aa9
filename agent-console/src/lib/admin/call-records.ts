import { languageNames, m, phoneNumber } from '#lib/i18n/index.ts';
import { lookups } from './lookups.svelte.ts';
import type { AdminRecord, FieldSpec, RecordSpec, RowWords } from './specs.ts';

/** What administrators set up around calls. */
const text = (row: AdminRecord, key: string): string => (typeof row[key] === 'string' ? row[key] : '');
const ids = (row: AdminRecord, key: string): string[] => (Array.isArray(row[key]) ? (row[key] as string[]) : []);
const resting = (row: AdminRecord): RowWords['badges'] => (row['active'] === false ? [{ text: m.inactive(), tone: 'outline' }] : []);

const nameField = (max: number): FieldSpec => ({ key: 'name', label: () => m.name(), kind: 'text', required: true, max });
const activeField: FieldSpec = { key: 'active', label: () => m.active(), kind: 'switch' };
const orderField: FieldSpec = { key: 'sortOrder', label: () => m.field_sort_order(), hint: () => m.field_sort_order_hint(), kind: 'number', min: 0, max: 9999 };
const right = 'queues.manage' as const;

export const callRecords: RecordSpec[] = [
  {
    section: 'queues',
    path: '/api/queues',
    right,
    title: () => m.admin_queues(),
    lead: () => m.admin_queues_lead(),
    newTitle: () => m.admin_queue_new(),
    needs: ['skills'],
    canDelete: true,
    paged: false,
    fields: [
      nameField(80),
      { key: 'language', label: () => m.field_language(), kind: 'choice', options: () => Object.entries(languageNames).map(([value, label]) => ({ value, label })) },
      { key: 'priority', label: () => m.field_priority(), hint: () => m.field_priority_hint(), kind: 'number', min: 0, max: 100 },
      { key: 'ringTimeoutSeconds', label: () => m.field_ring_timeout(), hint: () => m.field_ring_timeout_hint(), kind: 'number', min: 5, max: 120 },
      { key: 'maxWaitSeconds', label: () => m.field_max_wait(), hint: () => m.field_max_wait_hint(), kind: 'optionalNumber', min: 10, max: 7200 },
      { key: 'wrapUpSeconds', label: () => m.field_wrap_up(), hint: () => m.field_wrap_up_hint(), kind: 'optionalNumber', min: 0, max: 3600 },
      { key: 'serviceLevelSeconds', label: () => m.field_service_level(), kind: 'number', min: 1, max: 600 },
      { key: 'shortAbandonSeconds', label: () => m.field_short_abandon(), kind: 'number', min: 0, max: 60 },
      { key: 'announceEverySeconds', label: () => m.field_announce_every(), kind: 'number', min: 15, max: 600 },
      { key: 'playGreeting', label: () => m.field_play_greeting(), kind: 'switch' },
      { key: 'announcePosition', label: () => m.field_announce_position(), kind: 'switch' },
      { key: 'skills', label: () => m.field_skills(), hint: () => m.field_queue_skills_hint(), kind: 'skillLevels', wide: true },
      activeField,
    ],
    blank: () => ({
      name: '',
      language: 'es',
      priority: 50,
      ringTimeoutSeconds: 20,
      maxWaitSeconds: null,
      wrapUpSeconds: null,
      serviceLevelSeconds: 20,
      shortAbandonSeconds: 5,
      announceEverySeconds: 45,
      playGreeting: true,
      announcePosition: true,
      skills: [],
      active: true,
    }),
    words: (row) => ({
      title: text(row, 'name'),
      detail: [
        languageNames[text(row, 'language') as keyof typeof languageNames],
        ...(row['skills'] as { skillId: string; minLevel: number }[]).map((skill) => `${lookups.nameOf('skills', skill.skillId)} ≥ ${String(skill.minLevel)}`),
      ].join(' · '),
      badges: [{ text: `${m.field_priority()} ${String(row['priority'])}`, tone: 'not-ready' }, ...resting(row)],
    }),
  },
  {
    section: 'numbers',
    path: '/api/numbers',
    right,
    title: () => m.admin_numbers(),
    lead: () => m.admin_numbers_lead(),
    newTitle: () => m.admin_number_new(),
    needs: ['queues'],
    canDelete: true,
    paged: false,
    fields: [
      { key: 'number', label: () => m.field_number(), hint: () => m.field_number_hint(), kind: 'text', required: true, max: 32 },
      { key: 'label', label: () => m.field_label(), kind: 'text', max: 80 },
      { key: 'queueId', label: () => m.field_queue(), kind: 'optionalChoice', options: () => [{ value: '', label: m.field_no_queue() }, ...lookups.options('queues')] },
      activeField,
    ],
    blank: () => ({ number: '', label: '', queueId: null, active: true }),
    words: (row) => ({
      title: phoneNumber(text(row, 'number')),
      detail: [text(row, 'label'), row['queueId'] === null ? m.field_no_queue() : lookups.nameOf('queues', text(row, 'queueId'))].filter((part) => part !== '').join(' · '),
      badges: [...(row['queueId'] === null ? [{ text: m.field_no_queue(), tone: 'ringing' as const }] : []), ...resting(row)],
    }),
  },
  {
    section: 'skills',
    path: '/api/skills',
    right,
    title: () => m.admin_skills(),
    lead: () => m.admin_skills_lead(),
    newTitle: () => m.admin_skill_new(),
    needs: [],
    canDelete: true,
    paged: false,
    fields: [nameField(60)],
    blank: () => ({ name: '' }),
    words: (row) => ({ title: text(row, 'name'), detail: '', badges: [] }),
  },
  {
    section: 'reason-codes',
    path: '/api/reason-codes',
    right,
    title: () => m.admin_reasons(),
    lead: () => m.admin_reasons_lead(),
    newTitle: () => m.admin_reason_new(),
    needs: [],
    canDelete: true,
    paged: false,
    fields: [nameField(60), orderField, activeField],
    blank: () => ({ name: '', sortOrder: 0, active: true }),
    words: (row) => ({ title: text(row, 'name'), detail: '', badges: resting(row) }),
  },
  {
    section: 'dispositions',
    path: '/api/dispositions',
    right,
    title: () => m.admin_dispositions(),
    lead: () => m.admin_dispositions_lead(),
    newTitle: () => m.admin_disposition_new(),
    needs: ['queues'],
    canDelete: true,
    paged: false,
    fields: [
      nameField(60),
      orderField,
      { key: 'queueIds', label: () => m.field_queues(), hint: () => m.field_disposition_queues_hint(), kind: 'many', options: () => lookups.options('queues'), wide: true },
      activeField,
    ],
    blank: () => ({ name: '', sortOrder: 0, queueIds: [], active: true }),
    words: (row) => ({ title: text(row, 'name'), detail: ids(row, 'queueIds').map((id) => lookups.nameOf('queues', id)).join(' · '), badges: resting(row) }),
  },
];
