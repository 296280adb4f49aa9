import CalendarForm from '#lib/hours/CalendarForm.svelte';
import { type Hours, statusWords } from '#lib/hours/hours-words.ts';
import { countries } from '#lib/i18n/countries.ts';
import { countryName, languageNames, locale, m, phoneNumber } from '#lib/i18n/index.ts';
import QueueForm from '#lib/queues/QueueForm.svelte';
import { clock } from '#lib/realtime/clock.svelte.ts';
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

const countryOptions = (): { value: string; label: string }[] => [
  { value: '', label: m.numbers_country_house() },
  ...countries.map((value) => ({ value, label: countryName(value) })).sort((a, b) => a.label.localeCompare(b.label, locale.current)),
];
/** Where a number rings, in words. */
function ringsWhere(row: AdminRecord): string {
  if (typeof row['flowId'] === 'string') return m.numbers_say_flow({ name: lookups.nameOf('flows', row['flowId']) });
  return typeof row['queueId'] === 'string' ? m.numbers_say_queue({ name: lookups.nameOf('queues', row['queueId']) }) : m.numbers_say_nowhere();
}

export const callRecords: RecordSpec[] = [
  {
    section: 'queues',
    path: '/api/queues',
    right,
    title: () => m.admin_queues(),
    lead: () => m.admin_queues_lead(),
    newTitle: () => m.admin_queue_new(),
    needs: ['skills', 'calendars'],
    canDelete: true,
    paged: false,
    form: QueueForm,
    fields: [],
    blank: () => ({}),
    words: (row) => ({
      title: text(row, 'name'),
      detail: [
        languageNames[text(row, 'language') as keyof typeof languageNames],
        ...(row['skills'] as { skillId: string; minLevel: number }[]).map((skill) => `${lookups.nameOf('skills', skill.skillId)} ≥ ${String(skill.minLevel)}`),
        ...(typeof row['calendarId'] === 'string' ? [lookups.nameOf('calendars', row['calendarId'])] : []),
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
    needs: ['queues', 'flows', 'numbers'],
    canDelete: true,
    paged: false,
    fields: [
      { key: 'number', label: () => m.field_number(), hint: () => m.field_number_hint(), kind: 'text', required: true, max: 32 },
      { key: 'label', label: () => m.field_label(), kind: 'text', max: 80 },
      { key: 'flowId', label: () => m.numbers_flow(), hint: () => m.numbers_flow_hint(), kind: 'optionalChoice', options: () => [{ value: '', label: m.numbers_no_flow() }, ...lookups.options('flows')] },
      { key: 'queueId', label: () => m.field_queue(), kind: 'optionalChoice', options: () => [{ value: '', label: m.field_no_queue() }, ...lookups.options('queues')] },
      { key: 'priorityBonus', label: () => m.numbers_bonus(), hint: () => m.numbers_bonus_hint(), kind: 'number', min: -100, max: 100 },
      { key: 'outboundNumberId', label: () => m.numbers_outbound(), kind: 'optionalChoice', options: () => [{ value: '', label: m.numbers_outbound_self() }, ...lookups.options('numbers')] },
      { key: 'country', label: () => m.numbers_country(), kind: 'optionalChoice', options: countryOptions },
      activeField,
    ],
    blank: () => ({ number: '', label: '', flowId: null, queueId: null, priorityBonus: 0, outboundNumberId: null, country: null, active: true }),
    words: (row) => ({
      title: phoneNumber(text(row, 'number')),
      detail: [text(row, 'label'), ringsWhere(row), typeof row['outboundNumberId'] === 'string' ? m.numbers_say_shows({ number: lookups.nameOf('numbers', row['outboundNumberId']) }) : ''].filter((part) => part !== '').join(' · '),
      badges: [
        ...(row['queueId'] === null && row['flowId'] === null ? [{ text: m.field_no_queue(), tone: 'ringing' as const }] : []),
        ...(Number(row['priorityBonus']) === 0 ? [] : [{ text: m.numbers_points({ points: `${Number(row['priorityBonus']) > 0 ? '+' : ''}${String(row['priorityBonus'])}` }), tone: 'not-ready' as const }]),
        ...(typeof row['country'] === 'string' ? [{ text: countryName(row['country']), tone: 'outline' as const }] : []),
        ...resting(row),
      ],
    }),
  },
  {
    section: 'hours',
    path: '/api/calendars',
    right,
    title: () => m.hours_title(),
    lead: () => m.hours_lead(),
    newTitle: () => m.hours_new(),
    needs: [],
    canDelete: true,
    paged: false,
    form: CalendarForm,
    fields: [],
    blank: () => ({}),
    words: (row) => {
      const status = statusWords(row as unknown as Hours, clock.now());
      const special = ids(row, 'exceptions').length;
      return {
        title: text(row, 'name'),
        detail: [text(row, 'timeZone').replaceAll('_', ' '), special === 0 ? '' : m.hours_special_days({ count: special })].filter((part) => part !== '').join(' · '),
        badges: [{ text: status.words, tone: status.isOpen ? 'ready' : 'not-ready' }],
      };
    },
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
];
