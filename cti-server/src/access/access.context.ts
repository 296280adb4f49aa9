import { Refusal } from '../platform/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Logger } from '../platform/logger.ts';
import type { Database } from './access.store.ts';
import { demoPassword } from './demo-logins.ts';
import { createTurns, type Turns } from './passwords.ts';
import { SessionCache } from './session-cache.ts';
import { createSessionEndings, type SessionEndings } from './session-endings.ts';

export interface AccessOptions {
  database: Database;
  clock: Clock;
  logger: Logger;
  config: Pick<Config, 'demoMode' | 'publicUrl' | 'setupCode' | 'defaultCountry' | 'timeZone'>;
}

/** What the parts of this slice share. */
export interface AccessContext extends AccessOptions {
  cache: SessionCache;
  endings: SessionEndings;
  turns: Turns;
  /** Throws 400 `invalidBody` for the password that is printed in the manual. */
  refuseDemoPassword(password: string, field: string): void;
}

export function createContext(options: AccessOptions): AccessContext {
  const cache = new SessionCache();
  return {
    ...options,
    cache,
    endings: createSessionEndings(cache, options.logger),
    turns: createTurns(),
    refuseDemoPassword(password, field) {
      if (!options.config.demoMode && password === demoPassword) {
        throw new Refusal(400, 'invalidBody', `${field}: everybody knows this password`, { field });
      }
    },
  };
}
