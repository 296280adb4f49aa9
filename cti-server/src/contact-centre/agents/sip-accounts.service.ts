import type { SipAccount } from '../../contracts/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Config } from '../../platform/config.ts';
import { Refusal } from '../../platform/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Directory } from '../directory/index.ts';
import type { Database } from '../setup/index.ts';
import { type DeskPhones, refuseUnlessOk, type SipSwitch } from './desk-phones.service.ts';
import {
  forgetSessionAccount,
  isSessionAlive,
  listAccountsOfSession,
  listOrphans,
  noteSessionAccount,
  type SessionAccount,
} from './sip-accounts.store.ts';
import { newBrowserEndpoint, newBrowserPassword } from './sip-password-rules.ts';

export interface SipAccountsOptions {
  database: Database;
  /** The line of this name, undefined when this server cannot reach it. */
  telephonyOf(lineId: string): SipSwitch | undefined;
  config: Pick<Config, 'lineId' | 'sipDomain' | 'sipWebSocketUrl'>;
  directory: Pick<Directory, 'endpointChanged'>;
  deskPhones: Pick<DeskPhones, 'provisionAgain' | 'sweep'>;
  /** Whether somebody talks over this account now: it is dropped afterwards, for the end of a session must not end a call. */
  isInUse?(endpoint: string): boolean;
  clock: Clock;
  logger: Logger;
}

export interface DropReport {
  dropped: number;
  /** Still at a switch that did not answer: the next sweep tries again. */
  kept: number;
}

/** So many accounts are read at once while sweeping. */
const batch = 200;

/**
 * SIP accounts of browsers: one for each browser session, made for it and dropped with it. The password is known to the switch and to that
 * browser only. Every account is noted before the switch is asked, so that none is left there unknown.
 */
export function createSipAccounts(options: SipAccountsOptions) {
  const { database, telephonyOf, config, directory, deskPhones, clock, logger } = options;

  /** True once the account is neither at the switch nor in the database. */
  const drop = async ({ endpoint, lineId }: SessionAccount): Promise<boolean> => {
    if (options.isInUse?.(endpoint)) return false;
    directory.endpointChanged(endpoint, null);
    const line = telephonyOf(lineId);
    if (!line) return false;
    const outcome = await line.removeEndpoint(endpoint);
    if (outcome.outcome !== 'ok') {
      logger.warn(
        { endpoint, outcome: outcome.outcome, reason: outcome.reason },
        'SIP account could not be dropped at the switch; it is tried again',
      );
      return false;
    }
    await forgetSessionAccount(database, endpoint);
    return true;
  };

  return {
    /**
     * Makes this browser session's account, or gives it a new password when it has one: the former password no longer works then. Throws
     * 503 `unavailable` when the switch did not take it, 401 `notSignedIn` when the session ended meanwhile.
     */
    async make(viewer: Viewer): Promise<SipAccount> {
      const { userId, sessionId } = viewer;
      const line = telephonyOf(config.lineId);
      if (!line) throw new Refusal(503, 'unavailable', 'The phone line is not reachable just now; try again in a moment.');
      const endpoint = await noteSessionAccount(database, {
        endpoint: newBrowserEndpoint(),
        userId,
        sessionId,
        lineId: config.lineId,
        nowMs: clock.now(),
      });
      if (endpoint === null) throw sessionOver();
      const password = newBrowserPassword();
      refuseUnlessOk(await line.provisionEndpoint({ endpoint, device: 'browser', password, displayName: viewer.name }), endpoint, logger);
      // the session may have ended, and its account been dropped, while the switch was making it
      if (!(await isSessionAlive(database, sessionId, clock.now()))) {
        await drop({ endpoint, lineId: config.lineId });
        throw sessionOver();
      }
      directory.endpointChanged(endpoint, userId);
      return { endpoint, password, domain: config.sipDomain, webSocketUrl: config.sipWebSocketUrl, iceServers: [] };
    },

    /** The account that this browser session holds; null when it has none. */
    async endpointOf(sessionId: string): Promise<string | null> {
      return (await listAccountsOfSession(database, sessionId))[0]?.endpoint ?? null;
    },

    /** Drops the account of a session that ended. What a switch that is away still holds is dropped by a later {@link sweep}. */
    async dropForSession(sessionId: string): Promise<DropReport> {
      return dropAll(await listAccountsOfSession(database, sessionId));
    },

    /** To be run every minute or so: drops accounts whose session is over, and settles desk phones. */
    async sweep(): Promise<DropReport> {
      const total: DropReport = { dropped: 0, kept: 0 };
      for (let after = ''; ;) {
        const orphans = await listOrphans(database, clock.now(), after, batch);
        const report = await dropAll(orphans);
        total.dropped += report.dropped;
        total.kept += report.kept;
        const last = orphans.at(-1);
        // a switch that is away would be asked in vain for each of the others too
        if (!last || orphans.length < batch || report.dropped === 0) break;
        after = last.endpoint;
      }
      const phones = await deskPhones.sweep();
      if (total.dropped + total.kept + phones.provisioned + phones.removed + phones.failed > 0)
        logger.info({ browsers: total, deskPhones: phones }, 'SIP accounts swept');
      return total;
    },

    /**
     * To be called when the line's switch was started anew (`switchStartedAtMs` changed), and harmless otherwise: hands the desk phones
     * over again. Browsers' passwords are kept nowhere: a browser whose account the switch has lost is refused when it registers, and asks
     * for a new one.
     */
    async afterSwitchRestart(): Promise<void> {
      const report = await deskPhones.provisionAgain();
      logger.info({ ...report }, 'desk phones were handed to the switch again');
    },
  };

  async function dropAll(accounts: readonly SessionAccount[]): Promise<DropReport> {
    const report: DropReport = { dropped: 0, kept: 0 };
    for (const account of accounts) {
      if (await drop(account)) report.dropped++;
      else report.kept++;
    }
    return report;
  }
}
export type SipAccounts = ReturnType<typeof createSipAccounts>;

const sessionOver = (): Refusal => new Refusal(401, 'notSignedIn', 'Sign in first.');
