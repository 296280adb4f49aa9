import type { z } from 'zod';
import type { deskPhoneAccount } from '../../contracts/index.ts';
import type { Logger } from '../../platform/logger.ts';
import { notFound, Refusal } from '../../platform/errors.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Outcome, TelephonyPort } from '../../telephony/port.ts';
import { deskPhoneEndpoint } from '../directory/index.ts';
import { inTransaction, type SetupDependencies } from '../setup/index.ts';
import { lockAgentSettings } from './agent-settings.store.ts';
import {
  findLineOf,
  forgetAccount,
  listAccountsOfInactive,
  listDeskPhones,
  listMissingAccounts,
  lockExtensions,
  noteAccount,
  saveDeskPhone,
} from './desk-phones.store.ts';
import { newReadablePassword, nextExtension, sipDigest } from './sip-password-rules.ts';

/** What of a phone line makes and drops SIP accounts. */
export type SipSwitch = Pick<TelephonyPort, 'provisionEndpoint' | 'removeEndpoint' | 'lineId'>;

export interface DeskPhonesOptions extends SetupDependencies {
  /** The line on which new desk phones get their account. */
  telephony: SipSwitch;
  /** The line of this name, undefined when this server cannot reach it. */
  telephonyOf(lineId: string): SipSwitch | undefined;
  /** Part of every digest: another realm makes all desk phones' passwords worthless. */
  sipRealm: string;
  /** Host and port to type into a desk phone. */
  sipServer: string;
  logger: Logger;
}

export interface ProvisionReport {
  provisioned: number;
  removed: number;
  failed: number;
}

/**
 * Desk phones: an extension and a password for an agent's plain SIP phone. Only a digest of the password is kept, which is enough to hand
 * the account to a fresh switch again.
 */
export function createDeskPhones(options: DeskPhonesOptions) {
  const { database, directory, audit, clock, telephony, telephonyOf, sipRealm, sipServer, logger } = options;

  const provision = (line: SipSwitch, endpoint: string, digest: string, displayName: string): Promise<Outcome> =>
    line.provisionEndpoint({ endpoint, device: 'deskPhone', password: '', passwordDigest: { realm: sipRealm, md5: digest }, displayName });

  /** The database did not take the change, or the switch gave no clear answer: make the switch hold again what the database says. */
  const putBack = async (before: { endpoint: string; digest: string | null; name: string }): Promise<void> => {
    const outcome =
      before.digest === null
        ? await telephony.removeEndpoint(before.endpoint)
        : await provision(telephony, before.endpoint, before.digest, before.name);
    if (outcome.outcome !== 'ok')
      logger.warn(
        { endpoint: before.endpoint, outcome: outcome.outcome, reason: outcome.reason },
        'desk phone could not be put back at the switch',
      );
  };

  return {
    /**
     * Makes the agent's desk phone, or renews its password; the password is answered once and never again. Throws 404, or 503
     * `unavailable` when the switch did not take it: then nothing has changed.
     */
    async make(viewer: Viewer, userId: string): Promise<z.infer<typeof deskPhoneAccount>> {
      const password = newReadablePassword();
      let asked = null as { endpoint: string; digest: string | null; name: string } | null;
      try {
        const extension = await inTransaction(database, async (tx) => {
          const before = await lockAgentSettings(tx, viewer, userId);
          if (!before?.active) throw notFound('agent');
          const chosen = before.extension ?? nextExtension(await lockExtensions(tx));
          const endpoint = deskPhoneEndpoint(chosen);
          const digest = sipDigest(endpoint, sipRealm, password);
          await saveDeskPhone(tx, userId, { extension: chosen, digest });
          await noteAccount(tx, { endpoint, userId, lineId: telephony.lineId, nowMs: clock.now() });
          await audit.record(
            tx,
            viewer,
            before.extension === null ? 'deskPhoneMade' : 'deskPhonePasswordRenewed',
            'agentSettings',
            userId,
            {
              ...(before.extension === null ? { extension: { old: null, new: chosen } } : {}),
            },
          );
          asked = { endpoint, digest: before.deskPhoneDigest, name: before.name };
          refuseUnlessOk(await provision(telephony, endpoint, digest, before.name), endpoint, logger);
          return chosen;
        });
        await directory.changed();
        return { extension, user: deskPhoneEndpoint(extension), password, sipServer };
      } catch (error) {
        if (asked) await putBack(asked);
        throw error;
      }
    },

    /** Takes the desk phone away. Throws 404, or 503 `unavailable` when the switch did not drop it: then nothing has changed. */
    async remove(viewer: Viewer, userId: string): Promise<void> {
      await inTransaction(database, async (tx) => {
        const before = await lockAgentSettings(tx, viewer, userId);
        if (!before) throw notFound('agent');
        if (before.extension === null) throw notFound('desk phone');
        const endpoint = deskPhoneEndpoint(before.extension);
        const lineId = await findLineOf(tx, endpoint);
        await saveDeskPhone(tx, userId, null);
        await forgetAccount(tx, endpoint);
        await audit.record(tx, viewer, 'deskPhoneRemoved', 'agentSettings', userId, { extension: { old: before.extension, new: null } });
        if (lineId === null) return;
        // last, because it cannot be undone; if only the commit fails, sweeping or a removal again settles it
        refuseUnlessOk(await removeFrom(lineId, endpoint), endpoint, logger);
      });
      await directory.changed();
    },

    /** Hands all desk phones of the line to its switch again. Harmless when it has them; stops when the switch cannot be reached. */
    async provisionAgain(): Promise<ProvisionReport> {
      const report: ProvisionReport = { provisioned: 0, removed: 0, failed: 0 };
      for (const phone of await listDeskPhones(database, telephony.lineId)) {
        const outcome = await provision(telephony, phone.endpoint, phone.digest, phone.name);
        if (outcome.outcome === 'ok') report.provisioned++;
        else report.failed++;
        if (outcome.outcome === 'unavailable') break;
      }
      return report;
    },

    /** Drops the accounts of deactivated users, and makes those of users who are back. */
    async sweep(): Promise<ProvisionReport> {
      const report: ProvisionReport = { provisioned: 0, removed: 0, failed: 0 };
      for (const { endpoint, lineId } of await listAccountsOfInactive(database)) {
        const outcome = await removeFrom(lineId, endpoint);
        if (outcome.outcome === 'ok') {
          await forgetAccount(database, endpoint);
          report.removed++;
        } else report.failed++;
      }
      for (const phone of await listMissingAccounts(database)) {
        const outcome = await provision(telephony, phone.endpoint, phone.digest, phone.name);
        if (outcome.outcome === 'ok') {
          await noteAccount(database, { endpoint: phone.endpoint, userId: phone.userId, lineId: telephony.lineId, nowMs: clock.now() });
          report.provisioned++;
        } else report.failed++;
      }
      return report;
    },
  };

  function removeFrom(lineId: string, endpoint: string): Promise<Outcome> {
    const line = telephonyOf(lineId);
    return line ? line.removeEndpoint(endpoint) : Promise.resolve({ outcome: 'unavailable', reason: `line ${lineId} is not held here` });
  }
}
export type DeskPhones = ReturnType<typeof createDeskPhones>;

/** Throws 503 `unavailable` for everything but `ok`, and logs why. */
export function refuseUnlessOk(outcome: Outcome, endpoint: string, logger: Logger): void {
  if (outcome.outcome === 'ok') return;
  logger.warn({ endpoint, outcome: outcome.outcome, reason: outcome.reason }, 'the switch did not change a SIP account');
  throw new Refusal(503, 'unavailable', 'The phone line did not take the change; try again in a moment.', {
    details: { outcome: outcome.outcome },
  });
}
