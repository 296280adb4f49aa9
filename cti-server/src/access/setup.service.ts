import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { isSupportedCountry } from 'libphonenumber-js/min';
import { z } from 'zod';
import { locale as localeSchema, type PublicState, type setup } from '../contracts/index.ts';
import { Refusal } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import about from '../../package.json' with { type: 'json' };
import type { AccessContext } from './access.context.ts';
import { inTransaction, lockUntilEnd } from './access.store.ts';
import { changesBetween } from './audit-rules.ts';
import { recordAudit } from './audit.store.ts';
import { administratorRole } from './built-in-roles.ts';
import { demoLogins, demoPassword } from './demo-logins.ts';
import { hashPassword } from './passwords.ts';
import { findAdministratorRole, saveBuiltInRoles } from './roles.store.ts';
import type { RequestOrigin, Sessions } from './sessions.service.ts';
import { dropSetting, findSetting, saveSetting, saveSettingOnce } from './settings.store.ts';
import { failuresPerLoginAndAddress, setupKey } from './throttle-rules.ts';
import { claimAttempt, forgetFailures } from './throttle.store.ts';
import { findSecretByLogin, insertUser, isAnyUser, markSignedIn } from './users.store.ts';

const company = z.object({ companyName: z.string(), country: z.string(), timeZone: z.string(), locale: localeSchema });
/** Who runs this house, as said at the set-up. */
export type Company = z.output<typeof company>;
const companyKey = 'company';
const setupCodeKey = 'setupCode';

/** The first start: built-in roles, and the way to the first administrator. */
export function createSetup(context: AccessContext, sessions: Sessions) {
  const { database, clock, logger, config } = context;
  // users are never deleted: once there is one, the answer stays
  let hasUsers = false;

  /** Whether the first administrator has still to be made. Never in demo mode. */
  async function setupNeeded(): Promise<boolean> {
    if (config.demoMode) return false;
    hasUsers ||= await isAnyUser(database);
    return !hasUsers;
  }

  /** Makes what every house needs; may run at each start and on many servers at once. Logs the setup code while there is no user. */
  async function firstStart(): Promise<void> {
    await inTransaction(database, async (tx) => {
      await lockUntilEnd(tx, 'firstStart');
      await saveBuiltInRoles(tx, clock.now());
    });
    if (await setupNeeded()) {
      const code = config.setupCode ?? (await ownCode());
      const address = new URL('/setup', config.publicUrl).href;
      logger.warn({ setupCode: code, address }, `No administrator yet: open ${address} and enter the setup code ${code}`);
    } else if (!config.demoMode && (await findSecretByLogin(database, 'admin')) && (await findSetting(database, companyKey)) === undefined) {
      logger.warn({}, 'This database was filled as a demo: its demo passwords do not work outside demo mode. Use an empty database.');
    }
  }

  async function ownCode(): Promise<string> {
    return String(await saveSettingOnce(database, setupCodeKey, newSetupCode()));
  }

  /** The company, or what the configuration says while nobody has set it up. */
  async function getCompany(): Promise<Company> {
    const read = company.safeParse(await findSetting(database, companyKey));
    return read.success ? read.data : { companyName: 'Centralita', country: config.defaultCountry, timeZone: config.timeZone, locale: 'es' };
  }

  async function describePublicly(): Promise<PublicState> {
    const { companyName, locale } = await getCompany();
    return {
      demoMode: config.demoMode,
      setupNeeded: await setupNeeded(),
      version: about.version,
      demoLogins: config.demoMode ? demoLogins.map(({ login, role }) => ({ login, password: demoPassword, role })) : [],
      companyName,
      locale,
    };
  }

  /**
   * Makes the first administrator and signs them in. Throws 400 `wrongSetupCode` or `invalidBody`, 409 `alreadySetUp` once there is a
   * user, 429 `tooManyAttempts`.
   */
  async function setUp(input: z.output<typeof setup>, origin: RequestOrigin): Promise<{ token: string }> {
    if (config.demoMode || !(await setupNeeded())) throw alreadySetUp();
    if (!isSupportedCountry(input.country)) throw invalid('country');
    if (!isTimeZone(input.timeZone)) throw invalid('timeZone');
    if (!/^[\p{L}\p{N}._@-]+$/u.test(input.login)) throw invalid('login');
    context.refuseDemoPassword(input.password, 'password');
    const key = setupKey(origin.address);
    await claimAttempt(database, key, failuresPerLoginAndAddress, clock.now());
    const code = config.setupCode ?? (await ownCode());
    if (!isSame(code, input.setupCode)) {
      throw new Refusal(400, 'wrongSetupCode', 'This is not the code the server logged.', { field: 'setupCode' });
    }
    const passwordHash = await context.turns.inTurn(() => hashPassword(input.password));
    const opened = await inTransaction(database, async (tx) => {
      await lockUntilEnd(tx, 'firstStart');
      if (await isAnyUser(tx)) throw alreadySetUp();
      const id = newId(clock.now());
      const fields = { login: input.login.normalize('NFC'), name: input.name, locale: input.locale, active: true };
      await insertUser(tx, id, { ...fields, roleIds: [await findAdministratorRole(tx)], teamIds: [], managerId: null }, passwordHash, clock.now());
      const { companyName, country, timeZone, locale } = input;
      await saveSetting(tx, companyKey, { companyName, country, timeZone, locale } satisfies Company);
      await dropSetting(tx, setupCodeKey);
      const by = { userId: id, name: input.name };
      await recordAudit(tx, clock.now(), by, 'created', 'user', id, changesBetween(null, { ...fields, roles: [administratorRole] }));
      await recordAudit(tx, clock.now(), by, 'created', 'company', companyKey, changesBetween(null, { companyName, country, timeZone, locale }));
      await markSignedIn(tx, id, passwordHash, clock.now());
      return sessions.open(tx, id, origin);
    });
    await forgetFailures(database, key);
    await context.endings.tellViewersChanged('all');
    return opened;
  }

  return { setupNeeded, firstStart, getCompany, describePublicly, setUp };
}

const alreadySetUp = (): Refusal => new Refusal(409, 'alreadySetUp', 'This house has its administrator already: sign in.');
const invalid = (field: string): Refusal => new Refusal(400, 'invalidBody', `${field}: not known`, { field });

/** Hashed first, so that neither the length nor the first wrong letter shows in the time it takes. */
function isSame(code: string, given: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text.trim().toUpperCase()).digest();
  return timingSafeEqual(hash(code), hash(given));
}

/** Twelve letters and digits that cannot be mistaken for one another (59 bits), in three groups. */
function newSetupCode(): string {
  const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
  const letters = Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)] ?? '');
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((group) => group.join('')).join('-');
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
