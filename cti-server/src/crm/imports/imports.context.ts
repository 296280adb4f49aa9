import type { ImportSettings } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Audit } from '../audit.ts';
import type { Database } from '../database.store.ts';
import type { FieldCipher, LiveField, LiveType, RecordsService } from '../records/index.ts';
import type { PlannedField } from './row-rules.ts';
import type { Uploads } from './uploads.ts';

export interface ImportsContext {
  database: Database;
  clock: Clock;
  logger: Logger;
  audit: Audit;
  records: RecordsService;
  cipher: FieldCipher;
  types(): ReadonlyMap<string, LiveType>;
  config: Pick<Config, 'defaultCountry' | 'timeZone'>;
  uploads: Uploads;
  /** Types whose hooks say nothing to a new record: they are moved over in sets. Others are made one by one. */
  loadedInSets: ReadonlySet<string>;
}

/** With whose rights an import goes on, also after a restart. */
export type Runner = Pick<Viewer, 'userId' | 'login' | 'name' | 'locale' | 'scope' | 'recordRights' | 'teamIds' | 'roleIds'>;
export const runnerOf = ({ userId, login, name, locale, scope, recordRights, teamIds, roleIds }: Viewer): Runner => ({ userId, login, name, locale, scope, recordRights, teamIds, roleIds });
export const viewerOfRunner = (runner: Runner): Viewer => ({ ...runner, rights: new Set(), sessionId: '', csrfToken: '' });

/** Everybody who may arrange the fields may write them all. */
export function mayWrite(viewer: Viewer, field: LiveField): boolean {
  return !field.readOnly && field.kind !== 'file' && (field.changeRoleIds.length === 0 || viewer.roleIds.some((id) => field.changeRoleIds.includes(id)) || viewer.recordRights['*']?.configure === 'all');
}

/** What columns can go into. */
export function targetFields(viewer: Viewer, type: LiveType): Map<string, Omit<PlannedField, 'at'>> {
  return new Map([...type.fields].filter(([, field]) => mayWrite(viewer, field)).map(([key, { kind, required, max, options, initial }]) => [key, { key, kind, required, max, options, initial }]));
}

/** Fields that must be filled in and that no column goes into. */
export function missingTargets(targets: ReadonlyMap<string, Omit<PlannedField, 'at'>>, settings: ImportSettings): string[] {
  return settings.onDuplicate === 'update' ? [] : [...targets.values()].filter((field) => field.required && field.initial === null && !settings.mapping.includes(field.key)).map((field) => field.key);
}

/** Whose the new records are. */
export const ownerOf = (viewer: Pick<Viewer, 'userId'>, type: LiveType, settings: ImportSettings): string | null =>
  settings.ownerId !== undefined ? settings.ownerId : type.declaration.ownedByMaker === false ? null : viewer.userId;
