import type { RecordAction, RecordRights, RecordScope } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import type { Audit } from '../audit.ts';
import type { Database } from '../database.store.ts';
import type { FieldCipher } from './field-cipher.ts';
import type { LiveType } from './registry.ts';

/** What all parts of the engine share. */
export interface RecordsContext {
  database: Database;
  clock: Clock;
  audit: Audit;
  cipher: FieldCipher;
  config: Pick<Config, 'defaultCountry'>;
  /** The types as they are now, custom fields included. */
  types(): ReadonlyMap<string, LiveType>;
  scopeOf(rights: RecordRights, type: string, action: RecordAction): RecordScope;
}
