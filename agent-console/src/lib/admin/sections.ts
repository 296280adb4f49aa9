import type { Right } from '@centralita/cti-server/contracts';
import { m } from '#lib/i18n/index.ts';
import { callRecords } from './call-records.ts';
import { peopleRecords } from './people-records.ts';
import type { RecordSpec } from './specs.ts';

export interface Section {
  section: string;
  title: () => string;
  lead: () => string;
  right: Right;
}

export const recordSpecs: RecordSpec[] = [...peopleRecords, ...callRecords];

const agents: Section = { section: 'agents', title: () => m.admin_agents(), lead: () => m.admin_agents_lead(), right: 'queues.manage' };
const audit: Section = { section: 'audit', title: () => m.admin_audit(), lead: () => m.admin_audit_lead(), right: 'audit.read' };

/** The pages of the administration, in the order of the menu. */
export const sectionGroups: { title: () => string; sections: Section[] }[] = [
  { title: () => m.admin_group_people(), sections: [peopleRecords[0], agents, peopleRecords[2], peopleRecords[1]].filter((one) => one !== undefined) },
  { title: () => m.admin_group_calls(), sections: callRecords },
  { title: () => m.admin_group_house(), sections: [audit] },
];
