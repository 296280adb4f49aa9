import type { Right } from '@centralita/cti-server/contracts';
import { session } from '#lib/access/session.svelte.ts';
import { m } from '#lib/i18n/index.ts';
import { callRecords } from './call-records.ts';
import { mayWith, recordTypes } from '#lib/records/record-types.svelte.ts';
import { peopleRecords } from './people-records.ts';
import type { RecordSpec } from './specs.ts';

export interface Section {
  section: string;
  title: () => string;
  lead: () => string;
  /** Opens it; or `open` says who may. */
  right?: Right;
  open?: () => boolean;
  /** A list that takes all the room beside the menu, and scrolls by itself. */
  wide?: boolean;
}

export const mayOpen = (section: Section): boolean => section.open?.() ?? (section.right !== undefined && session.may(section.right));

export const recordSpecs: RecordSpec[] = [...peopleRecords, ...callRecords];

const agents: Section = { section: 'agents', title: () => m.admin_agents(), lead: () => m.admin_agents_lead(), right: 'queues.manage' };
const dispositions: Section = { section: 'dispositions', title: () => m.admin_dispositions(), lead: () => m.dispositions_tree_lead(), right: 'queues.manage' };
const audit: Section = { section: 'audit', title: () => m.admin_audit(), lead: () => m.admin_audit_lead(), right: 'audit.read', wide: true };

const flows: Section = { section: 'flows', title: () => m.ivr_flows(), lead: () => m.ivr_flows_lead(), right: 'queues.manage' };
const prompts: Section = { section: 'prompts', title: () => m.ivr_prompts(), lead: () => m.ivr_prompts_lead(), right: 'queues.manage' };

const mayConfigure = (): boolean => recordTypes.all.some((type) => mayWith(type, 'configure'));
const fields: Section = { section: 'record-fields', title: () => m.records_fields_title(), lead: () => m.records_fields_lead(), open: mayConfigure };
const layout: Section = { section: 'record-layout', title: () => m.records_layout_title(), lead: () => m.records_layout_lead(), open: mayConfigure };

const mayConfigureLeads = (): boolean => (recordTypes.named('lead')?.may.configure ?? 'none') !== 'none';
const leadRules: Section = { section: 'lead-rules', title: () => m.leads_rules_title(), lead: () => m.leads_rules_lead(), open: mayConfigureLeads };
const leadForms: Section = { section: 'lead-forms', title: () => m.leads_forms_title(), lead: () => m.leads_forms_lead(), open: mayConfigureLeads };

const callbackForms: Section = { section: 'callback-forms', title: () => m.callbacks_forms_title(), lead: () => m.callbacks_forms_lead(), right: 'queues.manage' };

const ticketRules: Section = { section: 'ticket-rules', title: () => m.book_rules_title(), lead: () => m.book_rules_lead(), open: () => (recordTypes.named('ticket')?.may.configure ?? 'none') !== 'none' && session.may('tickets.manage') };

/** The pages of the administration, in the order of the menu. */
export const sectionGroups: { title: () => string; sections: Section[] }[] = [
  { title: () => m.admin_group_people(), sections: [peopleRecords[0], agents, peopleRecords[2], peopleRecords[1]].filter((one) => one !== undefined) },
  { title: () => m.admin_group_calls(), sections: [...callRecords, dispositions, flows, prompts, callbackForms] },
  { title: () => m.records_group(), sections: [fields, layout, ticketRules] },
  { title: () => m.leads_group(), sections: [leadRules, leadForms] },
  { title: () => m.admin_group_house(), sections: [audit] },
];
