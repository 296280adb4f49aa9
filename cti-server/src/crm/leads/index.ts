import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { HttpApp } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Audit } from '../audit.ts';
import type { Database } from '../database.store.ts';
import type { RecordsService } from '../records/index.ts';
import type { Timeline } from '../timeline/index.ts';
import { createAssignment } from './assignment.service.ts';
import { createCirculation } from './circulation.service.ts';
import { ensureUnsettledIndex } from './circulation.store.ts';
import { createConversion } from './conversion.service.ts';
import { ensureRules } from './lead-rules.store.ts';
import { registerLeadFormRoutes } from './lead-forms.routes.ts';
import { type CaptchaCheck, createLeadForms } from './lead-forms.service.ts';
import { openLeadsWith } from './moves.store.ts';
import { registerLeadRoutes } from './leads.routes.ts';
import { createLeadsService } from './leads.service.ts';

export type { CirculationReport } from './circulation.service.ts';
export type { CaptchaCheck } from './lead-forms.service.ts';
export { judgeAnswer, makeStamp, readStamp } from './form-rules.ts';
export { ensureDemoLeads } from './demo-leads.ts';
export { openLeadsWith } from './moves.store.ts';
export { leadDeclaration } from './lead-declaration.ts';

/** What of leads belongs to a customer: it comes along when two customers are made one. */
export const leadReferences = [
  { table: 'leads', column: 'customer_id' },
  { table: 'lead_conversions', column: 'customer_id' },
];

export interface LeadsSliceOptions {
  database: Database;
  clock: Clock;
  audit: Audit;
  records: RecordsService;
  timeline: Pick<Timeline, 'recordEarlier' | 'forgetEarlier'>;
  config: Pick<Config, 'timeZone' | 'publicUrl'>;
  /** Who has one of these skills; left out, routes by skill reach only the people they name. */
  usersWithSkills?(skillIds: readonly string[]): Promise<string[]>;
  /** Looked at with each answer to a public form; left out, forms do without. */
  captcha?: CaptchaCheck;
  logger: Pick<Logger, 'warn'>;
}

/**
 * Leads and the public pool, beside what every record has. The type itself is {@link leadDeclaration}. Ready once the table of leads is
 * there.
 */
export async function createLeads(options: LeadsSliceOptions) {
  const { database, records } = options;
  await ensureRules(database);
  await ensureUnsettledIndex(database);
  const circulation = createCirculation(options);
  const leads = createLeadsService({ ...options, onRules: async () => void (await circulation.refresh()) });
  const conversion = createConversion(options);
  const assignment = createAssignment({ ...options, usersWithSkills: options.usersWithSkills ?? (() => Promise.resolve([])) });
  const forms = createLeadForms({
    ...options,
    captcha: options.captcha ?? null,
    async onCaptured(leadId) {
      if (!(await leads.assignsAtCapture())) return;
      // the lead is safe in the pool: whoever filled in the form has done their part
      await assignment.assign(null, leadId).catch((error: unknown) => options.logger.warn({ err: error, leadId }, 'a captured lead was not handed out'));
    },
  });
  return {
    registerRoutes(app: HttpApp): void {
      registerLeadRoutes(app, { leads, assignment, conversion, records });
      registerLeadFormRoutes(app, forms, options.config);
    },
    /** The rules' own work, to be run every minute: leads whose time has come go to the pool. */
    circulate: () => circulation.run(),
    /** A conversation with a lead that nobody wrote down counts as a follow-up. @param atMs milliseconds since 1970 */
    noteContact: (leadId: string, atMs: number) => leads.noteContact(leadId, atMs),
    /** The same for every open lead with this number. @param e164 of the other party; @param atMs milliseconds since 1970 */
    async noteConversation(e164: string, atMs: number): Promise<void> {
      for (const lead of await openLeadsWith(database, e164)) await leads.noteContact(lead.id, atMs);
    },
  };
}
export type Leads = Awaited<ReturnType<typeof createLeads>>;
